/**
 * Custody `kms` while KMS fails: which fault each error is, what it tells, and what is left of a key that was being made.
 */

import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { kmsOverSdk } from '../../../../src/adapters/aws/kms-sdk.ts'
import { KMS_CALL_MS_MAX, retryingKms } from '../../../../src/adapters/aws/retrying-kms.ts'
import { kmsKeyManager } from '../../../../src/adapters/signers/kms/kms-key-manager.ts'
import { Fault, type FaultCode } from '../../../../src/errors.ts'
import type { KeyBinding, KeyManager, KeyRef } from '../../../../src/signers/key-manager.ts'
import type { FakeFault } from '../../../support/aws/fake-service.ts'
import { errorFault, jsonAnswer } from '../../../support/aws/kms-fake-answers.ts'
import {
  FAKE_ACCOUNT,
  FAKE_REGION,
  type KmsFake,
  kmsErrors,
  startKmsFake,
} from '../../../support/aws/kms-fake.ts'
import { FAKE_CREDENTIALS, SIGNERS } from '../../../support/aws/kms-managers.ts'
import { heldDeadlines } from '../../../support/workerd/held-deadlines.ts'

const BINDING: KeyBinding = { issuerId: 'prod', slot: 'slot-1', alg: 'ES256' }
const TAGS = { 'signet:deployment': 'test', 'signet:issuer': 'prod', 'signet:slot': 'slot-1' }
const ARN = `arn:aws:kms:${FAKE_REGION}:${FAKE_ACCOUNT}:key/marked`
const ALWAYS = Number.POSITIVE_INFINITY

type Attempt = (manager: KeyManager, keyRef: KeyRef) => Promise<unknown>

const create: Attempt = (manager) => manager.create(BINDING)

/** Of each operation: what could not be done where it fails, and what asks for it. */
const OPERATIONS: readonly [string, string, Attempt][] = [
  ['CreateKey', 'a key could not be made', create],
  ['GetPublicKey', 'the public key of a key that was made could not be read', create],
  [
    'Sign',
    'a token could not be signed',
    async (manager, keyRef) => (await manager.open(keyRef, BINDING)).sign(new Uint8Array(1)),
  ],
  [
    'DisableKey',
    'a key could not be disabled',
    (manager, keyRef) => manager.disable(keyRef, BINDING),
  ],
  [
    'ScheduleKeyDeletion',
    'the deletion of a key could not be scheduled',
    (manager, keyRef) => manager.scheduleDeletion(keyRef, BINDING),
  ],
  [
    'CancelKeyDeletion',
    'the deletion of a key could not be taken back',
    (manager, keyRef) => manager.cancelDeletion(keyRef, BINDING),
  ],
]

const disabled = errorFault('DisabledException', `${ARN} is disabled.`)
const pending = errorFault('KMSInvalidStateException', `${ARN} is pending deletion.`)
const notPending = errorFault('KMSInvalidStateException', `${ARN} is not pending deletion.`)
const notFound = errorFault('NotFoundException', `Key '${ARN}' does not exist`)
const refused = errorFault('MalformedPolicyDocumentException', `${ARN}: invalid principal`)
const search: Attempt = (searching) => searching.find(new Set(['slot-1']))
/** A way of an error that is not one here: what is asked for is there already. */
const DONE = { code: undefined, message: 'it was done' }

let fake: KmsFake
let manager: KeyManager
let keyRef: KeyRef
const held = heldDeadlines()

beforeEach(async () => {
  fake = await startKmsFake()
  onTestFinished(() => fake.close())
  const api = kmsOverSdk({
    region: FAKE_REGION,
    endpoint: fake.url,
    credentials: FAKE_CREDENTIALS,
  })
  const kms = retryingKms(api, { pause: async () => {}, deadline: held.deadline })
  manager = kmsKeyManager({ kms, deployment: 'test', signers: SIGNERS })
  keyRef = (await manager.create(BINDING)).keyRef
})

async function endOf(attempt: Attempt) {
  const outcome: unknown = await attempt(manager, keyRef).then(
    () => DONE,
    (error: unknown) => error,
  )
  const { code, message } = outcome instanceof Fault ? outcome : DONE
  const shown = outcome instanceof Error ? [String(outcome), String(outcome.cause)].join() : ''
  const told = [FAKE_ACCOUNT, 'arn:', 'marked', keyRef, fake.keys()[0]?.keyId ?? 'none'].filter(
    (mark) => shown.includes(mark),
  )
  if (outcome !== DONE && !(outcome instanceof Fault)) throw outcome
  return { code, message, told }
}

