/**
 * Custody `kms`, beyond the contract of key managers: what KMS is asked. What becomes of its errors is beside this file.
 */

import { Buffer } from 'node:buffer'
import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { signingKeyPolicy } from '../../../../src/adapters/signers/kms/key-policy.ts'
import { KMS_ALGORITHMS } from '../../../../src/adapters/signers/kms/kms-algorithms.ts'
import { kmsKeyManager } from '../../../../src/adapters/signers/kms/kms-key-manager.ts'
import { SIGNING_ALGORITHMS } from '../../../../src/crypto/algorithms.ts'
import { utf8 } from '../../../../src/crypto/base64url.ts'
import type { CreatedKey, KeyBinding } from '../../../../src/signers/key-manager.ts'
import { type KmsFakeOptions, startKmsFake } from '../../../support/aws/kms-fake.ts'
import { kmsAt } from '../../../support/aws/kms-managers.ts'

const BINDING: KeyBinding = { issuerId: 'prod', slot: 'slot-1', alg: 'ES256' }
const SIGNERS: readonly [string, ...string[]] = [
  'arn:aws:iam::999988887777:role/control',
  'arn:aws:iam::999988887777:role/token',
]
const TAGS = {
  'signet:deployment': 'eu-west-1',
  'signet:issuer': 'prod',
  'signet:slot': 'slot-1',
}

async function started(options: KmsFakeOptions = {}) {
  const fake = await startKmsFake(options)
  onTestFinished(() => fake.close())
  const kms = kmsAt(fake.url)
  const manager = kmsKeyManager({ kms, deployment: 'eu-west-1', signers: SIGNERS })
  const elsewhere = kmsKeyManager({ kms, deployment: 'other', signers: SIGNERS })
  return { fake, kms, manager, elsewhere }
}

