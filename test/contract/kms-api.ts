/**
 * What every transport to AWS KMS does: the contract suite of the port `KmsApi`.
 *
 * Signatures and keys are judged by `node:crypto`, and what a key was made with by a client of the SDK. Nothing here knows
 * of a fake, so that the suite also runs against KMS itself; its keys are scheduled for deletion at its end.
 */

import { Buffer } from 'node:buffer'
import { createHash, createPrivateKey, createPublicKey, randomUUID, verify } from 'node:crypto'
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  paginateListResourceTags,
  ScheduleKeyDeletionCommand,
  type KMSClient,
  type Tag,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  KmsApi,
  KmsSigningAlgorithm,
  KmsSigningKeySpec,
} from '../../src/adapters/aws/kms-api.ts'
import type { Bytes } from '../../src/crypto/base64url.ts'

export interface KmsUnderTest {
  readonly api: KmsApi
  /** Sees and makes what the port does not. */
  readonly admin: KMSClient
  close(): Promise<void>
}

const SPECS: readonly [KmsSigningKeySpec, KmsSigningAlgorithm, string][] = [
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'rsa'],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'ec'],
]
const CONTEXT = { 'signet:issuer': 'prod', 'signet:slot': 'slot-1' }
const TAGS = { 'signet:issuer': 'prod', 'signet:slot': 'a b_c.d:e/f=g+h-i@j', empty: '' }
const NO_SUCH_KEY = '00000000-0000-4000-8000-000000000000'
/** Longer than KMS takes a message to be. */
const MESSAGE = Buffer.from('a message\n'.repeat(1000))
const DIGEST: Bytes = new Uint8Array(createHash('sha256').update(MESSAGE).digest())
const WINDOW_DAYS = 7

/** A signal that nobody aborts. */
export function unaborted(): AbortSignal {
  return new AbortController().signal
}

