/**
 * A ring as its operators see it: every member, and nothing by which a key could be reached.
 */

import { describe, expect, test } from 'vitest'
import { LAST_GOOD_SECONDS } from '../../../src/limits.ts'
import {
  bodyOf,
  control,
  createIssuer,
  createPublishOnly,
  etagAfter,
  revisionAfter,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { observed, ringOf, rotate, withSuccessor } from './rotating.ts'

export function describeRing(getHost: () => TestHost): void {
  describe('the ring of an issuer', () => {
    test('is its keys, its policy and what it waits for, with the ETag of its revision', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      const { keys, policy } = bodyOf(await control(host, 'GET', `/issuers/${id}`))
      const response = await control(host, 'GET', `/issuers/${id}/keys`)
      expect(response.headers['etag']).toBe(etagAfter(host, 0))
      const { publication } = await ringOf(host, id)
      const { documentStalenessSeconds } = publication
      const signing = (keys as readonly { readonly activatesAt: number }[])[0]?.activatesAt ?? 0
      expect(bodyOf(response)).toStrictEqual({
        id,
        revision: revisionAfter(host, 0),
        status: 'ok',
        nextMoment: { at: signing + 90 * 86_400, what: 'rotation due' },
        policy,
        publication: { documentStalenessSeconds, lastGoodSeconds: LAST_GOOD_SECONDS },
        retentionSeconds: 86_400 + 300 + documentStalenessSeconds + LAST_GOOD_SECONDS + 600 + 120,
        everPublished: true,
        keys,
        leftovers: [],
      })
      expect(documentStalenessSeconds).toBeGreaterThanOrEqual(30)
    })

    test('shows a successor from its making on, and when it was seen', async () => {
      const host = getHost()
      const { id, kid } = await withSuccessor(host)
      const made = (await ringOf(host, id)).keys.find((key) => key.kid === kid)
      const publishedAt: unknown = expect.any(Number)
      const expected = {
        origin: 'own',
        kid,
        alg: 'ES256',
        custody: host.traits.custodies[0],
        status: 'pending',
        publishedAt,
      }
      expect(made).toStrictEqual(expected)
      await rotate(host, id, { observation: await observed(host, id) })
      const { keys } = await ringOf(host, id)
      const firstSeenAt: unknown = expect.any(Number)
      expect(keys.find((key) => key.kid === kid)).toStrictEqual({ ...expected, firstSeenAt })
      const { keys: shown } = bodyOf(await control(host, 'GET', `/issuers/${id}`))
      expect(shown).toStrictEqual(keys)
    })

    test('of an issuer without keys says that none is published', async () => {
      const { id } = await createPublishOnly(getHost())
      const ring = await ringOf(getHost(), id)
      expect(ring).toMatchObject({ status: 'no_published_key', nextMoment: null, keys: [] })
    })

    test('names no slot and no reference of a key, and neither does what is said of its rotation', async () => {
      const host = getHost()
      const { id } = await withSuccessor(host)
      const observation = await observed(host, id)
      const asked: [method: string, path: string, json?: object][] = [
        ['POST', 'rotate', { dryRun: true }],
        ['POST', 'rotate', { observation }],
        ['POST', 'rotate'],
        ['POST', 'sweep'],
        ['GET', 'keys'],
      ]
      for (const [method, work, json] of asked) {
        const init = json === undefined ? {} : { json }
        const { body } = await control(host, method, `/issuers/${id}/${work}`, init)
        expect(body).not.toMatch(/keyRef|slot|-v1\.|writeNonce|publicJwk|fetched|arn:/)
      }
    })
  })
}
