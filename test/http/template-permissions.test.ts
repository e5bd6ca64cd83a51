/**
 * Whether the roles of the template may do what they do and nothing that nobody does: every right is used in the life of two
 * issuers, and none is missing.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invokeCall, kmsCalls, s3Calls } from '../support/aws/iam-requests.ts'
import type { IamCall } from '../support/aws/iam-policy.ts'
import { synthesized } from '../support/synthesized.ts'
import { FAKE_ACCOUNT, FAKE_REGION } from '../support/aws/kms-fake.ts'
import { accessKeyOf, ADMINISTRATOR } from '../support/hosts/template-iam.ts'
import { type TemplateHost, templateHost } from '../support/hosts/template.ts'
import {
  busyIssuer,
  endAndTakeBack,
  findByLocation,
  loseKey,
  replaceFirstKey,
} from './template-life.ts'

/** Why nobody here uses them. */
const UNUSED: Readonly<Record<string, string>> = {
  'kms:DisableKey': 'The port of keys has it, for a key that leaked; no command asks for it yet',
  'logs:CreateLogStream': 'Lambda makes it for what the function writes',
  'logs:PutLogEvents': 'Lambda delivers what the function writes',
  'sqs:SendMessage': 'Lambda and EventBridge Scheduler leave there what was given up',
}

let host: TemplateHost
beforeAll(async () => {
  host = await templateHost()
  await busyIssuer(host, 'kms-wrapped')
  await findByLocation(host)
  const kept = await busyIssuer(host, 'kms')
  await loseKey(host)
  await replaceFirstKey(host, kept.id)
  await host.runSchedule('sweep')
  await endAndTakeBack(host, kept.id)
}, 120_000)
afterAll(() => host.close())

test('nobody was denied what it asked for', () => {
  expect(host.iam.denials).toStrictEqual([])
})

test('every right was used, but for those with a reason', () => {
  const unused = host.iam.unused().filter(({ caller }) => caller !== ADMINISTRATOR)
  expect(unused.filter(({ action }) => !(action in UNUSED))).toStrictEqual([])
  const excused = new Set(unused.map(({ action }) => action))
  expect([...excused].toSorted()).toStrictEqual(Object.keys(UNUSED).toSorted())
})

const object = (method: string, bucket: string, key: string, headers = {}): IamCall[] =>
  s3Calls(method, { method, target: `/${bucket}/${key}`, headers, body: Buffer.alloc(0) })
const tag = (value: string) => ({ TagKey: 'signet:deployment', TagValue: value })

const documents = (operation: string, key: string) =>
  object(operation, host.s3.bucket, `signet/${key}`, { 'if-none-match': '*' })
const copies = (operation: string) =>
  object(operation, host.s3.copiesBucket, 'a.example/.well-known/jwks.json')

describe('denied is', () => {
  const account = `arn:aws:kms:${FAKE_REGION}:${FAKE_ACCOUNT}`
  const kms = (operation: string, input: object, tags: Record<string, string>) => {
    const arn = `${account}:key/some`
    const key = { arn, spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY', tags }
    return kmsCalls(operation, input as Record<string, unknown>, { key, account })
  }
  const OURS = { 'signet:deployment': 'signet' }
  const digest = { MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256', Message: 'a' }
  const spec = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }
  const made = (input: object) =>
    kmsCalls('CreateKey', { ...spec, ...input }, { key: undefined, account })

  test.each<[who: 'http' | 'control' | 'rotate', what: string, calls: () => readonly IamCall[]]>([
    ['http', 'to write an issuer', () => documents('PutObject', 'issuers/a.json')],
    ['http', 'to write a policy', () => documents('PutObject', 'policies/a.json')],
    ['http', 'to read what is no document', () => documents('GetObject', 'secrets/a')],
    ['http', 'to read static copies', () => copies('GetObject')],
    ['http', 'to write static copies', () => copies('PutObject')],
    ['http', 'to make keys', () => made({ Tags: [tag('signet')] })],
    ['http', 'to disable keys', () => kms('DisableKey', {}, OURS)],
    [
      'http',
      'to sign anything but digests',
      () => kms('Sign', { ...digest, MessageType: 'RAW' }, OURS),
    ],
    ['http', 'to sign with keys of others', () => kms('Sign', digest, {})],
    [
      'http',
      'to sign with keys of another deployment',
      () => kms('Sign', digest, { 'signet:deployment': 'other' }),
    ],
    [
      'http',
      'to sign by other algorithms',
      () => kms('Sign', { ...digest, SigningAlgorithm: 'RSASSA_PSS_SHA_256' }, OURS),
    ],
    ['http', 'to decrypt with other keys', () => kms('Decrypt', { EncryptionContext: OURS }, OURS)],
    [
      'http',
      'to invoke functions',
      () => [invokeCall(`arn:aws:lambda:${FAKE_REGION}:${FAKE_ACCOUNT}:function:a`)],
    ],
    ['control', 'to make keys', () => made({ Tags: [tag('signet')] })],
    ['control', 'to schedule deletions of keys', () => kms('ScheduleKeyDeletion', {}, OURS)],
    ['control', 'to write static copies', () => copies('PutObject')],
    ['control', 'to delete static copies', () => copies('DeleteObject')],
    ['control', 'to delete documents', () => documents('DeleteObject', 'issuers/a.json')],
    [
      'control',
      'to invoke other functions',
      () => [invokeCall(`arn:aws:lambda:${FAKE_REGION}:${FAKE_ACCOUNT}:function:a`)],
    ],
    ['rotate', 'to write policies', () => documents('PutObject', 'policies/a.json')],
    ['rotate', 'to read policies', () => documents('GetObject', 'policies/a.json')],
    ['rotate', 'to make keys without the tag', () => made({})],
    ['rotate', 'to make keys of another deployment', () => made({ Tags: [tag('other')] })],
    [
      'rotate',
      'to make keys that encrypt',
      () =>
        made({ KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Tags: [tag('signet')] }),
    ],
    ['rotate', 'to disable keys of others', () => kms('DisableKey', {}, {})],
    [
      'rotate',
      'to schedule deletions of keys of others',
      () => kms('ScheduleKeyDeletion', {}, { 'signet:deployment': 'other' }),
    ],
    ['rotate', 'to put key policies', () => kms('PutKeyPolicy', {}, OURS)],
    ['rotate', 'to grant', () => kms('CreateGrant', {}, OURS)],
    ['rotate', 'to delete documents', () => documents('DeleteObject', 'issuers/a.json')],
    [
      'rotate',
      'to keep other objects beside static copies',
      () => object('PutObject', host.s3.copiesBucket, 'index.html'),
    ],
  ])('%s: %s', async (who, _what, calls) => {
    const { role } = (await synthesized()).functionNamed(who)
    const caller = host.iam.callerOf(`AWS4-HMAC-SHA256 Credential=${accessKeyOf(role)}/`)
    expect(caller).toBeDefined()
    expect(calls().every((call) => host.iam.would(caller, call))).toBe(false)
  })
})
