/**
 * The control API for issuers: create, read, list, update, delete.
 */

import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { LIST_PAGE_ISSUERS_MAX } from '../../../src/limits.ts'
import {
  bodyOf,
  control,
  createIssuer,
  etagAfter,
  newIssuerId,
  revisionAfter,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'

interface Page {
  readonly issuers: readonly { readonly id: string }[]
  readonly next: string | null
}

export function describeControlIssuers(getHost: () => TestHost): void {
  const read = (id: string) => control(getHost(), 'GET', `/issuers/${id}`)

  describe('an issuer', () => {
    test('is created with the defaults and one key that signs', async () => {
      const id = newIssuerId()
      const [custody] = getHost().traits.custodies
      const response = await control(getHost(), 'POST', '/issuers', { json: { id } })
      expect(response.status).toBe(201)
      expect(response.headers).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'application/json',
        etag: etagAfter(getHost(), 0),
      })
      const { createdAt, ...view } = bodyOf<{ createdAt: number }>(response)
      expect(view).toStrictEqual({
        id,
        issuer: `${getHost().baseUrl}/${id}`,
        revision: revisionAfter(getHost(), 0),
        updatedAt: createdAt,
        policy: { ...DEFAULT_POLICY, custody },
        keys: [
          {
            origin: 'own',
            kid: expect.stringMatching(/^[\w-]{43}$/),
            alg: 'RS256',
            custody,
            publishedAt: createdAt,
            activatesAt: createdAt - 60,
            status: 'active',
          },
        ],
      })
    })

    test('keeps the settings that it is created with', async () => {
      const policy = {
        algorithm: 'ES256',
        custody: getHost().traits.custodies[0],
        rotationPeriodSeconds: 30 * 86_400,
        propagationDelaySeconds: 2 * 86_400,
        tokenTtlMaxSeconds: 7200,
        jwksMaxAgeSeconds: 300,
      }
      const { id } = await createIssuer(getHost(), policy)
      expect(bodyOf(await read(id))).toMatchObject({ policy, keys: [{ alg: 'ES256' }] })
    })

    test('is read as it was created, with the ETag of its revision', async () => {
      const json = { id: newIssuerId(), policy: { algorithm: 'ES256' } }
      const created = await control(getHost(), 'POST', '/issuers', { json })
      const response = await read(json.id)
      expect(response.status).toBe(200)
      // Byte by byte: members have one order, wherever they come from.
      expect(response.body).toBe(created.body)
      expect(response.headers['etag']).toBe(etagAfter(getHost(), 0))
    })

    test('shows no key reference, neither itself nor in its keys', async () => {
      const { id } = await createIssuer(getHost())
      for (const path of [`/issuers/${id}`, `/issuers/${id}/keys`, '/issuers']) {
        const { body } = await control(getHost(), 'GET', path)
        expect(body).not.toMatch(/keyRef|slot|-v1\.|writeNonce|publicJwk/)
      }
    })

    test('answers HEAD like GET without a body', async () => {
      const { id } = await createIssuer(getHost())
      const head = await control(getHost(), 'HEAD', `/issuers/${id}`)
      expect(head).toMatchObject({ status: 200, body: '' })
      expect(head.headers['etag']).toBe(etagAfter(getHost(), 0))
    })

    test.each<[title: string, conditionOn: (etag: string) => Readonly<Record<string, string>>]>([
      ['without a condition', () => ({})],
      ['on the revision that was read', (etag) => ({ 'If-Match': etag })],
      ['on any revision', () => ({ 'If-Match': '*' })],
    ])('is updated %s, in what is named alone', async (_title, conditionOn) => {
      const headers = conditionOn(etagAfter(getHost(), 0))
      const { id } = await createIssuer(getHost())
      const before = bodyOf<{ policy: object; keys: unknown }>(await read(id))
      const json = { policy: { jwksMaxAgeSeconds: 120 } }
      const response = await control(getHost(), 'PATCH', `/issuers/${id}`, { json, headers })
      expect(response.status).toBe(200)
      expect(response.headers['etag']).toBe(etagAfter(getHost(), 1))
      const after = bodyOf(response)
      expect(after).toStrictEqual({
        ...before,
        revision: revisionAfter(getHost(), 1),
        updatedAt: after['updatedAt'],
        policy: { ...before.policy, jwksMaxAgeSeconds: 120 },
      })
      expect(bodyOf(await read(id))).toStrictEqual(after)
    })

    test('is deleted for ever: its id is never given again', async () => {
      const { id, issuer } = await createIssuer(getHost())
      const json = { reason: 'moved away' }
      const headers = { 'If-Match': etagAfter(getHost(), 0) }
      const response = await control(getHost(), 'DELETE', `/issuers/${id}`, { json, headers })
      expect(response.status).toBe(200)
      const deletedAt: unknown = expect.any(Number)
      expect(bodyOf(response)).toStrictEqual({ id, issuer, deletedAt, reason: 'moved away' })
      const gone = [
        await read(id),
        await control(getHost(), 'GET', `/issuers/${id}/keys`),
        await control(getHost(), 'PATCH', `/issuers/${id}`, { json: { policy: {} } }),
        await control(getHost(), 'DELETE', `/issuers/${id}`),
        await control(getHost(), 'POST', '/issuers', { json: { id } }),
        await control(getHost(), 'POST', `/issuers/${id}/tokens`, {
          json: { subject: 's', audience: 'a' },
        }),
        await control(getHost(), 'POST', `/issuers/${id}/rotate`),
      ]
      for (const answer of gone) {
        expect(answer.status).toBe(410)
        expect(bodyOf(answer)['error']).toBe('issuer_deleted')
      }
      expect((await getHost().request('GET', `/${id}/.well-known/jwks.json`)).status).toBe(410)
      expect(await listedIds()).not.toContain(id)
    })

    test('is deleted without a reason too', async () => {
      const { id } = await createIssuer(getHost())
      const response = await control(getHost(), 'DELETE', `/issuers/${id}`)
      expect(response.status).toBe(200)
      expect(bodyOf(response)).not.toHaveProperty('reason')
    })

    test('created twice at one moment is created once', async () => {
      const json = { id: newIssuerId(), policy: { algorithm: 'ES256' } }
      const create = () => control(getHost(), 'POST', '/issuers', { json })
      const answers = await Promise.all([create(), create(), create()])
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toStrictEqual([
        201, 409, 409,
      ])
      const created = answers.find(({ status }) => status === 201)
      expect(bodyOf(await read(json.id))).toStrictEqual(created && bodyOf(created))
    })

    test('changed twice at one revision is changed once', async () => {
      const { id } = await createIssuer(getHost())
      const change = (jwksMaxAgeSeconds: number) =>
        control(getHost(), 'PATCH', `/issuers/${id}`, {
          json: { policy: { jwksMaxAgeSeconds } },
          headers: { 'If-Match': etagAfter(getHost(), 0) },
        })
      const answers = await Promise.all([change(120), change(180), change(240)])
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toStrictEqual([
        200, 412, 412,
      ])
      expect(bodyOf(await read(id))).toMatchObject({ revision: revisionAfter(getHost(), 1) })
    })
  })

  async function pages(): Promise<Page[]> {
    const page = async (after: string | null) =>
      bodyOf<Page>(
        await control(getHost(), 'GET', after === null ? '/issuers' : `/issuers?after=${after}`),
      )
    const all = [await page(null)]
    for (let next = all[0]?.next ?? null; next !== null; next = all.at(-1)?.next ?? null) {
      all.push(await page(next))
    }
    return all
  }

  async function listedIds(): Promise<string[]> {
    return (await pages()).flatMap(({ issuers }) => issuers.map(({ id }) => id))
  }

  describe('the list', () => {
    test('has every issuer once, in order, in pages that are bounded', async () => {
      const count = LIST_PAGE_ISSUERS_MAX + 2
      const created = await Promise.all(
        Array.from({ length: count }, async () => (await createIssuer(getHost())).id),
      )
      const all = await pages()
      expect(all.length).toBeGreaterThan(1)
      for (const { issuers } of all) {
        expect(issuers.length).toBeLessThanOrEqual(LIST_PAGE_ISSUERS_MAX)
      }
      const ids = all.flatMap(({ issuers }) => issuers.map(({ id }) => id))
      expect(ids).toStrictEqual([...new Set(ids)].toSorted())
      expect(ids).toStrictEqual(expect.arrayContaining(created))
    })

    test('shows of an issuer what tells it from the others', async () => {
      const { id, issuer } = await createIssuer(getHost())
      const listed = (await pages()).flatMap(({ issuers }) => issuers)
      const createdAt: unknown = expect.any(Number)
      expect(listed.find((entry) => entry.id === id)).toStrictEqual({ id, issuer, createdAt })
    })

    test('goes on behind an id that is none of its own', async () => {
      const { id } = await createIssuer(getHost())
      const response = await control(getHost(), 'GET', `/issuers?after=${id}`)
      expect(response.headers['cache-control']).toBe('no-store')
      for (const entry of bodyOf<Page>(response).issuers) expect(entry.id > id).toBe(true)
      const behind = bodyOf<Page>(await control(getHost(), 'GET', '/issuers?after=zzzzzzzz'))
      expect(behind).toStrictEqual({ issuers: [], next: null })
    })

    test.each<[title: string, query: string]>([
      ['refuses an empty start', 'after='],
      ['refuses a start that is no id', 'after=Not%20An%20Id'],
      ['refuses a start that leaves the issuers', 'after=../x'],
    ])('%s', async (_title, query) => {
      const response = await control(getHost(), 'GET', `/issuers?${query}`)
      expect(response.status).toBe(400)
      expect(bodyOf(response)['error_description']).toMatch(/^after must be the id of an issuer/)
    })
  })
}
