/**
 * What operators can do with issuers that exist, one at a time.
 */

import { describe, expect, test } from 'vitest'
import type { IssuerOperations } from '../../../src/control/issuer-operations.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { DEFAULT_POLICY, type IssuerPolicy } from '../../../src/issuers/policy.ts'
import {
  anAdoptedKey,
  anIssuer,
  aRing,
  fakeKeyManager,
  keyRef,
  NOW,
  operators,
  refusalOf,
  valueOf,
} from '../../support/fixtures.ts'

describe('an issuer that is not there', () => {
  test.each([
    ['read', (operations: IssuerOperations, id: string) => operations.read(id)],
    ['updated', (operations: IssuerOperations, id: string) => operations.update(id, {}, undefined)],
    [
      'deleted',
      (operations: IssuerOperations, id: string) => operations.delete(id, 'x', undefined),
    ],
  ])('is not %s', async (_title, act) => {
    const { operations, store } = operators()
    expect(refusalOf(await act(operations, 'prod')).reason).toBe('issuer_not_found')
    expect(refusalOf(await act(operations, '../prod')).reason).toBe('invalid_request')
    expect((await store.list({ prefix: '', limit: 1 })).keys).toEqual([])
    await operations.create({ id: 'prod', settings: {} })
    await operations.delete('prod', undefined, undefined)
    expect(refusalOf(await act(operations, 'prod')).reason).toBe('issuer_deleted')
  })
})

describe('updating an issuer', () => {
  test('changes what was given, counts the revision and keeps the rest', async () => {
    const { operations, wait } = operators()
    const created = valueOf(
      await operations.create({ id: 'prod', settings: { algorithm: 'ES256' } }),
    )
    wait(60)
    const updated = valueOf(await operations.update('prod', { tokenTtlMaxSeconds: 900 }, 1))
    expect(updated).toEqual({
      ...created,
      revision: 2,
      updatedAt: NOW + 60,
      policy: { ...created.policy, tokenTtlMaxSeconds: 900 },
      settling: {
        revision: 2,
        jwksMaxAgeSeconds: created.policy.jwksMaxAgeSeconds,
        tokenTtlMaxSeconds: created.policy.tokenTtlMaxSeconds,
        mintedTtlMaxSeconds: 900,
      },
      writeNonce: expect.stringMatching(/^[\w-]{22}$/),
    })
    expect(updated.writeNonce).not.toBe(created.writeNonce)
    expect(valueOf(await operations.read('prod'))).toEqual(updated)
  })

  test('keeps the identifier when the public URL has changed', async () => {
    const { operations, store } = operators()
    await operations.create({ id: 'prod', settings: {} })
    const moved = operators({ store, publicUrl: 'https://moved.example' }).operations
    const updated = valueOf(await moved.update('prod', { jwksMaxAgeSeconds: 120 }, undefined))
    expect(updated.issuer).toBe('https://oidc.example.com/prod')
  })

  test('makes no key, and renews those that are there', async () => {
    const keyManager = fakeKeyManager({ renewals: { 'reference-1': keyRef('renewed-1') } })
    const { operations } = operators({ keyManager })
    const created = valueOf(await operations.create({ id: 'prod', settings: {} }))
    const updated = valueOf(await operations.update('prod', {}, undefined))
    expect(updated.ring.keys).toEqual([{ ...created.ring.keys[0], keyRef: 'renewed-1' }])
    expect(keyManager.created).toHaveLength(1)
  })

  test.each([
    [
      'refuses another revision',
      { settings: { jwksMaxAgeSeconds: 120 }, revision: 7 },
      { reason: 'revision_conflict', sentence: 'issuer prod is at revision 1' },
    ],
    [
      'refuses a bad setting',
      { settings: { jwksMaxAgeSeconds: 1 }, revision: 1 },
      { reason: 'invalid_request', sentence: 'jwksMaxAgeSeconds must be' },
    ],
    [
      'refuses a relation that breaks with what is stored',
      { settings: { rotationPeriodSeconds: 86_400 }, revision: undefined },
      {
        reason: 'invalid_request',
        sentence: 'rotationPeriodSeconds must be more than propagationDelaySeconds (86400)',
      },
    ],
  ])('%s, and changes nothing', async (_title, { settings, revision }, { reason, sentence }) => {
    const { operations, body } = operators()
    await operations.create({ id: 'prod', settings: {} })
    const before = await body()
    expect(refusalOf(await operations.update('prod', settings, revision))).toEqual({
      reason,
      message: expect.stringContaining(sentence),
    })
    expect(await body()).toBe(before)
  })

  test('renews the keys of an issuer whose policy is older than a relation', async () => {
    const keyManager = fakeKeyManager({ renewals: { 'private-reference-a': keyRef('renewed') } })
    const { operations, store } = operators({ keyManager })
    const policy = { ...DEFAULT_POLICY, propagationDelaySeconds: 0 }
    await issuerRepository(store).insert(anIssuer({ policy }))
    const updated = valueOf(await operations.update('prod', {}, undefined))
    expect(updated).toMatchObject({ policy, ring: { keys: [{ keyRef: 'renewed' }] } })
    const refusal = refusalOf(await operations.update('prod', { jwksMaxAgeSeconds: 120 }, 2))
    expect(refusal.message).toContain('propagationDelaySeconds must be at least')
  })

  test('changes the algorithm, and no key with it', async () => {
    const { operations, keyManager } = operators()
    const created = valueOf(await operations.create({ id: 'prod', settings: {} }))
    const updated = valueOf(await operations.update('prod', { algorithm: 'ES256' }, undefined))
    expect(updated.policy).toEqual({ ...created.policy, algorithm: 'ES256' })
    expect(updated).not.toHaveProperty('settling')
    expect(updated.ring).toEqual(created.ring)
    expect(keyManager.created).toHaveLength(1)
  })

  test.each<[string, Partial<IssuerPolicy>, string]>([
    [
      'no keys of its own any more',
      { custody: 'none' },
      'issuer prod has keys of its own, and tokens of theirs are about, so its custody cannot become none: create another issuer',
    ],
    [
      'a custody that the host lacks',
      { custody: 'kms' },
      'custody must be one of sealed, none on this host, got "kms": choose one of these',
    ],
  ])('refuses %s, and changes nothing', async (_title, settings, message) => {
    const { operations, body } = operators()
    await operations.create({ id: 'prod', settings: {} })
    const before = await body()
    expect(refusalOf(await operations.update('prod', settings, undefined))).toEqual({
      reason: 'invalid_request',
      message: expect.stringContaining(message),
    })
    expect(await body()).toBe(before)
  })

  test('gives an issuer that only published its first key, which has to be proved', async () => {
    const { operations, store } = operators()
    const policy = { ...DEFAULT_POLICY, custody: 'none' as const }
    const ring = aRing({ keys: [], adopted: [anAdoptedKey()] })
    await issuerRepository(store).insert(anIssuer({ policy, ring }))
    const updated = valueOf(await operations.update('prod', { custody: 'sealed' }, undefined))
    expect(updated.ring.keys).toMatchObject([{ custody: 'sealed', publishedRevision: 2 }])
    expect(updated.ring.keys[0]).not.toHaveProperty('activatesAt')
  })

  test('refuses the revision that it has replaced', async () => {
    const { operations } = operators()
    await operations.create({ id: 'prod', settings: {} })
    expect((await operations.update('prod', { jwksMaxAgeSeconds: 120 }, 1)).ok).toBe(true)
    const refusal = refusalOf(await operations.update('prod', { jwksMaxAgeSeconds: 180 }, 1))
    expect(refusal.message).toContain('is at revision 2, the change was for revision 1')
  })
})

