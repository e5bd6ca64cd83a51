import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { planRotation } from '../../../src/keyring/plan-rotation.ts'
import { runRotation } from '../../../src/keyring/run-rotation.ts'
import {
  anAdoptedKey,
  anIssuer,
  aRing,
  EC_JWK,
  fakeKeyManager,
  keyRef,
  NOW,
} from '../../support/fixtures.ts'

const NEW_ISSUER = anIssuer({ ring: aRing({ keys: [] }) })

describe('the plan', () => {
  test('of a new issuer is one key that signs at once, also where the clock is behind', () => {
    expect(planRotation(NEW_ISSUER, NOW + 7)).toEqual([
      { type: 'create', reason: 'bootstrap', custody: 'sealed', activatesAt: NOW + 7 - 60 },
    ])
  })

  test('of an issuer that has a key is nothing', () => {
    expect(planRotation(anIssuer(), NOW)).toEqual([])
  })

  test('of an issuer that only publishes is nothing', () => {
    const policy = { ...DEFAULT_POLICY, custody: 'none' as const }
    expect(planRotation({ ...NEW_ISSUER, policy }, NOW)).toEqual([])
  })

  test('of an issuer that has adopted keys is nothing, since its documents are read already', () => {
    const ring = aRing({ keys: [], adopted: [anAdoptedKey()] })
    expect(planRotation(anIssuer({ ring }), NOW)).toEqual([])
    const former = [{ kid: 'kid-z', fingerprint: 'z', origin: 'adopted' as const }]
    expect(planRotation(anIssuer({ ring: aRing({ keys: [], former }) }), NOW)).toEqual([])
  })

  test('of what was just performed is nothing', async () => {
    const rotated = await runRotation(NEW_ISSUER, fakeKeyManager(), NOW)
    expect(planRotation(rotated, NOW)).toEqual([])
  })
})

describe('the first run', () => {
  test('makes one key, bound to its issuer, slot and algorithm', async () => {
    const keyManager = fakeKeyManager()
    const policy = { ...DEFAULT_POLICY, algorithm: 'ES256' as const }
    const { ring } = await runRotation({ ...NEW_ISSUER, policy }, keyManager, NOW + 7)
    expect(keyManager.created).toEqual([
      { issuerId: 'prod', slot: ring.keys[0]?.slot, alg: 'ES256' },
    ])
    expect(ring.keys).toEqual([
      {
        kid: expect.stringMatching(/^[\w-]{43}$/),
        alg: 'ES256',
        publicJwk: EC_JWK,
        keyRef: 'reference-1',
        slot: expect.stringMatching(/^[\w-]{22}$/),
        custody: 'sealed',
        publishedAt: NOW + 7,
        activatesAt: NOW + 7 - 60,
      },
    ])
  })

  test('gives every issuer a slot of its own', async () => {
    const first = await runRotation(NEW_ISSUER, fakeKeyManager(), NOW)
    const second = await runRotation(NEW_ISSUER, fakeKeyManager(), NOW)
    expect(first.ring.keys[0]?.slot).not.toBe(second.ring.keys[0]?.slot)
  })

  test('changes nothing but the ring, and not the document that it was given', async () => {
    const before = structuredClone(NEW_ISSUER)
    const { ring: _ring, ...rest } = await runRotation(NEW_ISSUER, fakeKeyManager(), NOW + 7)
    const { ring: _emptyRing, ...expected } = before
    expect(rest).toEqual(expected)
    expect(NEW_ISSUER).toEqual(before)
  })
})

describe('a run for an issuer that only publishes', () => {
  test('makes no key', async () => {
    const keyManager = fakeKeyManager()
    const issuer = { ...NEW_ISSUER, policy: { ...DEFAULT_POLICY, custody: 'none' as const } }
    expect(await runRotation(issuer, keyManager, NOW)).toEqual(issuer)
    expect(keyManager.created).toEqual([])
  })
})

describe('every later run', () => {
  test('makes no key, opens none and changes nothing', async () => {
    const keyManager = fakeKeyManager({ renewals: { 'private-reference-a': keyRef('renewed') } })
    expect(await runRotation(anIssuer(), keyManager, NOW)).toEqual(anIssuer())
    expect([keyManager.created, keyManager.opened, keyManager.renewed]).toEqual([[], [], []])
  })
})
