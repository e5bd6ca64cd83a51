/**
 * Rotations of one ring: what a run does, says and waits for. Each is one step, and asking again is safe.
 */

import { describe, expect, test } from 'vitest'
import {
  claimsOf,
  createIssuer,
  mintToken,
  publishedKids,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import {
  healthOf,
  leavingRing,
  madeBy,
  observed,
  ringOf,
  rotate,
  withSuccessor,
} from './rotating.ts'

const MOMENT: unknown = expect.any(Number)
const KID: unknown = expect.stringMatching(/^[\w-]{43}$/)

/** As a plan has it that makes the successor. */
const creation = (host: TestHost) => ({
  type: 'create',
  reason: 'scheduled',
  alg: 'ES256',
  custody: host.traits.custodies[0],
  signsAtOnce: false,
})

export function describeRotation(getHost: () => TestHost): void {
  describe('a rotation of a new issuer', () => {
    test.each<[title: string, json: object | undefined]>([
      ['without a body', undefined],
      ['of an empty body', {}],
      ['that is no dry run', { dryRun: false }],
    ])('%s makes its successor, and reports it', async (_title, json) => {
      const host = getHost()
      const { id, revision } = await createIssuer(host)
      const [first = ''] = await publishedKids(host, id)
      const report = await rotate(host, id, json)
      const ring = await ringOf(host, id)
      expect(report).toStrictEqual({
        id,
        revision: ring.revision,
        dryRun: false,
        actions: [{ ...creation(host), kid: KID }],
        waits: [],
        nextMoment: { at: MOMENT, what: 'rotation due' },
      })
      expect(ring.revision).toBeGreaterThan(revision)
      const made = madeBy(report.actions)
      expect(ring.keys.map(({ kid, status }) => [kid, status])).toStrictEqual([
        [first, 'active'],
        [made, 'pending'],
      ])
      expect(await publishedKids(host, id)).toStrictEqual([first, made])
    })

    test('leaves the key that signs, and the issuer healthy', async () => {
      const host = getHost()
      const { id, kid } = await withSuccessor(host)
      const [header = ''] = (await mintToken(host, id)).split('.')
      expect(claimsOf(`.${header}`)['kid']).not.toBe(kid)
      const health = await healthOf(host, id)
      expect(health).toMatchObject({ status: 'ok', successor: { kid, alg: 'ES256' } })
      expect(health.successor).not.toHaveProperty('activatesAt')
    })

    test('is planned by a dry run, which changes nothing, however often', async () => {
      const host = getHost()
      const { id, revision } = await createIssuer(host)
      const planned = await leavingRing(host, id, () => rotate(host, id, { dryRun: true }))
      expect(planned).toStrictEqual({
        id,
        revision,
        dryRun: true,
        actions: [creation(host)],
        waits: [],
        nextMoment: { at: MOMENT, what: 'rotation due' },
      })
      expect(await rotate(host, id, { dryRun: true })).toStrictEqual(planned)
    })

    test('makes one key when it is asked for ten times at one moment', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      const reports = await Promise.all(Array.from({ length: 10 }, () => rotate(host, id)))
      const made = madeBy(reports.flatMap(({ actions }) => actions))
      const ring = await ringOf(host, id)
      expect(ring.keys.map(({ kid }) => kid)).toStrictEqual([expect.not.stringMatching(made), made])
      expect(ring).toMatchObject({ status: 'ok', leftovers: [] })
      expect(ring).not.toHaveProperty('reservation')
      for (const report of reports) expect(report.revision).toBeLessThanOrEqual(ring.revision)
    })
  })

  describe('a rotation of a ring whose successor waits', () => {
    test('makes no key, and says what it waits for', async () => {
      const host = getHost()
      const { id, kid } = await withSuccessor(host)
      for (const _time of [1, 2]) {
        const { actions, waits } = await rotate(host, id)
        expect(actions.filter(({ type }) => type !== 'see')).toStrictEqual([])
        const reasons = ['successor_seen_once', 'successor_not_seen']
        expect(waits).toContainEqual(
          expect.objectContaining({ reason: expect.toBeOneOf(reasons), kid }),
        )
      }
      expect((await ringOf(host, id)).keys).toHaveLength(2)
    })

    test('plans by what it is told was observed in a dry run, and changes nothing', async () => {
      const host = getHost()
      const { id, kid } = await withSuccessor(host)
      const observation = await observed(host, id)
      const report = await leavingRing(host, id, () =>
        rotate(host, id, { observation, dryRun: true }),
      )
      expect(report).toMatchObject({
        dryRun: true,
        revision: observation.ringVersion,
        actions: [{ type: 'see', kid, firstSeenAt: MOMENT }],
        waits: [{ reason: 'successor_seen_once', kid, until: MOMENT }],
      })
    })

    test('takes what it is told for the first sighting, and keeps that', async () => {
      const host = getHost()
      const { id, kid } = await withSuccessor(host)
      const observation = await observed(host, id)
      const report = await rotate(host, id, { observation })
      const { keys, publication, policy } = await ringOf(host, id)
      const successor = keys.find((key) => key.kid === kid)
      const firstSeenAt = successor?.origin === 'own' ? (successor.firstSeenAt ?? 0) : 0
      expect(firstSeenAt).toBeGreaterThanOrEqual(successor?.publishedAt ?? Infinity)
      const until = firstSeenAt + policy.jwksMaxAgeSeconds + publication.documentStalenessSeconds
      expect(report).toStrictEqual({
        id,
        revision: observation.ringVersion + 1,
        dryRun: false,
        actions: [{ type: 'see', kid, firstSeenAt }],
        waits: [{ reason: 'successor_seen_once', kid, until }],
        nextMoment: { at: MOMENT, what: 'rotation due' },
      })
      expect((await healthOf(host, id)).successor).toMatchObject({ kid, firstSeenAt })
      const again = { observation: await observed(host, id) }
      expect(await leavingRing(host, id, () => rotate(host, id, again))).toMatchObject({
        actions: [],
        waits: [{ reason: 'successor_seen_once', kid, until }],
      })
    })
  })
}
