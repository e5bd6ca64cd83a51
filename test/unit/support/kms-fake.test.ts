/**
 * What the fake of AWS KMS does beyond the contract of `KmsApi`, seen by the SDK's client.
 */

import { Buffer } from 'node:buffer'
import { createPublicKey, verify } from 'node:crypto'
import {
  CreateAliasCommand,
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GetPublicKeyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  type CreateKeyCommandInput,
  type KMSClientConfig,
} from '@aws-sdk/client-kms'
import { AwsV4Signer } from 'aws4fetch'
import { expect, test } from 'vitest'
import { FAKE_REGION } from '../../support/aws/kms-fake.ts'
import { credentials, startedKms, tagsOf } from '../../support/aws/started-kms.ts'

const EC_KEY = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const
const ES256 = { SigningAlgorithm: 'ECDSA_SHA_256' } as const
const WRAP = { KeyId: 'alias/wrap', KeyPairSpec: 'ECC_NIST_P256' } as const

test('signs a message, which has 4,096 bytes at most', async () => {
  const { client, createKey } = await startedKms()
  const KeyId = await createKey(EC_KEY)
  const Message = Buffer.alloc(4096, 'm')
  const { PublicKey: key = [] } = await client.send(new GetPublicKeyCommand({ KeyId }))
  const { Signature: signature = Buffer.alloc(0) } = await client.send(
    new SignCommand({ KeyId, Message, ...ES256 }),
  )
  const publicKey = createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' })
  expect(verify('sha256', Message, publicKey, signature)).toBe(true)
  const longer = new SignCommand({ KeyId, Message: Buffer.alloc(4097), ...ES256 })
  await expect(client.send(longer)).rejects.toMatchObject({ name: 'ValidationException' })
})

test('makes ECDSA signatures of every shape that verify', async () => {
  const { client, createKey } = await startedKms()
  const KeyId = await createKey(EC_KEY)
  const { PublicKey: key = [] } = await client.send(new GetPublicKeyCommand({ KeyId }))
  const publicKey = createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' })
  const lengths = new Set<number>()
  for (let count = 1; count <= 100; count++) {
    const Message = Buffer.from(`message ${count}`)
    const { Signature: signature = Buffer.alloc(0) } = await client.send(
      new SignCommand({ KeyId, Message, ...ES256 }),
    )
    lengths.add(signature.length)
    expect(verify('sha256', Message, publicKey, signature)).toBe(true)
  }
  expect(lengths.size).toBeGreaterThan(1)
})

test('refuses a digest of another length', async () => {
  const { client, createKey } = await startedKms()
  const KeyId = await createKey(EC_KEY)
  const command = new SignCommand({
    KeyId,
    Message: Buffer.alloc(31),
    MessageType: 'DIGEST',
    ...ES256,
  })
  await expect(client.send(command)).rejects.toMatchObject({ name: 'ValidationException' })
})

test.each<[string, CreateKeyCommandInput, string]>([
  ['an asymmetric key without a usage', { KeySpec: 'RSA_2048' }, 'ValidationException'],
  ['a key of no spec', { ...EC_KEY, KeySpec: 'RSA_1' as 'RSA_2048' }, 'ValidationException'],
  ['a long description', { Description: 'd'.repeat(8193) }, 'ValidationException'],
  [
    'no policy',
    { Policy: '{', BypassPolicyLockoutSafetyCheck: true },
    'MalformedPolicyDocumentException',
  ],
  [
    'a policy that its maker could not change',
    { Policy: '{"Statement":[]}' },
    'MalformedPolicyDocumentException',
  ],
  ['a tag kept for AWS', { Tags: [{ TagKey: 'aws:x', TagValue: '' }] }, 'TagException'],
  ['a tag with a comma', { Tags: [{ TagKey: 'a', TagValue: 'b,c' }] }, 'TagException'],
  ['51 tags', { Tags: tagsOf(51) }, 'TagException'],
  ['one tag twice', { Tags: [...tagsOf(1), ...tagsOf(1)] }, 'TagException'],
])('makes no key with %s', async (_, input, name) => {
  const { fake, createKey } = await startedKms()
  await expect(createKey(input)).rejects.toMatchObject({ name })
  expect(fake.keys()).toEqual([])
})

