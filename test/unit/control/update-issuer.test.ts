/**
 * Changes of a policy: what they do to the document at once, what they leave to rotations, and what is said of them before.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import type { IssuerPolicy } from '../../../src/issuers/policy.ts'
import {
  anAdoptedKey,
  fakeKeyManager,
  NOW,
  operators,
  refusalOf,
  valueOf,
} from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  aSuccessor,
  DAY,
  HOUR,
  POLICY,
} from '../../support/rotation-fixtures.ts'

const NEXT = aSuccessor({ firstSeenAt: NOW + 600, activatesAt: NOW + 10 * DAY })
const RING = aRotating([ACTIVE, NEXT])
const PUBLISH_ONLY = { ...POLICY, custody: 'none' as const }
const ONLY_ADOPTED = aRotating([], { policy: PUBLISH_ONLY }, { adopted: [anAdoptedKey()] })
const OWN_TO_NONE =
  "issuer prod has keys of its own, and tokens of theirs are about, so its custody cannot become none: create another issuer to publish a cluster's keys alone"

async function operatorsOf(stored: IssuerDocument) {
  const store = memoryStore()
  await issuerRepository(store).insert(stored)
  return operators({ store, keyManager: fakeKeyManager() })
}

const REFUSED: [
  title: string,
  stored: IssuerDocument,
  settings: Partial<IssuerPolicy>,
  says: string,
][] = [
  ['none after keys of its own', RING, { custody: 'none' }, OWN_TO_NONE],
  [
    'none before its first key was made',
    aRotating([]),
    { custody: 'none', jwksMaxAgeSeconds: 60 },
    OWN_TO_NONE,
  ],
  [
    'a custody that the host lacks',
    RING,
    { custody: 'kms-wrapped' },
    'custody must be one of sealed, none on this host, got "kms-wrapped": choose one of these, or configure the host for it',
  ],
  [
    'an algorithm of an issuer without keys',
    ONLY_ADOPTED,
    { algorithm: 'ES256' },
    'takes custody, jwksMaxAgeSeconds alone, got algorithm: leave it out',
  ],
  [
    'an algorithm beside the custody that it has',
    ONLY_ADOPTED,
    { custody: 'none', algorithm: 'ES256' },
    'takes custody, jwksMaxAgeSeconds alone, got algorithm: leave it out',
  ],
  [
    'a first key under a policy that breaks a relation',
    ONLY_ADOPTED,
    { custody: 'sealed', rotationPeriodSeconds: HOUR },
    'rotationPeriodSeconds must be more than propagationDelaySeconds',
  ],
  [
    'an algorithm that is none',
    RING,
    { algorithm: 'none' as 'RS256' },
    'algorithm must be one of RS256, ES256, got "none"',
  ],
]

describe('a change that is refused', () => {
  test.each(REFUSED)(
    '%s: is not written, and is not forecast',
    async (_title, stored, settings, says) => {
      const { operations, body, keyManager } = await operatorsOf(stored)
      const before = await body()
      const expected = {
        reason: 'invalid_request',
        message: expect.stringContaining(says) as string,
      }
      expect(refusalOf(await operations.update('prod', settings, undefined))).toEqual(expected)
      expect(refusalOf(await operations.forecast('prod', settings, undefined))).toEqual(expected)
      expect(await body()).toBe(before)
      expect(keyManager.created).toEqual([])
    },
  )
})

describe('a change of the kind of keys', () => {
  test.each<[title: string, settings: Partial<IssuerPolicy>]>([
    ['of the algorithm', { algorithm: 'ES256' }],
    ['of both, to what they are', { algorithm: 'RS256', custody: 'sealed' }],
    ['beside others', { algorithm: 'ES256', rotationPeriodSeconds: 20 * DAY }],
  ])('%s leaves every key and moment to rotations', async (_title, settings) => {
    const { operations, keyManager } = await operatorsOf(RING)
    const updated = valueOf(await operations.update('prod', settings, 9))
    expect(updated).toMatchObject({ revision: 10, policy: { ...POLICY, ...settings } })
    expect(updated.ring).toEqual(RING.ring)
    expect(updated).not.toHaveProperty('settling')
    expect(keyManager.created).toEqual([])
  })

  test('gives an issuer that has published nothing a key that signs at once', async () => {
    const { operations } = await operatorsOf(aRotating([], { policy: PUBLISH_ONLY }))
    const settings = { custody: 'sealed', algorithm: 'ES256' } as const
    const updated = valueOf(await operations.update('prod', settings, undefined))
    expect(updated.ring.keys).toMatchObject([
      { alg: 'ES256', custody: 'sealed', publishedRevision: 10, activatesAt: NOW - 60 },
    ])
  })

  test('gives one that has published keys before a key that waits, also where none is left', async () => {
    const former = [{ kid: 'kid-x', fingerprint: 'print-x', origin: 'adopted' as const }]
    const { operations } = await operatorsOf(aRotating([], { policy: PUBLISH_ONLY }, { former }))
    const updated = valueOf(await operations.update('prod', { custody: 'sealed' }, undefined))
    expect(updated.ring.keys).toMatchObject([{ publishedRevision: 10, publishedAt: NOW }])
    expect(updated.ring.keys[0]).not.toHaveProperty('activatesAt')
  })
})

describe('a change of values that others go by', () => {
  test.each<[title: string, settings: Partial<IssuerPolicy>, settling: object]>([
    [
      'shorter tokens',
      { tokenTtlMaxSeconds: 600 },
      { jwksMaxAgeSeconds: 300, tokenTtlMaxSeconds: HOUR + 300, mintedTtlMaxSeconds: 600 },
    ],
    [
      'longer tokens',
      { tokenTtlMaxSeconds: DAY },
      { jwksMaxAgeSeconds: 300, tokenTtlMaxSeconds: HOUR + 300, mintedTtlMaxSeconds: HOUR + 300 },
    ],
    [
      'a shorter max-age',
      { jwksMaxAgeSeconds: 60 },
      { jwksMaxAgeSeconds: 300, tokenTtlMaxSeconds: HOUR + 300, mintedTtlMaxSeconds: HOUR + 300 },
    ],
  ])('%s: what was stays in force until it was seen', async (_title, settings, settling) => {
    const { operations } = await operatorsOf(RING)
    const updated = valueOf(await operations.update('prod', settings, undefined))
    expect(updated.settling).toEqual({ revision: 10, ...settling })
  })

  test('keeps what is in force of the change before it', async () => {
    const settling = aSettling()
    const { operations } = await operatorsOf(aRotating([ACTIVE], { settling }))
    const updated = valueOf(await operations.update('prod', { jwksMaxAgeSeconds: 120 }, undefined))
    expect(updated.settling).toEqual({ ...settling, revision: 10 })
  })

  test('leaves it alone where the change is of something else', async () => {
    const settling = aSettling()
    const { operations } = await operatorsOf(aRotating([ACTIVE], { settling }))
    const updated = valueOf(await operations.update('prod', { algorithm: 'ES256' }, undefined))
    expect(updated.settling).toEqual(settling)
  })
})

describe('a forecast', () => {
  test('is of the document as it is, which it leaves', async () => {
    const { operations, body, keyManager } = await operatorsOf(RING)
    const before = await body()
    const settings = { algorithm: 'ES256', tokenTtlMaxSeconds: DAY } as const
    const { document, effects } = valueOf(await operations.forecast('prod', settings, 9))
    expect(document).toEqual(RING)
    expect(effects).toMatchObject([
      { setting: 'algorithm', from: 'RS256', to: 'ES256', at: NOW + 2 * HOUR },
      { setting: 'tokenTtlMaxSeconds', from: HOUR + 300, to: DAY, takesEffect: 'once_seen' },
    ])
    expect(await body()).toBe(before)
    expect(keyManager.renewed).toEqual([])
  })

  test('of nothing has no effects, also under a policy that is older than a relation', async () => {
    const policy = { ...POLICY, propagationDelaySeconds: 0 }
    const { operations } = await operatorsOf(aRotating([ACTIVE], { policy }))
    expect(valueOf(await operations.forecast('prod', {}, undefined)).effects).toEqual([])
  })

  test.each([
    ['another revision', 8, 'prod', 'revision_conflict'],
    ['no issuer', undefined, 'nobody', 'issuer_not_found'],
    ['a bad id', undefined, 'Prod', 'invalid_request'],
  ])('of %s is refused', async (_title, revision, id, reason) => {
    const { operations } = await operatorsOf(RING)
    expect(refusalOf(await operations.forecast(id, {}, revision)).reason).toBe(reason)
  })

  test('has the moments of the time at which it is asked for', async () => {
    const { operations, wait } = await operatorsOf(RING)
    wait(HOUR)
    const { effects } = valueOf(await operations.forecast('prod', { algorithm: 'ES256' }, 9))
    expect(effects).toMatchObject([{ at: NOW + HOUR + 2 * HOUR }])
  })
})
