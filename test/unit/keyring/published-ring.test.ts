import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY, retentionSeconds } from '../../../src/issuers/policy.ts'
import { publishedRing, publishedSpan, type Span } from '../../../src/keyring/published-ring.ts'
import { aKey, anAdoptedKey, aRing, EC_JWK, NO_BOUNDS, NOW } from '../../support/fixtures.ts'

const STALE = { documentStalenessSeconds: 300, lastGoodSeconds: 0 }
const OLD = aKey({ kid: 'kid-old' })
const NEW = aKey({ kid: 'kid-new', alg: 'ES256', publicJwk: EC_JWK, activatesAt: NOW + 10 })
const PRESENT = anAdoptedKey({ kid: 'kid-present' })
const LEAVING = anAdoptedKey({
  kid: 'kid-leaving',
  withdrawal: { at: NOW, publishedUntil: NOW + 100 },
})

type Members = Parameters<typeof aRing>[0]

function kidsOf(members: Members, now: number, retention = 1000): string[] {
  return publishedRing(aRing(members), retention, now).map(({ kid }) => kid)
}

describe('the members of the JWK Set', () => {
  test.each<[string, Members, number, string[]]>([
    ['our own', { keys: [OLD, NEW] }, NOW, ['kid-old', 'kid-new']],
    ['also where the clock is behind', { keys: [OLD, NEW] }, NOW - 1, ['kid-old', 'kid-new']],
    ['no revoked one', { keys: [{ ...OLD, revokedAt: NOW + 5 }, NEW] }, NOW + 5, ['kid-new']],
    ['adopted ones behind our own', { adopted: [PRESENT] }, NOW, ['kid-a', 'kid-present']],
    ['adopted ones alone', { keys: [], adopted: [PRESENT] }, NOW, ['kid-present']],
    [
      'in ring order, a withdrawn one until its end',
      { keys: [OLD], adopted: [LEAVING, PRESENT] },
      NOW + 99,
      ['kid-old', 'kid-leaving', 'kid-present'],
    ],
    ['and not from then on', { adopted: [LEAVING, PRESENT] }, NOW + 100, ['kid-a', 'kid-present']],
    ['none of an empty ring', { keys: [] }, NOW, []],
    ['none once the last one has left', { keys: [], adopted: [LEAVING] }, NOW + 100, []],
  ])('are %s', (_title, members, now, kids) => {
    expect(kidsOf(members, now)).toEqual(kids)
  })

  test.each([
    ['a store without staleness', NO_BOUNDS],
    ['a store that is behind, for so much longer', STALE],
  ])('have a superseded key for the retention, on %s', (_title, bounds) => {
    const retention = retentionSeconds(DEFAULT_POLICY, bounds)
    const retirement = NOW + 10 + retention
    const keys = [OLD, NEW]
    expect(kidsOf({ keys }, retirement - 1, retention)).toEqual(['kid-old', 'kid-new'])
    expect(kidsOf({ keys }, retirement, retention)).toEqual(['kid-new'])
  })
})

describe('the time in which the members are the same', () => {
  const ever = { from: -Infinity, until: Infinity }
  const pair = { keys: [OLD, NEW] }
  const revoked = { keys: [aKey({ revokedAt: NOW + 5 })] }

  test.each<[string, Members, number, Span]>([
    ['is for ever with one key', {}, NOW, ever],
    ['is for ever with a key in the set of its cluster', { adopted: [PRESENT] }, NOW, ever],
    ['is for ever with none', { keys: [] }, NOW, ever],
    ['ends with a withdrawn key', { adopted: [LEAVING] }, NOW, { ...ever, until: NOW + 100 }],
    ['begins without it', { adopted: [LEAVING] }, NOW + 100, { ...ever, from: NOW + 100 }],
    ['ends with a superseded key', pair, NOW, { ...ever, until: NOW + 1010 }],
    ['begins without the superseded one', pair, NOW + 1010, { ...ever, from: NOW + 1010 }],
    ['ends with a revocation', revoked, NOW + 4, { ...ever, until: NOW + 5 }],
    ['begins with a revocation', revoked, NOW + 5, { ...ever, from: NOW + 5 }],
    [
      'is between the nearest of several moments',
      { ...pair, adopted: [LEAVING, { ...LEAVING, withdrawal: { at: NOW, publishedUntil: NOW } }] },
      NOW + 50,
      { from: NOW, until: NOW + 100 },
    ],
  ])('%s', (_title, members, now, span) => {
    expect(publishedSpan(aRing(members), 1000, [], now)).toEqual(span)
  })

  test.each<[string, number, Span]>([
    ['ends where the retention changes', NOW + 199, { from: NOW + 5, until: NOW + 200 }],
    ['begins where it has changed', NOW + 200, { from: NOW + 200, until: Infinity }],
  ])('%s', (_title, now, span) => {
    expect(publishedSpan(aRing(revoked), 1000, [NOW + 200], now)).toEqual(span)
  })
})
