/**
 * Custody `kms-wrapped`, beyond the contract of key managers: what KMS is asked, and what becomes of a key in clear.
 */

import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Kms } from '../../../../src/adapters/aws/kms.ts'
import { wrappedKeyManager } from '../../../../src/adapters/signers/kms-wrapped/wrapped-key-manager.ts'
import { SIGNING_ALGORITHMS } from '../../../../src/crypto/algorithms.ts'
import type { Bytes } from '../../../../src/crypto/base64url.ts'
import { Fault } from '../../../../src/errors.ts'
import type { KeyBinding, KeyRef } from '../../../../src/signers/key-manager.ts'
import { rememberingSigners } from '../../../../src/signers/remembered-signers.ts'
import {
  FAKE_ACCOUNT,
  type KmsFake,
  kmsErrors,
  startKmsFake,
} from '../../../support/aws/kms-fake.ts'
import { kmsAt, newWrappingKey } from '../../../support/aws/kms-managers.ts'
import { changedAt, signsFor } from '../../../contract/key-manager.ts'

const BINDING: KeyBinding = { issuerId: 'prod', slot: 'slot-1', alg: 'ES256' }
const CONTEXT = { 'signet:deployment': 'test', 'signet:issuer': 'prod', 'signet:slot': 'slot-1' }
const PKCS8_OF_P256 = '308187020100301306072a8648ce3d0201'

let fake: KmsFake
let kms: Kms
let wrappingKey: string

beforeEach(async () => {
  fake = await startKmsFake()
  onTestFinished(() => fake.close())
  kms = kmsAt(fake.url)
  wrappingKey = await newWrappingKey(fake.url)
})

afterEach(() => {
  vi.restoreAllMocks()
})

function managerOf(changes: Partial<Parameters<typeof wrappedKeyManager>[0]> = {}) {
  return wrappedKeyManager({ kms, deployment: 'test', wrappingKey, ...changes })
}

/** Keeps what KMS decrypts; what it was is told by `first`, before anybody could overwrite it. */
function keeping(change: (plaintext: Bytes) => Bytes = (plaintext) => plaintext) {
  const kept: Bytes[] = []
  const first: string[] = []
  const decrypt: Kms['decrypt'] = async (request) => {
    const plaintext = change(await kms.decrypt(request))
    kept.push(plaintext)
    first.push(Buffer.from(plaintext).toString('hex'))
    return plaintext
  }
  return { kept, first, manager: managerOf({ kms: { ...kms, decrypt } }) }
}

async function faultOf(work: Promise<unknown>) {
  const outcome: unknown = await work.then(
    () => 'it worked',
    (error: unknown) => error,
  )
  if (!(outcome instanceof Fault)) throw new Error('a fault was expected', { cause: outcome })
  const shown = [String(outcome), String(outcome.cause)].join()
  const marks = [FAKE_ACCOUNT, 'arn:', 'marked', wrappingKey]
  const { code, message } = outcome
  return { code, message, told: marks.filter((mark) => shown.includes(mark)) }
}

describe.each(SIGNING_ALGORITHMS)('a key for %s', (alg) => {
  const binding = { ...BINDING, alg }

  test('is made and opened for its installation, issuer and slot, and for nothing else', async () => {
    const manager = managerOf()
    const { keyRef } = await manager.create(binding)
    await manager.open(keyRef, binding)
    expect(fake.requests.slice(1)).toEqual([
      {
        operation: 'GenerateDataKeyPairWithoutPlaintext',
        input: {
          KeyId: wrappingKey,
          KeyPairSpec: alg === 'ES256' ? 'ECC_NIST_P256' : 'RSA_2048',
          EncryptionContext: CONTEXT,
        },
      },
      {
        operation: 'Decrypt',
        input: expect.objectContaining({ KeyId: wrappingKey, EncryptionContext: CONTEXT }),
      },
    ])
  })

  test('is in its reference, and asks KMS for nothing but to be opened', async () => {
    const manager = managerOf()
    const { keyRef } = await manager.create(binding)
    expect(await manager.renew(keyRef, binding)).toBeUndefined()
    await manager.disable(keyRef, binding)
    await manager.scheduleDeletion(keyRef, binding)
    await manager.cancelDeletion(keyRef, binding)
    expect(await manager.find(new Set([binding.slot]))).toEqual([])
    expect(fake.calls).toEqual(['CreateKey', 'GenerateDataKeyPairWithoutPlaintext'])
    expect(fake.keys()).toMatchObject([{ arn: wrappingKey, state: 'Enabled' }])
  })

  test('is overwritten in memory once it is open', async () => {
    const { kept, first, manager } = keeping()
    const { keyRef } = await manager.create(binding)
    const signer = await manager.open(keyRef, binding)
    expect(first.map((hex) => hex.length > 200)).toEqual([true])
    expect(kept.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true])
    expect((await signer.sign(new Uint8Array(1))).length).toBeGreaterThan(0)
  })

  test('is not given out by WebCrypto, and only signs', async () => {
    const manager = managerOf()
    const { keyRef } = await manager.create(binding)
    const importKey = vi.spyOn(crypto.subtle, 'importKey')
    await manager.open(keyRef, binding)
    const imported = importKey.mock.calls.map(([format, , , extractable, usages]) => ({
      format,
      extractable,
      usages,
    }))
    expect(imported).toEqual([{ format: 'pkcs8', extractable: false, usages: ['sign'] }])
  })
})

