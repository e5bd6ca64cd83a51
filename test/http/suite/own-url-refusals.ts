/**
 * URLs that an issuer cannot have: in another form than URLs have, of others, or answered by the host itself.
 */

import { describe, expect, test } from 'vitest'
import { bodyOf, control, createIssuer, newIssuerId } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { leavingUnchanged, refusalProblems } from './refusals.ts'

const DISCOVERY = '/.well-known/openid-configuration'

export function describeOwnUrlRefusals(getHost: () => TestHost): void {
  const create = (issuer: unknown, id = newIssuerId()): Promise<TestResponse> =>
    control(getHost(), 'POST', '/issuers', {
      json: { id, issuer, policy: { algorithm: 'ES256' } },
    })

  async function createAt(issuer: string): Promise<string> {
    const response = await create(issuer)
    expect(response.status, `answered ${response.body}`).toBe(201)
    return String(bodyOf(response)['id'])
  }

  /** How the answer differs from one that names the holder; empty when it is that. */
  async function heldProblems(issuer: string, holder: string): Promise<string[]> {
    const id = newIssuerId()
    const response = await create(issuer, id)
    const says = `${issuer} is the URL of issuer ${holder} already`
    const { status } = await control(getHost(), 'GET', `/issuers/${id}`)
    return [
      ...refusalProblems(response, { status: 409, error: 'issuer_exists', says }),
      ...(status === 404 ? [] : [`it was created: ${status}`]),
    ]
  }

  describe('the form', () => {
    test.each<[title: string, issuer: unknown, says: string]>([
      ['http', 'http://a.example/prod', 'issuer must use https'],
      ['another scheme', 'ftp://a.example/prod', 'issuer must use https'],
      ['no scheme', 'a.example/prod', 'issuer must be a URL such as'],
      ['no host', 'https:///prod', 'issuer must be written in its normal form'],
      ['nothing', '', 'issuer must be a URL such as'],
      ['a query', 'https://a.example/prod?x=marked-secret', 'no query, fragment or credentials'],
      ['a fragment', 'https://a.example/prod#x', 'no query, fragment or credentials'],
      [
        'credentials',
        'https://u:marked-secret@a.example/prod',
        'no query, fragment or credentials',
      ],
      ['a trailing slash', 'https://a.example/prod/', 'no trailing and no double slash'],
      ['a trailing slash at the root', 'https://a.example/', 'no trailing and no double slash'],
      ['two slashes', 'https://a.example/a//b', 'no trailing and no double slash'],
      ['dots', 'https://a.example/a/../b', 'in its normal form'],
      ['encoded dots', 'https://a.example/%2e%2e/b', 'in its normal form'],
      ['the default port', 'https://a.example:443/prod', 'in its normal form'],
      ['a space', 'https://a.example/pr od', 'in its normal form'],
      ['a space at its end', 'https://a.example/prod ', 'in its normal form'],
      ['a tab', 'https://a.example/pr\tod', 'in its normal form'],
      ['a backslash', 'https://a.example\\prod', 'in its normal form'],
      [
        'a letter of another alphabet',
        'https://b\u00fccher.example',
        'use "https://xn--bcher-kva.example"',
      ],
      ['a scheme in upper case with http', 'HTTP://a.example', 'issuer must use https'],
      ['256 characters', `https://a.example/${'a'.repeat(238)}`, 'at most 255 characters'],
      ['a number', 1, 'issuer must be a URL such as'],
      ['null', null, 'issuer must be a URL such as'],
      ['a list', ['https://a.example'], 'issuer must be a URL such as'],
      ['the control API', 'https://a.example/control', 'must not begin with /control'],
      ['a path of the control API', 'https://a.example/control/x', 'must not begin with /control'],
      ['the control API encoded', 'https://a.example/%63ontrol/x', 'must not begin with /control'],
      ['.well-known', 'https://a.example/.well-known', 'nor have .well-known'],
      ['.well-known inside', 'https://a.example/x/.well-known/y', 'nor have .well-known'],
      [
        'the RFC 8414 form of another issuer',
        'https://a.example/.well-known/oauth-authorization-server/x',
        'nor have .well-known',
      ],
    ])('refuses %s', async (_title, issuer, says) => {
      const id = newIssuerId()
      const response = await create(issuer, id)
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
      expect(response.body).not.toContain('marked-secret')
      expect((await control(getHost(), 'GET', `/issuers/${id}`)).status).toBe(404)
    })

    test('takes 255 characters, and serves them', async () => {
      const host = `${newIssuerId()}.example`
      const path = `/${'a'.repeat(255 - `https://${host}/`.length)}`
      await createAt(`https://${host}${path}`)
      const headers = { Host: host }
      const found = await getHost().request('GET', `${path}${DISCOVERY}`, { headers })
      expect(found.status).toBe(200)
      const longer = await getHost().request('GET', `${path}a${DISCOVERY}`, { headers })
      expect(longer.status).toBe(404)
    })
  })

  test('is no part of an update', async () => {
    const { id } = await createIssuer(getHost())
    const json = { policy: {}, issuer: 'https://a.example/new' }
    const response = await leavingUnchanged(getHost(), id, () =>
      control(getHost(), 'PATCH', `/issuers/${id}`, { json }),
    )
    const says = 'unknown member "issuer"'
    const refusal = { status: 400, error: 'invalid_request', says }
    expect(refusalProblems(response, refusal)).toStrictEqual([])
  })

  describe('two issuers never share', () => {
    test('a URL, whatever the case of its host', async () => {
      const name = newIssuerId()
      const holder = await createAt(`https://oidc.${name}.example/Prod`)
      expect(await heldProblems(`https://oidc.${name}.example/Prod`, holder)).toStrictEqual([])
      expect(await heldProblems(`https://OIDC.${name}.Example/Prod`, holder)).toStrictEqual([])
      await createAt(`https://oidc.${name}.example/prod`)
    })

    test('a root', async () => {
      const name = newIssuerId()
      const holder = await createAt(`https://${name}.example`)
      expect(await heldProblems(`https://${name.toUpperCase()}.example`, holder)).toStrictEqual([])
    })

    test('the default URL of an issuer that there is', async () => {
      const { id, issuer } = await createIssuer(getHost())
      expect(await heldProblems(issuer, id)).toStrictEqual([])
      expect(bodyOf(await getHost().request('GET', `/${id}${DISCOVERY}`))['issuer']).toBe(issuer)
    })

    test('the default URL of an id that comes later', async () => {
      const later = newIssuerId()
      const url = `${getHost().baseUrl}/${later}`
      const holder = await createAt(url)
      const response = await control(getHost(), 'POST', '/issuers', { json: { id: later } })
      const says = `${url} is the URL of issuer ${holder} already`
      const refusal = { status: 409, error: 'issuer_exists', says }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
      expect(bodyOf(await getHost().request('GET', `/${later}${DISCOVERY}`))['issuer']).toBe(url)
      // The id itself is free: only its usual URL is not.
      const elsewhere = await create(`https://${later}.example`, later)
      expect(elsewhere.status, `answered ${elsewhere.body}`).toBe(201)
      expect(bodyOf(await getHost().request('GET', `/${later}${DISCOVERY}`))['issuer']).toBe(url)
    })

    test('a default URL with another scheme', async () => {
      const { id, issuer } = await createIssuer(getHost())
      expect(await heldProblems(issuer.replace('http:', 'https:'), id)).toStrictEqual([])
    })

    test('the URL of a deleted one, nor its default', async () => {
      const own = `https://${newIssuerId()}.example/prod`
      for (const [id, url] of [
        [await createAt(own), own],
        await createIssuer(getHost()).then(({ id: other, issuer }) => [other, issuer]),
      ] as [string, string][]) {
        await control(getHost(), 'DELETE', `/issuers/${id}`)
        const response = await create(url)
        const says = `${url} was the URL of issuer ${id}, which was deleted`
        const refusal = { status: 410, error: 'issuer_deleted', says }
        expect(refusalProblems(response, refusal)).toStrictEqual([])
      }
    })

    test('a URL at one moment', async () => {
      const url = `https://${newIssuerId()}.example/prod`
      const ids = [newIssuerId(), newIssuerId(), newIssuerId()]
      const answers = await Promise.all(ids.map((id) => create(url, id)))
      const statuses = answers.map(({ status }) => status)
      expect(statuses.toSorted((a, b) => a - b)).toStrictEqual([201, 409, 409])
      const reads = await Promise.all(ids.map((id) => control(getHost(), 'GET', `/issuers/${id}`)))
      expect(reads.map(({ status }) => status === 200)).toStrictEqual(
        statuses.map((status) => status === 201),
      )
    })

    test('an id that is taken costs no URL', async () => {
      const { id } = await createIssuer(getHost())
      const url = `https://${newIssuerId()}.example`
      expect((await create(url, id)).status).toBe(409)
      await createAt(url)
    })
  })
}
