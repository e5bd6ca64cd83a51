import { describe, expect, test } from 'vitest'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { locationAt } from '../../../src/locations/issuer-location.ts'
import { MEMORY_COPY_SECONDS } from '../../../src/limits.ts'
import { type KnownCopy, knownCopies } from '../../../src/reading/known-copies.ts'
import { aKey, anAdoptedKey, anIssuer, aRing, aTombstone, NOW } from '../../support/fixtures.ts'

const [A, B, C] = [locationAt('a', ''), locationAt('b', ''), locationAt('c', '')]
/** Of weight 2: the issuer and its key. */
const ISSUER = known(anIssuer())
const TOMBSTONE = known(aTombstone())
const ADOPTER = known(anIssuer({ ring: aRing({ adopted: [anAdoptedKey()] }) }))
const KEYS = known(anIssuer({ ring: aRing({ keys: [aKey(), aKey({ kid: 'kid-b' })] }) }))

function known(stored: Parameters<typeof publicCopyOf>[0]): KnownCopy {
  const askAgainAt = NOW + MEMORY_COPY_SECONDS
  return { copy: publicCopyOf(stored), confirmedAt: NOW, askAgainAt, isLastGood: false }
}

describe('the copies in memory', () => {
  test('are there as they were set last', () => {
    const copies = knownCopies()
    expect(copies.get(A)).toBeUndefined()
    copies.set(A, ISSUER)
    copies.set(A, TOMBSTONE)
    expect(copies.get(A)).toBe(TOMBSTONE)
    expect(copies.get(B)).toBeUndefined()
  })

  test.each<[string, KnownCopy, number]>([
    ['a tombstone one', TOMBSTONE, 1],
    ['an issuer one and its key another', ISSUER, 2],
    ['each key of its own', KEYS, 3],
    ['each adopted key', ADOPTER, 3],
  ])('are bounded by their weight: %s', (_title, copy, weight) => {
    const [enough, short] = [knownCopies(weight + 1), knownCopies(weight)]
    for (const copies of [enough, short]) {
      copies.set(A, copy)
      copies.set(B, TOMBSTONE)
    }
    expect([enough.get(A), short.get(A)]).toEqual([copy, undefined])
    expect([enough.get(B), short.get(B)]).toEqual([TOMBSTONE, TOMBSTONE])
  })

  test('are forgotten in the order in which they were last set', () => {
    const copies = knownCopies(4)
    copies.set(A, ISSUER)
    copies.set(B, ISSUER)
    copies.set(A, ISSUER)
    copies.set(C, ISSUER)
    expect([copies.get(A), copies.get(B), copies.get(C)]).toEqual([ISSUER, undefined, ISSUER])
  })

  test('are forgotten until the newest one fits', () => {
    const copies = knownCopies(4)
    copies.set(A, ISSUER)
    copies.set(B, ISSUER)
    copies.set(C, KEYS)
    expect([copies.get(A), copies.get(B), copies.get(C)]).toEqual([undefined, undefined, KEYS])
  })

  test('take no more room when they are set again', () => {
    const copies = knownCopies(4)
    for (let times = 0; times < 5; times += 1) copies.set(A, ISSUER)
    copies.set(B, ISSUER)
    expect(copies.get(A)).toBe(ISSUER)
    copies.set(A, TOMBSTONE)
    copies.set(C, TOMBSTONE)
    expect([copies.get(A), copies.get(B), copies.get(C)]).toEqual([TOMBSTONE, ISSUER, TOMBSTONE])
  })
})
