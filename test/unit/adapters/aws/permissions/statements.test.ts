/**
 * What statements allow and what they do not, judged as IAM judges them.
 */

import { describe, expect, test } from 'vitest'
import type { KmsApi } from '../../../../../src/adapters/aws/kms-api.ts'
import {
  type IamStatement,
  policyDocument,
} from '../../../../../src/adapters/aws/permissions/iam-statement.ts'
import { workerStatements } from '../../../../../src/adapters/aws/permissions/worker-key.ts'
import { keyTags } from '../../../../../src/adapters/signers/key-tags.ts'
import { type IamPolicy, judge } from '../../../../support/aws/iam-policy.ts'

const PLACE = {
  partition: 'aws',
  region: 'eu-central-1',
  account: '111122223333',
  deployment: 'signet',
}
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/22222222-3333-4444-5555-666666666666'
const WRAPPING_KEY =
  'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555'
const CALLER = 'arn:aws:iam::111122223333:user/worker'
const TAGS = keyTags('signet', { issuerId: 'prod', slot: 'a', alg: 'RS256' })

type Context = Readonly<Record<string, string | readonly string[]>>

function isAllowed(
  statements: readonly IamStatement[],
  action: string,
  resource: string,
  context: Context = {},
): boolean {
  const known = new Map(
    Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()]),
  )
  const call = { action, resource, context: (key: string) => known.get(key) }
  const principal = { type: 'role', arn: CALLER, account: PLACE.account } as const
  const policies = [policyDocument(statements) as IamPolicy]
  return judge(call, { principal, policies }).allowed
}

/** Of a key that has these tags. */
function taggedAs(tags: Readonly<Record<string, string>>): Context {
  return Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value]),
  )
}

/** Of a request that gives these tags. */
function tagging(tags: Readonly<Record<string, string>>): Context {
  const given = Object.entries(tags).map(([name, value]) => [`aws:RequestTag/${name}`, value])
  return { ...Object.fromEntries(given), 'aws:TagKeys': Object.keys(tags) }
}