/** `name`: of what KMS answered, as the source of a pattern. */
function faulty(code: FaultCode, doing: string, name: string) {
  const message = new RegExp(`^${doing} for issuer prod: AWS KMS answered (?:${name})$`)
  return { code, message: expect.stringMatching(message) as string, told: [] }
}

function answered(operation: string, body: object): void {
  fake.inject(operation, { type: 'answer', answer: jsonAnswer(200, body) }, ALWAYS)
}

const CONNECTION = 'ECONNRESET|ConnectionError'

describe.each(OPERATIONS)('%s', (operation, doing, attempt) => {
  test.each<[string, FakeFault, FaultCode, string]>([
    ['over its quota', kmsErrors.throttled, 'key_service_busy', 'ThrottlingException'],
    ['failing inside', kmsErrors.internal, 'key_service_unavailable', 'KMSInternalException'],
    ['waiting', kmsErrors.timeout, 'key_service_unavailable', 'DependencyTimeoutException'],
    ['denied', kmsErrors.denied, 'key_service_refused', 'AccessDeniedException'],
    ['refused', refused, 'key_service_refused', 'MalformedPolicyDocumentException'],
    ['cut off before it was done', { type: 'reset' }, 'key_service_unavailable', CONNECTION],
    ['cut off after it was done', { type: 'lost_answer' }, 'key_service_unavailable', CONNECTION],
  ])('%s is a fault', async (_, fault, code, name) => {
    fake.inject(operation, fault, ALWAYS)
    expect(await endOf(attempt)).toEqual(faulty(code, doing, name))
  })

  test('without an answer is a fault at its deadline', async () => {
    fake.inject(operation, { type: 'no_answer' }, ALWAYS)
    const before = fake.calls.filter((call) => call === operation).length
    const end = endOf(attempt)
    await expect
      .poll(() => fake.calls.filter((call) => call === operation).length)
      .toBeGreaterThan(before)
    held.pass(KMS_CALL_MS_MAX)
    expect(await end).toEqual(faulty('key_service_unavailable', doing, 'TimeoutError'))
  })
})

test.each<[string, FakeFault, FaultCode | undefined, string]>([
  ['CreateKey', disabled, 'key_disabled', 'DisabledException'],
  ['GetPublicKey', disabled, 'key_disabled', 'DisabledException'],
  ['Sign', disabled, 'key_disabled', 'DisabledException'],
  ['Sign', pending, 'key_disabled', 'KMSInvalidStateException'],
  ['Sign', notFound, 'key_unavailable', 'NotFoundException'],
  ['GetPublicKey', notFound, 'key_unavailable', 'NotFoundException'],
  ['DisableKey', notFound, 'key_unavailable', 'NotFoundException'],
  // It may be there, in another region.
  ['ScheduleKeyDeletion', notFound, 'key_unavailable', 'NotFoundException'],
  ['CancelKeyDeletion', notFound, 'key_unavailable', 'NotFoundException'],
  // What is asked for is there already.
  ['DisableKey', pending, undefined, ''],
  ['ScheduleKeyDeletion', pending, undefined, ''],
  ['CancelKeyDeletion', notPending, undefined, ''],
])('%s of a key that is not as it was: %j', async (operation, fault, code, name) => {
  const [, doing = '', attempt] = OPERATIONS.find(([each]) => each === operation) ?? []
  fake.inject(operation, fault, ALWAYS)
  expect(await endOf(attempt ?? (async () => {}))).toEqual(
    code === undefined ? { ...DONE, told: [] } : faulty(code, doing, name),
  )
})

test.each(['GetPublicKey', 'Sign', 'DisableKey', 'ScheduleKeyDeletion', 'CancelKeyDeletion'])(
  'an answer of %s that is lost once is asked for again',
  async (operation) => {
    const [, , attempt] = OPERATIONS.find(([each]) => each === operation) ?? []
    fake.inject(operation, { type: 'lost_answer' })
    expect(await endOf(attempt ?? (async () => {}))).toEqual({ ...DONE, told: [] })
  },
)

describe.each(['ListKeys', 'ListResourceTags', 'DescribeKey'])(
  'a search and its %s',
  (operation) => {
    test.each<[string, FakeFault, FaultCode, string]>([
      ['over its quota', kmsErrors.throttled, 'key_service_busy', 'ThrottlingException'],
      ['failing inside', kmsErrors.internal, 'key_service_unavailable', 'KMSInternalException'],
      ['refused', refused, 'key_service_refused', 'MalformedPolicyDocumentException'],
      ['cut off', { type: 'reset' }, 'key_service_unavailable', CONNECTION],
    ])('%s is a fault', async (_, fault, code, name) => {
      fake.inject(operation, fault, ALWAYS)
      const message = `^the keys of this installation could not be searched for: AWS KMS answered (?:${name})$`
      const told = { message: expect.stringMatching(new RegExp(message)) as string, told: [] }
      expect(await endOf(search)).toEqual({ code, ...told })
    })

    test('that has no answer once is asked again', async () => {
      fake.inject(operation, { type: 'lost_answer' })
      expect(await manager.find(new Set(['slot-1']))).toMatchObject([{ keyRef, state: 'enabled' }])
    })
  },
)