function verifies({ publicJwk }: CreatedKey, data: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' })
  return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

describe.each(SIGNING_ALGORITHMS)('a key for %s', (alg) => {
  const binding = { ...BINDING, alg }
  const { keySpec, signingAlgorithm } = KMS_ALGORITHMS[alg]

  test('is made for signing alone, says whose it is, and is read once', async () => {
    const { fake, manager } = await started()
    const { keyRef } = await manager.create(binding)
    expect(fake.calls).toEqual(['CreateKey', 'GetPublicKey'])
    expect(fake.requests[0]?.input).toEqual({
      KeySpec: keySpec,
      KeyUsage: 'SIGN_VERIFY',
      Description: `Signet: signs tokens of issuer prod with ${alg}`,
      Tags: Object.entries(TAGS).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Policy: signingKeyPolicy(SIGNERS, signingAlgorithm),
      // Whoever makes it may not change its policy afterwards, and that is meant.
      BypassPolicyLockoutSafetyCheck: true,
    })
    expect(fake.keys()).toMatchObject([{ spec: keySpec, tags: TAGS }])
    const [, named = ''] = keyRef.split('.')
    expect(Buffer.from(named, 'base64url').toString()).toBe(fake.keys()[0]?.arn)
  })

  test('is not made where nobody is named who may sign', async () => {
    const { fake, kms } = await started()
    const manager = kmsKeyManager({ kms, deployment: 'eu-west-1', signers: undefined })
    await expect(manager.create(binding)).rejects.toMatchObject({ code: 'key_service_refused' })
    expect(fake.calls).toEqual([])
  })

  test('opens without asking KMS, and signs with one call each, by its ARN', async () => {
    const { fake, manager } = await started()
    const key = await manager.create(binding)
    const signer = await manager.open(key.keyRef, binding)
    expect(await manager.renew(key.keyRef, binding)).toBeUndefined()
    expect(fake.calls.slice(2)).toEqual([])
    const [one, other] = [utf8('one'), utf8('other')]
    const signatures = [await signer.sign(one), await signer.sign(other)]
    expect(fake.calls.slice(2)).toEqual(['Sign', 'Sign'])
    expect([one, other].map((data, n) => verifies(key, data, signatures[n] ?? data))).toEqual([
      true,
      true,
    ])
    expect(fake.requests.slice(2).map(({ input }) => input)).toMatchObject([
      { KeyId: fake.keys()[0]?.arn, SigningAlgorithm: signingAlgorithm, MessageType: 'DIGEST' },
      { KeyId: fake.keys()[0]?.arn },
    ])
  })

  test.each([0, 4096, 4097, 16_384])('signs %d bytes, of which KMS sees a digest', async (size) => {
    const { fake, manager } = await started()
    const key = await manager.create(binding)
    const data = new Uint8Array(size).fill(0x61)
    const signer = await manager.open(key.keyRef, binding)
    expect(verifies(key, data, await signer.sign(data))).toBe(true)
    const message = fake.requests.at(-1)?.input['Message']
    expect(Buffer.from(String(message), 'base64')).toHaveLength(32)
  })
})

test('keys of one issuer are apart by their slots', async () => {
  const { fake, manager } = await started()
  await manager.create(BINDING)
  await manager.create({ ...BINDING, slot: 'slot-2' })
  expect(fake.keys().map(({ tags }) => tags['signet:slot'])).toEqual(['slot-1', 'slot-2'])
})

test('a key that is given up can be taken back for thirty days', async () => {
  const { fake, manager } = await started()
  const { keyRef } = await manager.create(BINDING)
  await manager.scheduleDeletion(keyRef, BINDING)
  expect(fake.keys()).toMatchObject([{ state: 'PendingDeletion', deletionWindowDays: 30 }])
})

test('a key that is given up for a while can be taken back for as long', async () => {
  const { fake, manager } = await started()
  const { keyRef } = await manager.create(BINDING)
  await manager.scheduleDeletion(keyRef, BINDING, 7)
  await manager.scheduleDeletion(keyRef, BINDING, 30)
  expect(fake.keys()).toMatchObject([{ state: 'PendingDeletion', deletionWindowDays: 7 }])
})

test('a key that is taken back is disabled, and asks KMS by its ARN', async () => {
  const { fake, manager } = await started()
  const { keyRef } = await manager.create(BINDING)
  await manager.scheduleDeletion(keyRef, BINDING)
  await manager.cancelDeletion(keyRef, BINDING)
  const [key] = fake.keys()
  expect(key).toMatchObject({ state: 'Disabled', deletionWindowDays: undefined })
  expect(fake.requests.at(-1)).toEqual({
    operation: 'CancelKeyDeletion',
    input: { KeyId: key?.arn },
  })
})

test('a key that was not given up is as it was when it is taken back', async () => {
  const { fake, manager } = await started()
  const { keyRef } = await manager.create(BINDING)
  await manager.cancelDeletion(keyRef, BINDING)
  expect(fake.keys()).toMatchObject([{ state: 'Enabled' }])
})

test('a key is found by its own installation, with the moment at which it was made', async () => {
  const { fake, manager, elsewhere } = await started({ now: () => 1_800_000_000.75, pageMax: 2 })
  const theirs = await elsewhere.create(BINDING)
  await manager.create({ ...BINDING, slot: 'slot-2' })
  const ours = await manager.create(BINDING)
  const found = { binding: BINDING, createdAt: 1_800_000_000, state: 'enabled' }
  const slots = new Set(['slot-1'])
  expect(await manager.find(slots)).toEqual([{ ...found, keyRef: ours.keyRef }])
  expect(await elsewhere.find(slots)).toEqual([{ ...found, keyRef: theirs.keyRef }])
  expect(await (await manager.open(ours.keyRef, BINDING)).sign(utf8('one'))).toHaveLength(64)
  expect(fake.calls).toContain('DescribeKey')
})

test('no key is looked for among no slots, and KMS is not asked', async () => {
  const { fake, manager } = await started()
  expect(await manager.find(new Set())).toEqual([])
  expect(fake.calls).toEqual([])
})

test('a key that is disabled is there, and signs no more', async () => {
  const { fake, manager } = await started()
  const { keyRef } = await manager.create(BINDING)
  await manager.disable(keyRef, BINDING)
  expect(fake.keys()).toMatchObject([{ state: 'Disabled', deletionWindowDays: undefined }])
})

test('a key of another installation is refused, and KMS is not asked', async () => {
  const { fake, manager, elsewhere } = await started()
  const { keyRef } = await manager.create(BINDING)
  const before = fake.calls.length
  for (const attempt of [
    'open',
    'renew',
    'disable',
    'scheduleDeletion',
    'cancelDeletion',
  ] as const) {
    await expect(elsewhere[attempt](keyRef, BINDING)).rejects.toMatchObject({
      code: 'key_unavailable',
    })
  }
  expect(fake.calls).toHaveLength(before)
})
