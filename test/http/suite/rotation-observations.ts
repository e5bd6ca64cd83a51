/**
 * Observations that a job sends: which of them count as a sighting of the successor, and which prove nothing.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import type { TestHost } from '../../support/hosts/test-host.ts'
import {
  leavingRing,
  observed,
  ringOf,
  rotate,
  type SentObservation,
  withSuccessor,
} from './rotating.ts'

type Jwk = SentObservation['jwks']['keys'][number]
type Changed = (jwk: Jwk, others: readonly Jwk[]) => readonly Jwk[]

/** Of other material, and never of the successor's. */
const OTHER_POINT = 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4'

/** What an observation has in place of the successor. */
const NOT_SEEN: [title: string, change: Changed][] = [
  ['without it', () => []],
  ['under another name', (jwk) => [{ ...jwk, kid: 'another' }]],
  ['of other material', (jwk) => [{ ...jwk, x: OTHER_POINT }]],
  ['of another algorithm', (jwk) => [{ ...jwk, alg: 'ES384' }]],
  ['without an algorithm', (jwk) => [{ ...jwk, alg: undefined }]],
  ['on another curve', (jwk) => [{ ...jwk, crv: 'P-384' }]],
  ['of another type', (jwk) => [{ ...jwk, kty: 'RSA', n: jwk['x'], e: 'AQAB' }]],
  ['for encryption', (jwk) => [{ ...jwk, use: 'enc' }]],
  ['for signing alone', (jwk) => [{ ...jwk, key_ops: ['sign'] }]],
  ['twice', (jwk) => [jwk, jwk]],
  ['with the name of the key that signs', (jwk, [first]) => [{ ...jwk, kid: first?.['kid'] }]],
]

const SEEN: [title: string, change: Changed][] = [
  ['with members that nobody knows', (jwk) => [{ ...jwk, evil: { x: 1 }, x5c: ['x'] }]],
  ['beside a key of a type that nobody knows', (jwk) => [{ kty: 'OKP', kid: 'x' }, jwk]],
  ['without a use', (jwk) => [{ ...jwk, use: undefined }]],
  ['for verifying', (jwk) => [{ ...jwk, key_ops: ['verify'] }]],
]

export function describeRotationObservations(getHost: () => TestHost): void {
  describe('an observation of a successor', () => {
    let id = ''
    let kid = ''
    let publishedAt = 0

    beforeAll(async () => {
      ;({ id, kid } = await withSuccessor(getHost()))
      const { keys } = await ringOf(getHost(), id)
      publishedAt = keys.find((key) => key.kid === kid)?.publishedAt ?? 0
    })

    async function sentWith(change: Changed, versions = 0): Promise<SentObservation> {
      const { ringVersion, jwks } = await observed(getHost(), id)
      const others = jwks.keys.filter((jwk) => jwk['kid'] !== kid)
      const mine = jwks.keys.filter((jwk) => jwk['kid'] === kid)
      const changed = mine.flatMap((jwk) => change(jwk, others))
      return { ringVersion: ringVersion + versions, jwks: { keys: [...others, ...changed] } }
    }

    /** What a rotation makes of it, which must be nothing. */
    async function unproved(observation: SentObservation) {
      const report = await leavingRing(getHost(), id, () => rotate(getHost(), id, { observation }))
      return { actions: report.actions, waits: report.waits }
    }

    const waiting = () => ({
      actions: [],
      waits: [{ reason: 'successor_not_seen', kid, publishedAt }],
    })

    test.each(NOT_SEEN)('%s proves nothing', async (_title, change) => {
      expect(await unproved(await sentWith(change))).toStrictEqual(waiting())
    })

    test.each([
      ['that was not written yet', 1],
      ['far beyond all', 1_000_000],
      ['from before it was made', -1],
    ])('of a version %s proves nothing', async (_title, versions) => {
      expect(await unproved(await sentWith((jwk) => [jwk], versions))).toStrictEqual(waiting())
    })

    test('of an empty set proves nothing', async () => {
      const { ringVersion } = await observed(getHost(), id)
      expect(await unproved({ ringVersion, jwks: { keys: [] } })).toStrictEqual(waiting())
    })

    test.each(SEEN)('%s is a sighting', async (_title, change) => {
      const observation = await sentWith(change)
      const report = await rotate(getHost(), id, { observation, dryRun: true })
      expect(report.actions).toMatchObject([{ type: 'see', kid }])
    })
  })
}
