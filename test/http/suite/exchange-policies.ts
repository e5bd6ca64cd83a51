/**
 * Exchange policies as operators set them: each with a revision of its own.
 */

import { describe, expect, test } from 'vitest'
import { clusterKey, jwkSet } from '../../support/hosts/cluster-keys.ts'
import {
  adopt,
  bodyOf,
  control,
  createIssuer,
  createPublishOnly,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { aPolicy } from '../../support/stored-policies.ts'
import { GITHUB, policyRequests, type Problem } from './policy-requests.ts'
import { refusalProblems } from './refusals.ts'

interface PolicyAnswer {
  readonly id: string
  readonly revision: number
  readonly updatedAt?: number
  readonly policy: object
  readonly remarks: readonly string[]
}

export function describeExchangePolicies(getHost: () => TestHost): void {
  const { read, put, set, unchanged } = policyRequests(getHost)

  describe('the exchange policy of an issuer', () => {
    test('is empty at revision 0 until one is set, and then what was set', async () => {
      const { id } = await createIssuer(getHost())
      const none = await read(id)
      expect(none.status).toBe(200)
      expect(none.headers).toMatchObject({ etag: '"0"', 'cache-control': 'no-store' })
      expect(bodyOf(none)).toEqual({ id, revision: 0, policy: { entries: [] }, remarks: [] })

      const first = await set(id, aPolicy(GITHUB))
      expect(first.status, `answered ${first.body}`).toBe(200)
      expect(first.headers).toMatchObject({ etag: '"1"', 'cache-control': 'no-store' })
      const answer = bodyOf<PolicyAnswer>(first)
      expect(answer).toEqual({
        id,
        revision: 1,
        updatedAt: expect.any(Number),
        policy: aPolicy(GITHUB),
        remarks: [],
      })
      expect(await read(id)).toStrictEqual(first)

      const second = await set(id, { entries: [] })
      expect(bodyOf(second)).toMatchObject({ revision: 2, policy: { entries: [] } })
    })

    test('is one of its own for each issuer, and changes no issuer', async () => {
      const [{ id }, other] = [await createIssuer(getHost()), await createIssuer(getHost())]
      const issuer = await control(getHost(), 'GET', `/issuers/${id}`)
      await set(id, aPolicy(GITHUB))
      expect(bodyOf(await read(other.id))).toMatchObject({ revision: 0 })
      const { etag } = (await control(getHost(), 'GET', `/issuers/${id}`)).headers
      expect(etag).toBe(issuer.headers['etag'])
    })

    test('stays at its revision where the same one is set again', async () => {
      const { id } = await createIssuer(getHost())
      const first = await set(id, aPolicy(GITHUB))
      expect(bodyOf(await set(id, aPolicy(GITHUB), { 'If-Match': '"1"' }))).toEqual(bodyOf(first))
    })

    test('is tried without being set', async () => {
      const { id } = await createIssuer(getHost())
      const json = { policy: aPolicy(GITHUB), dryRun: true }
      const tried = await unchanged(id, () => put(id, { json }))
      expect(tried.headers['etag']).toBe('"0"')
      expect(bodyOf(tried)).toEqual({
        id,
        revision: 0,
        policy: aPolicy(GITHUB),
        remarks: [],
        dryRun: true,
      })
      const wrong = { policy: aPolicy({ ...GITHUB, condition: '1 +' }), dryRun: true }
      expect((await unchanged(id, () => put(id, { json: wrong }))).status).toBe(400)
    })

    test('is for operators alone', async () => {
      const { id } = await createIssuer(getHost())
      await set(id, aPolicy(GITHUB))
      const { status, error } = getHost().traits.unauthorized
      for (const method of ['GET', 'PUT']) {
        const response = await getHost().request(method, `/control/issuers/${id}/policy`)
        expect([response.status, bodyOf(response)['error']]).toEqual([status, error])
      }
      expect((await getHost().request('GET', `/${id}/policy`)).status).toBe(404)
    })

    test('says what of it does nothing yet', async () => {
      const { id } = await createIssuer(getHost())
      const waiting = bodyOf<PolicyAnswer>(await set(id, aPolicy()))
      expect(waiting.remarks).toEqual([
        expect.stringContaining('entry cluster trusts the adopted keys, and there are none yet'),
      ])
      await adopt(getHost(), id, { keys: jwkSet(clusterKey('P-256')) })
      expect(bodyOf<PolicyAnswer>(await read(id)).remarks).toEqual([])
    })

    test('may be as large as a policy can be', async () => {
      const { id } = await createIssuer(getHost())
      const entries = Array.from({ length: 201 }, (_, index) => ({
        ...GITHUB,
        name: `e${index}`,
        issuer: `https://issuer-${index}.example.net`,
        token: { ...GITHUB.token, subject: '"e" + entry.name' },
      }))
      const tooMany = await unchanged(id, () => set(id, { entries }))
      expect(tooMany.status).toBe(400)
      const named = entries.slice(0, 200).map((entry) => ({
        ...entry,
        token: { ...entry.token, subject: 'entry.name + ":" + claims.sub' },
      }))
      const response = await set(id, { entries: named })
      expect(response.status, `answered ${response.body.slice(0, 500)}`).toBe(200)
    })
  })

  describe('a revision of an exchange policy', () => {
    test.each<[title: string, ifMatch: string, status: number]>([
      ['the one that was read', '"1"', 200],
      ['any', '*', 200],
      ['an older one', '"0"', 412],
      ['one that is not there yet', '"2"', 412],
      ['that of no policy', '"x"', 400],
      ['a weak one', 'W/"1"', 400],
    ])('is %s', async (_title, ifMatch, status) => {
      const { id } = await createIssuer(getHost())
      await set(id, { entries: [] }, { 'If-Match': '"0"' })
      const change = () => set(id, aPolicy(GITHUB), { 'If-Match': ifMatch })
      const response = status === 200 ? await change() : await unchanged(id, change)
      expect(response.status, `answered ${response.body}`).toBe(status)
      if (status !== 412) return
      const says = `the exchange policy of issuer ${id} is at revision 1`
      expect(refusalProblems(response, { status, error: 'revision_conflict', says })).toStrictEqual(
        [],
      )
    })
  })

  describe('an issuer without an exchange policy', () => {
    test('is one that only publishes', async () => {
      const { id } = await createPublishOnly(getHost())
      for (const response of [await read(id), await set(id, aPolicy(GITHUB))]) {
        const says = `issuer ${id} only publishes a cluster's keys and issues no tokens`
        expect(
          refusalProblems(response, { status: 404, error: 'publish_only', says }),
        ).toStrictEqual([])
      }
    })

    test('is one that was deleted, whose policy is gone with it', async () => {
      const { id } = await createIssuer(getHost())
      await set(id, aPolicy(GITHUB))
      await control(getHost(), 'DELETE', `/issuers/${id}`)
      for (const response of [await read(id), await set(id, aPolicy(GITHUB))]) {
        const says = `issuer ${id} was deleted`
        expect(
          refusalProblems(response, { status: 410, error: 'issuer_deleted', says }),
        ).toStrictEqual([])
      }
    })

    test('is one that there is not', async () => {
      for (const response of [await read('nobody'), await set('nobody', aPolicy(GITHUB))]) {
        const says = 'there is no issuer nobody'
        expect(
          refusalProblems(response, { status: 404, error: 'issuer_not_found', says }),
        ).toStrictEqual([])
      }
    })
  })

  test.each(['POST', 'PATCH', 'DELETE'])('%s is no way to an exchange policy', async (method) => {
    const { id } = await createIssuer(getHost())
    const response = await control(getHost(), method, `/issuers/${id}/policy`, {
      json: { policy: { entries: [] } },
    })
    expect([response.status, response.headers['allow']]).toEqual([405, 'GET, HEAD, PUT'])
  })

  describe('adopted keys and an exchange policy', () => {
    test('go together where it trusts no others', async () => {
      const { id } = await createIssuer(getHost())
      await set(id, aPolicy(GITHUB))
      const keys = jwkSet(clusterKey('P-256'))
      const refused = await unchanged(id, () => adopt(getHost(), id, { keys }))
      const says = 'got entries of its exchange policy with others (github)'
      expect(
        refusalProblems(refused, { status: 400, error: 'invalid_request', says }),
      ).toStrictEqual([])
      await set(id, { entries: [] })
      expect((await adopt(getHost(), id, { keys })).status).toBe(200)
      const other = await unchanged(id, () => set(id, aPolicy(GITHUB)))
      expect(bodyOf<{ problems: Problem[] }>(other).problems).toMatchObject([
        { path: ['entries', 0, 'keys'] },
      ])
    })
  })
}