const RSA = { 'kms:KeyUsage': 'SIGN_VERIFY', 'kms:KeySpec': 'RSA_2048' }
const EC = { 'kms:KeyUsage': 'SIGN_VERIFY', 'kms:KeySpec': 'ECC_NIST_P256' }
const SYMMETRIC = { 'kms:KeyUsage': 'ENCRYPT_DECRYPT', 'kms:KeySpec': 'SYMMETRIC_DEFAULT' }
const OWN = { ...taggedAs(TAGS), ...RSA }
const FOREIGN_TAGS = { ...TAGS, 'signet:deployment': 'staging' }
const DIGEST = { 'kms:MessageType': 'DIGEST' }
const RS256 = { ...DIGEST, 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' }
const ES256 = { ...DIGEST, 'kms:SigningAlgorithm': 'ECDSA_SHA_256' }
const CONTEXT = { 'kms:EncryptionContext:signet:deployment': 'signet' }
const worker = workerStatements(PLACE, WRAPPING_KEY)

describe('a Worker may', () => {
  test.each<[string, string, string, Context]>([
    ['make an RSA key', 'kms:CreateKey', '*', { ...tagging(TAGS), ...RSA }],
    ['make an EC key', 'kms:CreateKey', '*', { ...tagging(TAGS), ...EC }],
    ['tag a key in the making', 'kms:TagResource', KEY, tagging(TAGS)],
    ['and where KMS says what it will be', 'kms:TagResource', KEY, { ...tagging(TAGS), ...OWN }],
    ['list keys', 'kms:ListKeys', '*', {}],
    ["read anybody's tags", 'kms:ListResourceTags', KEY, SYMMETRIC],
    ['read a public key before its tags count', 'kms:GetPublicKey', KEY, RSA],
    ['look at a key', 'kms:DescribeKey', KEY, OWN],
    ['disable its key', 'kms:DisableKey', KEY, OWN],
    ['have its key deleted', 'kms:ScheduleKeyDeletion', KEY, OWN],
    ['take that back', 'kms:CancelKeyDeletion', KEY, OWN],
    ['sign with RSA', 'kms:Sign', KEY, { ...OWN, ...RS256 }],
    ['sign with EC', 'kms:Sign', KEY, { ...taggedAs(TAGS), ...EC, ...ES256 }],
    ['unwrap its keys', 'kms:Decrypt', WRAPPING_KEY, CONTEXT],
    [
      'make wrapped keys',
      'kms:GenerateDataKeyPairWithoutPlaintext',
      WRAPPING_KEY,
      { ...CONTEXT, 'kms:DataKeyPairSpec': 'RSA_2048' },
    ],
  ])('%s', (_title, action, resource, context) => {
    expect(isAllowed(worker, action, resource, context)).toBe(true)
  })
})

describe('a Worker may not', () => {
  test.each<[string, string, string, Context]>([
    ['make a key without tags', 'kms:CreateKey', '*', RSA],
    ['make a key for others', 'kms:CreateKey', '*', { ...tagging(FOREIGN_TAGS), ...RSA }],
    [
      'make a key with other tags',
      'kms:CreateKey',
      '*',
      { ...tagging({ ...TAGS, owner: 'them' }), ...RSA },
    ],
    ['make a key that encrypts', 'kms:CreateKey', '*', { ...tagging(TAGS), ...SYMMETRIC }],
    [
      'make a key that agrees on keys',
      'kms:CreateKey',
      '*',
      { ...tagging(TAGS), ...EC, 'kms:KeyUsage': 'KEY_AGREEMENT' },
    ],
    [
      'make a key of another size',
      'kms:CreateKey',
      '*',
      { ...tagging(TAGS), ...RSA, 'kms:KeySpec': 'RSA_4096' },
    ],
    ['tag a key for others', 'kms:TagResource', KEY, tagging(FOREIGN_TAGS)],
    ['tag with other tags', 'kms:TagResource', KEY, { ...tagging({ ...TAGS, owner: 'them' }) }],
    [
      'mark the key of another deployment as its own',
      'kms:TagResource',
      KEY,
      { ...tagging(TAGS), ...taggedAs(FOREIGN_TAGS), ...RSA },
    ],
    [
      'mark a key that encrypts as its own',
      'kms:TagResource',
      KEY,
      { ...tagging(TAGS), ...SYMMETRIC },
    ],
    ['take tags away', 'kms:UntagResource', KEY, OWN],
    ['look at a key that encrypts', 'kms:DescribeKey', KEY, SYMMETRIC],
    ["disable somebody's key", 'kms:DisableKey', KEY, RSA],
    [
      'disable the key of another deployment',
      'kms:DisableKey',
      KEY,
      { ...taggedAs(FOREIGN_TAGS), ...RSA },
    ],
    [
      'have a wrapping key deleted that has its tag',
      'kms:ScheduleKeyDeletion',
      WRAPPING_KEY,
      { ...taggedAs(TAGS), ...SYMMETRIC },
    ],
    ['enable a key again', 'kms:EnableKey', KEY, OWN],
    ['open a key to others', 'kms:PutKeyPolicy', KEY, OWN],
    ['grant a key to others', 'kms:CreateGrant', KEY, OWN],
    ["sign with somebody's key", 'kms:Sign', KEY, { ...RSA, ...RS256 }],
    ['sign a message', 'kms:Sign', KEY, { ...OWN, ...RS256, 'kms:MessageType': 'RAW' }],
    [
      'sign by another algorithm',
      'kms:Sign',
      KEY,
      { ...OWN, ...DIGEST, 'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256' },
    ],
    [
      'sign in another region',
      'kms:Sign',
      KEY.replace('eu-central-1', 'us-east-1'),
      { ...OWN, ...RS256 },
    ],
    ['unwrap without a context', 'kms:Decrypt', WRAPPING_KEY, {}],
    [
      'unwrap for another deployment',
      'kms:Decrypt',
      WRAPPING_KEY,
      { 'kms:EncryptionContext:signet:deployment': 'staging' },
    ],
    ['decrypt with another key', 'kms:Decrypt', KEY, CONTEXT],
    ['encrypt', 'kms:Encrypt', WRAPPING_KEY, CONTEXT],
    [
      'have a key pair in clear',
      'kms:GenerateDataKeyPair',
      WRAPPING_KEY,
      { ...CONTEXT, 'kms:DataKeyPairSpec': 'RSA_2048' },
    ],
    [
      'make wrapped keys of another size',
      'kms:GenerateDataKeyPairWithoutPlaintext',
      WRAPPING_KEY,
      { ...CONTEXT, 'kms:DataKeyPairSpec': 'RSA_4096' },
    ],
    [
      'make wrapped keys for another deployment',
      'kms:GenerateDataKeyPairWithoutPlaintext',
      WRAPPING_KEY,
      { 'kms:EncryptionContext:signet:deployment': 'staging', 'kms:DataKeyPairSpec': 'RSA_2048' },
    ],
  ])('%s', (_title, action, resource, context) => {
    expect(isAllowed(worker, action, resource, context)).toBe(false)
  })

  test('unwrap anything where no key wraps', () => {
    const statements = workerStatements(PLACE, undefined)
    expect(isAllowed(statements, 'kms:Decrypt', WRAPPING_KEY, CONTEXT)).toBe(false)
    expect(JSON.stringify(statements)).not.toContain('DataKeyPair')
  })
})

test('every call of KMS that is made is one action, and no other action is given', () => {
  const actions: Readonly<Record<keyof KmsApi, string>> = {
    createKey: 'kms:CreateKey',
    getPublicKey: 'kms:GetPublicKey',
    sign: 'kms:Sign',
    disableKey: 'kms:DisableKey',
    scheduleKeyDeletion: 'kms:ScheduleKeyDeletion',
    cancelKeyDeletion: 'kms:CancelKeyDeletion',
    listKeys: 'kms:ListKeys',
    listResourceTags: 'kms:ListResourceTags',
    describeKey: 'kms:DescribeKey',
    generateDataKeyPair: 'kms:GenerateDataKeyPairWithoutPlaintext',
    decrypt: 'kms:Decrypt',
  }
  // KMS wants it of who makes a key with tags.
  const wanted = [...Object.values(actions), 'kms:TagResource']
  expect(worker.flatMap((statement) => statement.actions).toSorted()).toEqual(wanted.toSorted())
})

test('the tags and the context that conditions speak of are those that keys get', () => {
  const text = JSON.stringify(worker)
  expect(text).toContain(JSON.stringify({ 'aws:TagKeys': Object.keys(TAGS) }))
  const own = Object.keys(TAGS).filter((name) => TAGS[name] === 'signet')
  expect(own).toEqual(['signet:deployment'])
})