describe('a key whose making failed halfway', () => {
  const made = { tags: TAGS, state: 'Enabled' }

  test('by a lost answer is there once, and is found by its tags', async () => {
    fake.inject('CreateKey', { type: 'lost_answer' })
    const before = fake.calls.length
    await expect(manager.create(BINDING)).rejects.toMatchObject({ code: 'key_service_unavailable' })
    expect(fake.calls.slice(before)).toEqual(['CreateKey'])
    expect(fake.keys().slice(1)).toMatchObject([made])
  })

  test.each<[string, FakeFault, FaultCode, number]>([
    ['a failure', kmsErrors.internal, 'key_service_unavailable', 5],
    ['a refusal', kmsErrors.denied, 'key_service_refused', 1],
    ['a key that KMS does not find', notFound, 'key_unavailable', 5],
    ['a connection that is cut off', { type: 'reset' }, 'key_service_unavailable', 5],
  ])(
    'by %s at its public key is there, for the sweep of its slot to find',
    async (_, fault, code, attempts) => {
      fake.inject('GetPublicKey', fault, ALWAYS)
      const before = fake.calls.length
      await expect(manager.create(BINDING)).rejects.toMatchObject({ code })
      expect(fake.calls.slice(before)).toEqual([
        'CreateKey',
        ...Array.from({ length: attempts }, () => 'GetPublicKey'),
      ])
      expect(fake.keys().slice(1)).toMatchObject([made])
      fake.heal()
      const found = await manager.find(new Set([BINDING.slot]))
      expect(found).toMatchObject([{ keyRef }, { state: 'enabled' }])
    },
  )

  test('is not failed by a quota for a moment: there is one key then', async () => {
    fake.inject('CreateKey', kmsErrors.throttled, 2)
    await manager.create(BINDING)
    expect(fake.keys()).toHaveLength(2)
  })

  test('is not failed by KMS that does not know it yet', async () => {
    fake.inject('GetPublicKey', notFound, 4)
    const { keyRef: reference } = await manager.create(BINDING)
    expect((await (await manager.open(reference, BINDING)).sign(new Uint8Array(1))).length).toBe(64)
    expect(fake.keys()).toHaveLength(2)
  })
})

describe('an answer that is none', () => {
  test.each([
    ['r and s without DER', Buffer.alloc(64, 1)],
    ['a signature of RSA', Buffer.alloc(256, 1)],
    ['one byte', Buffer.alloc(1)],
  ])('of Sign, %s, is a fault and no signature', async (_, signature) => {
    answered('Sign', { Signature: signature.toString('base64') })
    const [, , attempt] = OPERATIONS[2] ?? []
    expect(await endOf(attempt ?? (async () => {}))).toEqual({
      code: 'key_service_unavailable',
      message:
        'a token could not be signed for issuer prod: AWS KMS answered with something that is no signature',
      told: [],
    })
  })

  test.each([0, 1, 64, 255, 257])('of Sign, %d bytes for RS256, is one too', async (length) => {
    const binding = { ...BINDING, alg: 'RS256' } as const
    const key = await manager.create(binding)
    answered('Sign', { Signature: Buffer.alloc(length, 1).toString('base64') })
    const signer = await manager.open(key.keyRef, binding)
    await expect(signer.sign(new Uint8Array(1))).rejects.toMatchObject({
      code: 'key_service_unavailable',
    })
  })

  test.each([
    ['one byte', Buffer.alloc(1)],
    ['an empty sequence', Buffer.from([0x30, 0])],
  ])('of GetPublicKey, %s, is a fault and no key', async (_, publicKey) => {
    answered('GetPublicKey', { PublicKey: publicKey.toString('base64') })
    expect(await endOf(() => manager.create(BINDING))).toEqual({
      code: 'key_service_unavailable',
      message:
        'a key could not be made for issuer prod: AWS KMS answered with something that is no public key for ES256',
      told: [],
    })
  })

  test('of CreateKey is a fault', async () => {
    answered('CreateKey', {})
    expect(await endOf(() => manager.create(BINDING))).toEqual(
      faulty('key_service_unavailable', 'a key could not be made', 'UnreadableAnswer'),
    )
  })
})
