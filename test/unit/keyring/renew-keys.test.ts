import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { renewKeys, withRenewedKeys } from '../../../src/keyring/renew-keys.ts'
import type { KeyManager, KeyRef } from '../../../src/signers/key-manager.ts'
import {
  aRing,
  aKey,
  anIssuer,
  EC_JWK,
  type FakeKeyManager,
  fakeKeyManager,
  keyRef,
  NOW,
} from '../../support/fixtures.ts'

describe('renewing the keys of a ring', () => {
  const [revoked, superseded, active, pending] = [
    aKey({ kid: 'kid-r', slot: 'slot-r', keyRef: keyRef('old-r'), revokedAt: NOW }),
    aKey({ kid: 'kid-s', slot: 'slot-s', keyRef: keyRef('old-s'), activatesAt: NOW - 9 }),
    aKey({ kid: 'kid-a', slot: 'slot-a', keyRef: keyRef('old-a'), activatesAt: NOW - 1 }),
    aKey({
      kid: 'kid-p',
      slot: 'slot-p',
      keyRef: keyRef('old-p'),
      activatesAt: NOW + 9,
      alg: 'ES256',
      publicJwk: EC_JWK,
    }),
  ] as const
  const issuer = anIssuer({ ring: aRing({ keys: [revoked, superseded, active, pending] }) })
  const sealedElsewhere = new Fault(
    'key_unavailable',
    'it was sealed with a secret that is not set',
  )

  /** A key manager that has lost the secrets of some keys. */
  function withoutSecretsOf(...lost: readonly KeyRecord[]): FakeKeyManager {
    const keyManager = fakeKeyManager({ renewals: { 'old-a': keyRef('new-a') } })
    const renew: KeyManager['renew'] = (reference, binding) =>
      lost.some((key) => key.keyRef === reference)
        ? Promise.reject(sealedElsewhere)
        : keyManager.renew(reference, binding)
    return { ...keyManager, renew }
  }

  test('changes nothing while every reference is up to date', async () => {
    const keyManager = fakeKeyManager()
    expect(await renewKeys(issuer, keyManager, NOW)).toEqual(issuer)
    expect(keyManager.created).toEqual([])
  })

  test('asks for each key that signs or may sign later, with its own binding', async () => {
    const keyManager = fakeKeyManager()
    await renewKeys(issuer, keyManager, NOW)
    expect(keyManager.renewed).toEqual([
      { keyRef: 'old-a', binding: { issuerId: 'prod', slot: 'slot-a', alg: 'RS256' } },
      { keyRef: 'old-p', binding: { issuerId: 'prod', slot: 'slot-p', alg: 'ES256' } },
    ])
  })

  test.each([
    ['the active key', 'old-a', [revoked, superseded, { ...active, keyRef: 'new' }, pending]],
    ['a pending key', 'old-p', [revoked, superseded, active, { ...pending, keyRef: 'new' }]],
    ['no superseded key', 'old-s', [revoked, superseded, active, pending]],
    ['no revoked key', 'old-r', [revoked, superseded, active, pending]],
  ])('replaces the reference of %s and nothing else', async (_title, reference, renewed) => {
    const keyManager = fakeKeyManager({ renewals: { [reference]: keyRef('new') } })
    const { ring } = await renewKeys(issuer, keyManager, NOW)
    expect(ring.keys).toEqual(renewed)
  })

  test('asks for a key until the second of its hand-over, and not in that second', async () => {
    const [before, after] = [fakeKeyManager(), fakeKeyManager()]
    await renewKeys(issuer, before, NOW + 8)
    await renewKeys(issuer, after, NOW + 9)
    expect(before.renewed.map((each) => each.keyRef)).toEqual(['old-a', 'old-p'])
    expect(after.renewed.map((each) => each.keyRef)).toEqual(['old-p'])
  })

  test('is not stopped by keys that never sign again, whose secrets are gone', async () => {
    const { ring } = await renewKeys(issuer, withoutSecretsOf(revoked, superseded), NOW)
    const renewed = { ...active, keyRef: 'new-a' }
    expect(ring.keys).toEqual([revoked, superseded, renewed, pending])
  })

  test.each([
    ['the active key', active],
    ['a pending key', pending],
  ])('fails as a whole where %s cannot be opened', async (_title, key) => {
    const run = renewKeys(issuer, withoutSecretsOf(key), NOW)
    await expect(run).rejects.toBe(sealedElsewhere)
  })

  test('of a run that nobody watches gives the renewed ones, or the document itself', async () => {
    expect(await withRenewedKeys(issuer, fakeKeyManager(), () => {}, NOW)).toBe(issuer)
    const keyManager = fakeKeyManager({ renewals: { 'old-p': keyRef('new-p') } })
    const renewed = await withRenewedKeys(issuer, keyManager, () => {}, NOW)
    expect(renewed).toEqual(await renewKeys(issuer, keyManager, NOW))
    expect(renewed).not.toBe(issuer)
  })

  test('opens nothing in such a run that is up to date', async () => {
    const keyManager = fakeKeyManager({ renewals: { 'old-p': keyRef('new-p') } })
    await withRenewedKeys(issuer, keyManager, () => {}, NOW)
    expect(keyManager.renewed.map((each) => each.keyRef)).toEqual(['old-p'])
  })

  test('leaves a key as it is in such a run that does not open, says so, and renews the others', async () => {
    const logged: unknown[] = []
    const log = (...line: unknown[]) => void logged.push(line)
    const renewals = { 'old-a': keyRef('new-a'), 'old-p': keyRef('new-p') }
    const manager = {
      ...fakeKeyManager({ renewals }),
      renew: async (reference: KeyRef) => {
        if (reference === active.keyRef) throw sealedElsewhere
        return renewals['old-p']
      },
    }
    const { ring } = await withRenewedKeys(issuer, manager, log, NOW)
    expect(ring.keys).toEqual([revoked, superseded, active, { ...pending, keyRef: 'new-p' }])
    expect(logged).toEqual([
      [
        'error',
        'key_not_renewed',
        {
          issuer: 'prod',
          kid: active.kid,
          code: 'key_unavailable',
          problem: sealedElsewhere.message,
        },
      ],
    ])
  })

  test('ends it by a mistake', async () => {
    const mistake = new RangeError('a mistake')
    const renewals = { 'old-a': keyRef('new-a') }
    const manager = { ...fakeKeyManager({ renewals }), renew: () => Promise.reject(mistake) }
    await expect(withRenewedKeys(issuer, manager, () => {}, NOW)).rejects.toBe(mistake)
  })
})