describe('what was unwrapped and is no key', () => {
  test.each<[string, (plaintext: Bytes) => Bytes]>([
    ['of random bytes', (plaintext) => crypto.getRandomValues(plaintext)],
    ['that is cut short', (plaintext) => plaintext.slice(0, -1)],
    ['of nothing', () => new Uint8Array()],
  ])('%s is overwritten too, and nothing of it is told', async (_, change) => {
    const { kept, first, manager } = keeping(change)
    const { keyRef } = await manager.create(BINDING)
    expect(await faultOf(manager.open(keyRef, BINDING))).toEqual({
      code: 'key_unavailable',
      message: 'a key of issuer prod cannot be opened: what was unwrapped is no key for ES256',
      told: [],
    })
    expect(first).toHaveLength(1)
    expect(kept.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true])
  })

  test('for its algorithm is refused with a fault that has no cause', async () => {
    const manager = managerOf()
    const { keyRef } = await manager.create({ ...BINDING, alg: 'RS256' })
    // Made by hand: the same ciphertext for another algorithm, which is not in the encryption context.
    const error: unknown = await manager
      .open(refor(keyRef, BINDING), BINDING)
      .catch((e: unknown) => e)
    expect(error).toMatchObject({ name: 'Fault', code: 'key_unavailable' })
    expect(error).not.toHaveProperty('cause')
  })
})

/** The reference with the check of another binding, as whoever writes documents can make it. */
function refor(keyRef: KeyRef, { issuerId, slot, alg }: KeyBinding, deployment = 'test'): KeyRef {
  const [format, text] = keyRef.split('.')
  const list = JSON.stringify([format, deployment, issuerId, slot, alg, text])
  const check = createHash('sha256').update(list).digest().subarray(0, 16).toString('base64url')
  return [format, text, check].join('.') as KeyRef
}

describe('KMS itself refuses to unwrap a reference that was made by hand', () => {
  test.each<[string, KeyBinding, string]>([
    ['for another issuer', { ...BINDING, issuerId: 'other' }, 'test'],
    ['for another slot', { ...BINDING, slot: 'slot-2' }, 'test'],
    ['for another installation', BINDING, 'other'],
  ])('%s', async (_, binding, deployment) => {
    const { keyRef } = await managerOf().create(BINDING)
    const forged = refor(keyRef, binding, deployment)
    expect(await faultOf(managerOf({ deployment }).open(forged, binding))).toEqual({
      code: 'key_unavailable',
      message: `a key could not be unwrapped for issuer ${binding.issuerId}: AWS KMS answered InvalidCiphertextException`,
      told: [],
    })
    expect(fake.calls.at(-1)).toBe('Decrypt')
  })

  test('of other bytes', async () => {
    const { keyRef } = await managerOf().create(BINDING)
    const [format, text = ''] = keyRef.split('.')
    const named = Buffer.from(text, 'base64url').toString()
    const changed = changedAt(named, named.length - 100)
    const forged = refor(
      [format, Buffer.from(changed).toString('base64url')].join('.') as KeyRef,
      BINDING,
    )
    expect(await faultOf(managerOf().open(forged, BINDING))).toMatchObject({
      code: 'key_unavailable',
      message: expect.stringContaining('InvalidCiphertextException'),
    })
  })
})

test('another installation refuses a reference without asking KMS', async () => {
  const { keyRef } = await managerOf().create(BINDING)
  const before = fake.calls.length
  expect(await faultOf(managerOf({ deployment: 'other' }).open(keyRef, BINDING))).toMatchObject({
    code: 'key_unavailable',
  })
  expect(fake.calls).toHaveLength(before)
})

test('a key opens by the one that wrapped it, whatever wraps new ones', async () => {
  const key = await managerOf().create(BINDING)
  const other = managerOf({ wrappingKey: await newWrappingKey(fake.url) })
  expect(await signsFor(await other.open(key.keyRef, BINDING), key, BINDING.alg)).toBe(true)
  const [, text = ''] = key.keyRef.split('.')
  expect(Buffer.from(text, 'base64url').toString()).toMatch(/^arn:aws:kms:[^ ]+:key\/[^ ]+ /)
})

test('no part of a key in clear is in its reference', async () => {
  const { first, manager } = keeping()
  const { keyRef } = await manager.create(BINDING)
  await manager.open(keyRef, BINDING)
  const [, text = ''] = keyRef.split('.')
  const [plaintext = ''] = first
  expect(plaintext.startsWith(PKCS8_OF_P256)).toBe(true)
  const ciphertext = Buffer.from(text, 'base64url').toString('hex')
  expect(ciphertext).not.toContain(PKCS8_OF_P256.slice(-20))
  expect(ciphertext).not.toContain(plaintext.slice(72, 136))
})

describe('an instance that remembers its signers', () => {
  test('decrypts once, however many tokens it signs and however many at once', async () => {
    const manager = rememberingSigners(managerOf())
    const { keyRef } = await manager.create(BINDING)
    const sign = async () => (await manager.open(keyRef, BINDING)).sign(new Uint8Array(1))
    const signatures = await Promise.all(Array.from({ length: 20 }, sign))
    for (let count = 1; count <= 20; count += 1) signatures.push(await sign())
    expect(signatures.map(({ length }) => length)).toEqual(Array.from({ length: 40 }, () => 64))
    expect(timesDecrypted(fake)).toBe(1)
  })

  test('does not remember a decryption that failed', async () => {
    const manager = rememberingSigners(managerOf())
    const { keyRef } = await manager.create(BINDING)
    fake.inject('Decrypt', kmsErrors.denied, 2)
    const refused = { code: 'key_service_refused' }
    expect(await faultOf(manager.open(keyRef, BINDING))).toMatchObject(refused)
    expect(await faultOf(manager.open(keyRef, BINDING))).toMatchObject(refused)
    expect(await manager.open(keyRef, BINDING)).toHaveProperty('sign')
    expect(timesDecrypted(fake)).toBe(3)
  })
})

function timesDecrypted({ calls }: KmsFake): number {
  return calls.filter((operation) => operation === 'Decrypt').length
}