describe('deleting an issuer', () => {
  test('leaves a tombstone with its identifier and its kids, and no key reference', async () => {
    const { operations, wait, body } = operators()
    const created = valueOf(await operations.create({ id: 'prod', settings: {} }))
    wait(60)
    const deleted = valueOf(await operations.delete('prod', 'the cluster is gone', 1))
    expect(deleted).toEqual({
      version: 3,
      kind: 'tombstone',
      id: 'prod',
      issuer: 'https://oidc.example.com/prod',
      revision: 2,
      createdAt: NOW,
      deletedAt: NOW + 60,
      reason: 'the cluster is gone',
      kids: created.ring.keys.map(({ kid }) => kid),
      leftovers: [],
      writeNonce: expect.stringMatching(/^[\w-]{22}$/),
    })
    expect(JSON.parse((await body()) ?? '')).toEqual(deleted)
    expect(await body()).not.toContain('reference-1')
  })

  test('needs no reason', async () => {
    const { operations } = operators()
    await operations.create({ id: 'prod', settings: {} })
    expect(valueOf(await operations.delete('prod', undefined, undefined))).not.toHaveProperty(
      'reason',
    )
  })

  test('refuses another revision, and changes nothing', async () => {
    const { operations, body } = operators()
    await operations.create({ id: 'prod', settings: {} })
    const before = await body()
    const refusal = refusalOf(await operations.delete('prod', undefined, 2))
    expect(refusal.reason).toBe('revision_conflict')
    expect(await body()).toBe(before)
  })
})
