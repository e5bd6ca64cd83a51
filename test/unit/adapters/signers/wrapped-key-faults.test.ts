/**
 * Custody `kms-wrapped` while KMS fails: which fault each error is, and what it tells.
 */

import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Kms } from '../../../../src/adapters/aws/kms.ts'
import { wrappedKeyManager } from '../../../../src/adapters/signers/kms-wrapped/wrapped-key-manager.ts'
import { Fault } from '../../../../src/errors.ts'
import type { KeyBinding } from '../../../../src/signers/key-manager.ts'
import type { FakeFault } from '../../../support/aws/fake-service.ts'
import { errorFault, jsonAnswer } from '../../../support/aws/kms-fake-answers.ts'
import {
  FAKE_ACCOUNT,
  type KmsFake,
  kmsErrors,
  startKmsFake,
} from '../../../support/aws/kms-fake.ts'
import { kmsAt, newWrappingKey } from '../../../support/aws/kms-managers.ts'

const BINDING: KeyBinding = { issuerId: 'prod', slot: 'slot-1', alg: 'ES256' }
const ALWAYS = Number.POSITIVE_INFINITY

let fake: KmsFake
let kms: Kms
let wrappingKey: string

beforeEach(async () => {
  fake = await startKmsFake()
  onTestFinished(() => fake.close())
  kms = kmsAt(fake.url)
  wrappingKey = await newWrappingKey(fake.url)
})

function managerOf(changes: Partial<Kms> = {}) {
  return wrappedKeyManager({ kms: { ...kms, ...changes }, deployment: 'test', wrappingKey })
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

describe.each([
  ['Decrypt', 'a key could not be unwrapped'],
  ['GenerateDataKeyPairWithoutPlaintext', 'a key could not be made'],
])('%s', (operation, doing) => {
  test.each<[string, FakeFault, string, string]>([
    ['over its quota', kmsErrors.throttled, 'key_service_busy', 'ThrottlingException'],
    ['failing inside', kmsErrors.internal, 'key_service_unavailable', 'KMSInternalException'],
    ['denied', kmsErrors.denied, 'key_service_refused', 'AccessDeniedException'],
    [
      'of a wrapping key that is disabled',
      errorFault('DisabledException', `arn:aws:kms:x:${FAKE_ACCOUNT}:key/marked is disabled.`),
      'key_disabled',
      'DisabledException',
    ],
    [
      'of a wrapping key that there is not',
      errorFault(
        'NotFoundException',
        `Key 'arn:aws:kms:x:${FAKE_ACCOUNT}:key/marked' does not exist`,
      ),
      'key_unavailable',
      'NotFoundException',
    ],
    [
      'answered with nothing',
      { type: 'answer', answer: jsonAnswer(200, {}) },
      'key_service_unavailable',
      'UnreadableAnswer',
    ],
  ])('%s is a fault', async (_, fault, code, name) => {
    const manager = managerOf()
    const { keyRef } = await manager.create(BINDING)
    fake.inject(operation, fault, ALWAYS)
    const work = operation === 'Decrypt' ? manager.open(keyRef, BINDING) : manager.create(BINDING)
    expect(await faultOf(work)).toEqual({
      code,
      message: `${doing} for issuer prod: AWS KMS answered ${name}`,
      told: [],
    })
  })
})

/** KMS, but for its public keys. */
const generateDataKeyPair: Kms['generateDataKeyPair'] = async (request) => ({
  ...(await kms.generateDataKeyPair(request)),
  publicKey: new Uint8Array([0x30, 0]),
})

test('a public key that is none is a fault', async () => {
  const manager = managerOf({ generateDataKeyPair })
  expect(await faultOf(manager.create(BINDING))).toEqual({
    code: 'key_service_unavailable',
    message:
      'a key could not be made for issuer prod: AWS KMS answered with something that is no public key for ES256',
    told: [],
  })
})
