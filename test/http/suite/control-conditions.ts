/**
 * Ids, conditions, methods and credentials of the control API.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { bodyOf, control, createIssuer, revisionAfter } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { type ExpectedRefusal, leavingUnchanged, refusalProblems } from './refusals.ts'

export function describeControlConditions(getHost: () => TestHost): void {
  let shared = ''

  beforeAll(async () => {
    shared = (await createIssuer(getHost())).id
  })

  /** Of every operation on the issuer that a path names. */
  async function answersAt(path: string): Promise<TestResponse[]> {
    const json = { policy: {} }
    const mint = { subject: 's', audience: 'a' }
    return [
      await control(getHost(), 'GET', path),
      await control(getHost(), 'GET', `${path}/keys`),
      await control(getHost(), 'PATCH', path, { json }),
      await control(getHost(), 'DELETE', path),
      await control(getHost(), 'PUT', `${path}/adopted-keys`, { json: { keys: [] } }),
      await control(getHost(), 'POST', `${path}/tokens`, { json: mint }),
      await control(getHost(), 'POST', `${path}/rotate`),
      await control(getHost(), 'POST', `${path}/sweep`),
    ]
  }

  describe('ids', () => {
    const ID_FORM = 'id must be 1 to 63 lower-case letters, digits and inner hyphens'
    const RESERVED = 'id must not be one of control, healthz, token'

    test.each<[title: string, id: unknown, says: string]>([
      ['an empty id', '', ID_FORM],
      ['upper case', 'Prod', ID_FORM],
      ['a hyphen first', '-prod', ID_FORM],
      ['a hyphen last', 'prod-', ID_FORM],
      ['an underscore', 'my_prod', ID_FORM],
      ['a dot', 'prod.eu', ID_FORM],
      ['a slash', 'prod/eu', ID_FORM],
      ['dots', '..', ID_FORM],
      ['an encoded slash', 'prod%2Feu', ID_FORM],
      ['a space', 'prod ', ID_FORM],
      ['a line break', 'prod\n', ID_FORM],
      ['NUL', 'prod\u0000', ID_FORM],
      ['half a surrogate pair', 'prod\ud800', ID_FORM],
      ['a letter of another alphabet', 'pr\u043ed', ID_FORM],
      ['a full-width digit', '\uff11', ID_FORM],
      ['64 characters', 'a'.repeat(64), ID_FORM],
      ['very many characters', 'a'.repeat(60_000), ID_FORM],
      ['the prototype', '__proto__', ID_FORM],
      ['a name of the host, control', 'control', RESERVED],
      ['a name of the host, healthz', 'healthz', RESERVED],
      ['a name of the host, token', 'token', RESERVED],
      ['no id', undefined, 'id must be a string such as "prod", got nothing'],
      ['an id that is null', null, 'id must be a string such as "prod", got null'],
      ['an id that is a number', 1, 'id must be a string such as "prod", got 1'],
      ['an id that is a list', ['prod'], 'id must be a string such as "prod"'],
    ])('refuses %s', async (_title, id, says) => {
      const response = await control(getHost(), 'POST', '/issuers', { json: { id } })
      expect(
        refusalProblems(response, { status: 400, error: 'invalid_request', says }),
      ).toStrictEqual([])
    })

    test('takes 63 characters, and refuses the same id again', async () => {
      const { id } = await createIssuer(getHost())
      const long = id.padEnd(63, 'a')
      const json = { id: long, policy: { algorithm: 'ES256' } }
      expect((await control(getHost(), 'POST', '/issuers', { json })).status).toBe(201)
      const again = await leavingUnchanged(getHost(), long, () =>
        control(getHost(), 'POST', '/issuers', { json }),
      )
      const says = `issuer ${long} exists already: choose another id, or update it`
      expect(refusalProblems(again, { status: 409, error: 'issuer_exists', says })).toStrictEqual(
        [],
      )
    })

    test.each<[title: string, path: string, status: number, error: string]>([
      ['an issuer that there is not', '/issuers/nobody', 404, 'issuer_not_found'],
      ['an id that none can be', '/issuers/Nobody', 400, 'invalid_request'],
      ['NUL in an id', '/issuers/a%00', 400, 'invalid_request'],
      ['a percent sign that encodes nothing', '/issuers/%zz', 400, 'invalid_request'],
      ['a very long id', `/issuers/${'a'.repeat(4000)}`, 400, 'invalid_request'],
    ])('refuses %s', async (_title, path, status, error) => {
      for (const answer of await answersAt(path)) {
        expect(refusalProblems(answer, { status, error, says: ':' })).toStrictEqual([])
      }
    })

    test('refuses an encoded slash in an id, or finds no issuer behind it', async () => {
      const kept = getHost().traits.pathEscapes === 'kept'
      for (const answer of await answersAt('/issuers/a%2Fb')) {
        expect(answer.status).toBe(kept ? 400 : 404)
        expect(bodyOf(answer)['error']).toBe(kept ? 'invalid_request' : 'not_found')
      }
    })
  })

  describe.each(['PATCH', 'DELETE'])('If-Match of %s', (method) => {
    /** How the answer to a change of a new issuer differs from a refusal. */
    async function problems(ifMatch: string, refusal: ExpectedRefusal): Promise<string[]> {
      const { id } = await createIssuer(getHost())
      const response = await leavingUnchanged(getHost(), id, () =>
        control(getHost(), method, `/issuers/${id}`, {
          headers: { 'If-Match': ifMatch },
          ...(method === 'PATCH' ? { json: { policy: { jwksMaxAgeSeconds: 120 } } } : {}),
        }),
      )
      return refusalProblems(response, refusal)
    }

    test.each([
      ['that was', -1],
      ['to come', 1],
    ])('refuses a revision %s', async (_title, distance) => {
      const [present, other] = [0, distance].map((changes) => revisionAfter(getHost(), changes))
      const says = `is at revision ${present}, the change was for revision ${other}`
      const refusal = { status: 412, error: 'revision_conflict', says }
      expect(await problems(`"${other}"`, refusal)).toStrictEqual([])
    })

    test.each([
      ['a weak ETag', 'W/"1"'],
      ['a revision without quotes', '1'],
      ['a list', '"1", "2"'],
      ['a text', '"x"'],
      ['a negative revision', '"-1"'],
      ['a power of ten', '"1e0"'],
      ['a number beyond all revisions', `"${'9'.repeat(20)}"`],
    ])('refuses %s', async (_title, ifMatch) => {
      const says = 'If-Match must be the ETag'
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(await problems(ifMatch, refusal)).toStrictEqual([])
    })
  })

  describe('methods', () => {
    test.each<[path: string, allow: string]>([
      ['/issuers', 'GET, HEAD, POST'],
      ['/issuers/{id}', 'GET, HEAD, PATCH, DELETE'],
      ['/issuers/{id}/keys', 'GET, HEAD'],
      ['/issuers/{id}/adopted-keys', 'PUT'],
      ['/issuers/{id}/tokens', 'POST'],
      ['/issuers/{id}/rotate', 'POST'],
      ['/issuers/{id}/sweep', 'POST'],
    ])('%s answers %s alone', async (path, allow) => {
      const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']
      for (const method of methods.filter((name) => !allow.split(', ').includes(name))) {
        const response = await leavingUnchanged(getHost(), shared, () =>
          control(getHost(), method, path.replace('{id}', shared)),
        )
        expect(response.status, `to ${method}`).toBe(405)
        expect(response.headers['allow']).toBe(allow)
      }
    })

    test.each([
      '',
      '/',
      '/issuers/',
      '/issuers//',
      '/issuers/{id}/',
      '/nothing',
      '/issuers/{id}/x',
    ])('there is nothing at /control%s', async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await control(getHost(), method, path.replace('{id}', shared))
        expect(answer.status).toBe(404)
      }
    })
  })

  describe('credentials', () => {
    test.each<[title: string, headers: (secret: string) => Readonly<Record<string, string>>]>([
      ['none', () => ({})],
      ['another secret', () => bearer('wrong')],
      ['an empty secret', () => bearer('')],
      ['the scheme alone', () => ({ Authorization: 'Bearer' })],
      ['the secret alone', (secret) => ({ Authorization: secret })],
      ['another scheme', (secret) => ({ Authorization: `Basic ${secret}` })],
      ['Basic with the secret', (secret) => ({ Authorization: `Basic ${btoa(`:${secret}`)}` })],
      ['a longer secret', (secret) => bearer(`${secret}x`)],
      ['a shorter secret', (secret) => bearer(secret.slice(0, -1))],
      ['two secrets', (secret) => bearer(`${secret} ${secret}`)],
      ['a list', (secret) => bearer(`wrong, Bearer ${secret}`)],
      ['the secret in upper case', (secret) => bearer(secret.toUpperCase())],
      ['letters that are not ASCII', () => bearer('\u00e9\u00e9')],
      ['the secret in a cookie', (secret) => ({ Cookie: `Authorization=Bearer ${secret}` })],
      ['the secret for a proxy', (secret) => ({ 'Proxy-Authorization': `Bearer ${secret}` })],
    ])('refuses %s', async (_title, headers) => {
      const { controlSecret, traits } = getHost()
      const { unauthorized } = traits
      const requests: [method: string, path: string][] = [
        ['GET', '/control'],
        ['GET', '/control/issuers'],
        ['POST', '/control/issuers'],
        ['DELETE', `/control/issuers/${shared}`],
        ['PUT', `/control/issuers/${shared}/adopted-keys`],
        ['POST', `/control/issuers/${shared}/tokens`],
        ['POST', `/control/issuers/${shared}/rotate`],
        ['POST', `/control/issuers/${shared}/sweep`],
        ['GET', '/control/nothing'],
      ]
      for (const [method, path] of requests) {
        const response = await leavingUnchanged(getHost(), shared, () =>
          getHost().request(method, path, { headers: headers(controlSecret) }),
        )
        expect(response.status, `${method} ${path}`).toBe(unauthorized.status)
        expect(response.headers['www-authenticate']).toBe(unauthorized.challenge)
        expect(bodyOf(response)['error']).toBe(unauthorized.error)
        expect(response.body).not.toContain(controlSecret)
      }
    })

    test('takes the scheme in any case', async () => {
      const headers = { Authorization: `bearer ${getHost().controlSecret}` }
      expect((await getHost().request('GET', '/control/issuers', { headers })).status).toBe(200)
    })
  })
}

function bearer(credential: string): Readonly<Record<string, string>> {
  return { Authorization: `Bearer ${credential}` }
}