export function describeKmsApi(name: string, start: () => Promise<KmsUnderTest>): void {
  describe(`KMS over ${name}`, () => {
    let service: KmsUnderTest
    let wrappingKey: string
    const made: string[] = []

    beforeAll(async () => {
      service = await start()
      wrappingKey = await symmetricKey()
    })
    afterAll(async () => {
      for (const KeyId of made) {
        const command = new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: WINDOW_DAYS })
        // Some tests have done it already.
        await service.admin.send(command).catch(() => {})
      }
      await service.close()
    })

    async function symmetricKey(): Promise<string> {
      const { KeyMetadata: key } = await service.admin.send(new CreateKeyCommand({}))
      made.push(key?.Arn ?? '')
      return key?.Arn ?? ''
    }

    async function newKey(keySpec: KmsSigningKeySpec, policy?: string): Promise<string> {
      const request = { keySpec, description: 'a key of a test', tags: TAGS, policy }
      const arn = await service.api.createKey(request, unaborted())
      made.push(arn)
      return arn
    }

    async function dataKeyPair(keyPairSpec: KmsSigningKeySpec, keyId = wrappingKey) {
      const request = { keyId, keyPairSpec, encryptionContext: CONTEXT }
      return service.api.generateDataKeyPair(request, unaborted())
    }

    async function tagsOf(arn: string): Promise<Tag[]> {
      const tags: Tag[] = []
      const pages = paginateListResourceTags({ client: service.admin }, { KeyId: arn })
      for await (const { Tags: some = [] } of pages) tags.push(...some)
      return tags
    }

    async function stateOf(arn: string): Promise<string | undefined> {
      const answer = await service.admin.send(new DescribeKeyCommand({ KeyId: arn }))
      return answer.KeyMetadata?.KeyState
    }

    test.each(SPECS)('makes a key of %s for what it was asked to', async (spec) => {
      const arn = await newKey(spec)
      const { KeyMetadata: key } = await service.admin.send(new DescribeKeyCommand({ KeyId: arn }))
      const tags = await tagsOf(arn)
      expect(key).toMatchObject({
        Arn: arn,
        KeySpec: spec,
        KeyUsage: 'SIGN_VERIFY',
        KeyState: 'Enabled',
        Description: 'a key of a test',
      })
      expect(tags.toSorted((a, b) => ((a.TagKey ?? '') < (b.TagKey ?? '') ? -1 : 1))).toEqual([
        { TagKey: 'empty', TagValue: '' },
        { TagKey: 'signet:issuer', TagValue: 'prod' },
        { TagKey: 'signet:slot', TagValue: 'a b_c.d:e/f=g+h-i@j' },
      ])
    })

    test('gives a key the policy it was given, or else that of KMS', async () => {
      const plain = await newKey('ECC_NIST_P256')
      const first = await policyOf(plain)
      const policy = JSON.stringify({ ...first, Id: 'given by a test' })
      const given = await policyOf(await newKey('ECC_NIST_P256', policy))
      expect(first).toMatchObject({ Statement: [{ Action: 'kms:*' }] })
      expect(given).toMatchObject({ Id: 'given by a test' })
    })

    async function policyOf(arn: string): Promise<object> {
      const answer = await service.admin.send(new GetKeyPolicyCommand({ KeyId: arn }))
      return JSON.parse(answer.Policy ?? '') as object
    }

    test.each(SPECS)('signs with a key of %s what verifies', async (spec, algorithm, type) => {
      const keyId = await newKey(spec)
      const der = await service.api.getPublicKey(keyId, unaborted())
      const publicKey = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
      const request = { keyId, digest: DIGEST, algorithm }
      const signature = await service.api.sign(request, unaborted())
      expect(publicKey.asymmetricKeyType).toBe(type)
      expect(verify('sha256', MESSAGE, publicKey, signature)).toBe(true)
      expect(verify('sha256', MESSAGE.subarray(1), publicKey, signature)).toBe(false)
    })

    test('disables a key, also twice', async () => {
      const arn = await newKey('ECC_NIST_P256')
      await service.api.disableKey(arn, unaborted())
      await service.api.disableKey(arn, unaborted())
      expect(await stateOf(arn)).toBe('Disabled')
    })

    test('schedules the deletion of a key for the day it was told', async () => {
      const arn = await newKey('ECC_NIST_P256')
      await service.api.scheduleKeyDeletion(arn, WINDOW_DAYS, unaborted())
      const { KeyMetadata: key } = await service.admin.send(new DescribeKeyCommand({ KeyId: arn }))
      const seconds = Number(key?.DeletionDate) / 1000 - Number(key?.CreationDate) / 1000
      expect(key?.KeyState).toBe('PendingDeletion')
      expect(Math.round(seconds / 86_400)).toBe(WINDOW_DAYS)
    })

    test('takes a scheduled deletion back, which leaves the key disabled', async () => {
      const arn = await newKey('ECC_NIST_P256')
      const cancel = () => service.api.cancelKeyDeletion(arn, unaborted())
      await service.api.scheduleKeyDeletion(arn, WINDOW_DAYS, unaborted())
      await cancel()
      expect(await stateOf(arn)).toBe('Disabled')
      const notPending = { code: 'disabled', awsName: 'KMSInvalidStateException' }
      await expect(cancel()).rejects.toMatchObject(notPending)
    })

    test('lists every key once, page by page', async () => {
      const some = [await newKey('ECC_NIST_P256'), await symmetricKey(), await symmetricKey()]
      const listed: string[] = []
      let marker: string | undefined
      do {
        const { keyIds, next } = await service.api.listKeys(marker, unaborted())
        listed.push(...keyIds)
        marker = next
      } while (marker !== undefined)
      expect(listed.filter((arn) => some.includes(arn)).toSorted()).toEqual(some.toSorted())
      expect(new Set(listed).size).toBe(listed.length)
    })

    test('lists the tags of a key, also of one without', async () => {
      const arn = await newKey('ECC_NIST_P256')
      expect(await service.api.listResourceTags(arn, unaborted())).toEqual(TAGS)
      expect(await service.api.listResourceTags(wrappingKey, unaborted())).toEqual({})
    })

    test.each(SPECS)('describes a key of %s, whatever has become of it', async (keySpec) => {
      const arn = await newKey(keySpec)
      const { KeyMetadata: key } = await service.admin.send(new DescribeKeyCommand({ KeyId: arn }))
      const createdAt = Math.floor(Number(key?.CreationDate) / 1000)
      const describeKey = () => service.api.describeKey(arn, unaborted())
      expect(await describeKey()).toEqual({ arn, createdAt, keySpec, state: 'enabled' })
      await service.api.disableKey(arn, unaborted())
      expect(await describeKey()).toEqual({ arn, createdAt, keySpec, state: 'disabled' })
      await service.api.scheduleKeyDeletion(arn, WINDOW_DAYS, unaborted())
      expect(await describeKey()).toEqual({ arn, createdAt, keySpec, state: 'pending_deletion' })
    })

    test.each(SPECS)('makes a data key pair of %s that opens', async (spec, _, type) => {
      const { publicKey, keyArn, privateKeyCiphertext: ciphertext } = await dataKeyPair(spec)
      expect(keyArn).toBe(wrappingKey)
      const request = { keyId: wrappingKey, ciphertext, encryptionContext: CONTEXT }
      const plaintext = await service.api.decrypt(request, unaborted())
      const key = Buffer.from(plaintext)
      const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
      const opened = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
      expect(privateKey.asymmetricKeyType).toBe(type)
      expect(opened.equals(publicKey)).toBe(true)
      expect(Buffer.from(ciphertext).includes(key.subarray(-32))).toBe(false)
    })

    test.each<[string, (ciphertext: Bytes) => { ciphertext?: Bytes; encryptionContext?: object }]>([
      [
        'in another context',
        () => ({ encryptionContext: { ...CONTEXT, 'signet:slot': 'slot-2' } }),
      ],
      [
        'in a context that lacks a part',
        () => ({ encryptionContext: { 'signet:issuer': 'prod' } }),
      ],
      [
        'that was changed',
        (bytes) => ({ ciphertext: bytes.map((b, n) => (n === 99 ? b ^ 1 : b)) }),
      ],
      ['that was cut short', (bytes) => ({ ciphertext: bytes.slice(0, -1) })],
    ])('refuses to open a ciphertext %s', async (_, change) => {
      const { privateKeyCiphertext: ciphertext } = await dataKeyPair('ECC_NIST_P256')
      const request = { keyId: wrappingKey, ciphertext, encryptionContext: CONTEXT }
      const changed = { ...request, ...change(ciphertext) } as typeof request
      const error = { code: 'invalid_ciphertext', awsName: 'InvalidCiphertextException' }
      await expect(service.api.decrypt(changed, unaborted())).rejects.toMatchObject(error)
    })

    test('refuses to open a ciphertext of another key', async () => {
      const keyId = await symmetricKey()
      const { privateKeyCiphertext: ciphertext } = await dataKeyPair('ECC_NIST_P256')
      const request = { keyId, ciphertext, encryptionContext: CONTEXT }
      const error = { code: 'invalid_ciphertext', awsName: 'IncorrectKeyException' }
      await expect(service.api.decrypt(request, unaborted())).rejects.toMatchObject(error)
    })

    test('says of a key that is disabled or about to be deleted that it is', async () => {
      const keyId = await newKey('ECC_NIST_P256')
      const request = { keyId, digest: DIGEST, algorithm: 'ECDSA_SHA_256' } as const
      const sign = () => service.api.sign(request, unaborted())
      const schedule = () => service.api.scheduleKeyDeletion(keyId, WINDOW_DAYS, unaborted())
      await service.api.disableKey(keyId, unaborted())
      await expect(sign()).rejects.toMatchObject({ code: 'disabled', awsName: 'DisabledException' })
      await schedule()
      const pending = { code: 'disabled', awsName: 'KMSInvalidStateException' }
      await expect(sign()).rejects.toMatchObject(pending)
      await expect(schedule()).rejects.toMatchObject(pending)
      await expect(service.api.disableKey(keyId, unaborted())).rejects.toMatchObject(pending)
    })

    test('says of a key that there is not that it is not found', async () => {
      const error = { code: 'not_found', awsName: 'NotFoundException' }
      const arn = wrappingKey.replace(/[^/]+$/, NO_SUCH_KEY)
      for (const keyId of [arn, NO_SUCH_KEY, `alias/${randomUUID()}`]) {
        await expect(service.api.getPublicKey(keyId, unaborted())).rejects.toMatchObject(error)
        await expect(service.api.describeKey(keyId, unaborted())).rejects.toMatchObject(error)
      }
      for (const keyId of [arn, NO_SUCH_KEY]) {
        await expect(service.api.listResourceTags(keyId, unaborted())).rejects.toMatchObject(error)
        await expect(service.api.cancelKeyDeletion(keyId, unaborted())).rejects.toMatchObject(error)
      }
    })

    test('says of what a key cannot do that it is rejected', async () => {
      const keyId = await newKey('ECC_NIST_P256')
      const request = { keyId, digest: DIGEST, algorithm: 'RSASSA_PKCS1_V1_5_SHA_256' } as const
      const misused = { code: 'rejected', awsName: 'InvalidKeyUsageException' }
      const invalid = { code: 'rejected', awsName: 'ValidationException' }
      const tooSoon = () => service.api.scheduleKeyDeletion(keyId, WINDOW_DAYS - 1, unaborted())
      await expect(service.api.sign(request, unaborted())).rejects.toMatchObject(misused)
      await expect(dataKeyPair('RSA_2048', keyId)).rejects.toMatchObject(misused)
      await expect(tooSoon()).rejects.toMatchObject(invalid)
    })
  })
}