test('shows what it was asked and what became of it', async () => {
  const { fake, createKey } = await startedKms()
  const arn = await createKey({ Tags: tagsOf(1), Description: 'wraps' })
  fake.setState(arn, 'Disabled')
  expect(fake.calls).toEqual(['CreateKey'])
  expect(fake.requests).toMatchObject([{ operation: 'CreateKey', input: { Description: 'wraps' } }])
  expect(fake.keys()).toMatchObject([
    {
      arn,
      spec: 'SYMMETRIC_DEFAULT',
      state: 'Disabled',
      tags: { 'tag-0': 'é' },
      policy: undefined,
    },
  ])
  fake.remove(arn)
  expect(fake.keys()).toEqual([])
})

test('throttles what is over its quota, until it is given anew', async () => {
  const { fake, createKey } = await startedKms({ quotas: { CreateKey: 2 } })
  await createKey()
  await createKey()
  await expect(createKey()).rejects.toMatchObject({ name: 'ThrottlingException' })
  expect(fake.keys()).toHaveLength(2)
  fake.refill()
  await createKey()
  expect(fake.keys()).toHaveLength(3)
})

test('knows a key by its alias where KMS does', async () => {
  const { client, createKey } = await startedKms()
  const TargetKeyId = await createKey()
  const create = new CreateAliasCommand({ AliasName: 'alias/wrap', TargetKeyId })
  await client.send(create)
  const described = await client.send(new DescribeKeyCommand({ KeyId: 'alias/wrap' }))
  const pair = await client.send(new GenerateDataKeyPairWithoutPlaintextCommand(WRAP))
  const schedule = new ScheduleKeyDeletionCommand({ KeyId: 'alias/wrap' })
  expect([described.KeyMetadata?.Arn, pair.KeyId]).toEqual([TargetKeyId, TargetKeyId])
  await expect(client.send(create)).rejects.toMatchObject({ name: 'AlreadyExistsException' })
  await expect(client.send(schedule)).rejects.toMatchObject({ name: 'NotFoundException' })
})

test('opens what it encrypted without being told the key, unless the key is disabled', async () => {
  const { fake, client, createKey } = await startedKms()
  const TargetKeyId = await createKey()
  await client.send(new CreateAliasCommand({ AliasName: 'alias/wrap', TargetKeyId }))
  const EncryptionContext = { a: '1', b: '2' }
  const { PrivateKeyCiphertextBlob: CiphertextBlob } = await client.send(
    new GenerateDataKeyPairWithoutPlaintextCommand({ ...WRAP, EncryptionContext }),
  )
  const inAnotherOrder = { CiphertextBlob, EncryptionContext: { b: '2', a: '1' } }
  const { Plaintext } = await client.send(new DecryptCommand(inAnotherOrder))
  expect(Plaintext?.length).toBeGreaterThan(100)
  fake.setState(TargetKeyId, 'Disabled')
  const command = new DecryptCommand(inAnotherOrder)
  await expect(client.send(command)).rejects.toMatchObject({ name: 'DisabledException' })
})

test.each<[string, KMSClientConfig, string]>([
  ['another region', { region: 'us-east-1' }, 'InvalidSignatureException'],
  [
    'another secret',
    { credentials: { ...credentials, secretAccessKey: 'other' } },
    'InvalidSignatureException',
  ],
  [
    'another caller',
    { credentials: { ...credentials, accessKeyId: 'AKIDOTHER' } },
    'UnrecognizedClientException',
  ],
  [
    'a session that there is not',
    { credentials: { ...credentials, sessionToken: 'other' } },
    'UnrecognizedClientException',
  ],
])('refuses the signature of %s', async (_, config, name) => {
  const { createKey } = await startedKms({ credentials }, config)
  await expect(createKey()).rejects.toMatchObject({ name })
})

test('refuses what is not signed', async () => {
  const { fake } = await startedKms()
  const headers = { 'x-amz-target': 'TrentService.ListKeys' }
  const answer = await fetch(fake.url, { method: 'POST', headers, body: '{}' })
  expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
})

test('refuses a signature that leaves out what is asked', async () => {
  const { fake } = await startedKms({ credentials })
  const body = '{}'
  const call = { url: fake.url, body, region: FAKE_REGION, service: 'kms', ...credentials }
  const { headers } = await new AwsV4Signer(call).sign()
  headers.set('x-amz-target', 'TrentService.ListKeys')
  const answer = await fetch(fake.url, { method: 'POST', headers, body })
  expect(await answer.json()).toMatchObject({ __type: 'InvalidSignatureException' })
})
