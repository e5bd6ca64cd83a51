/**
 * What every transport to AWS KMS makes of failures: the second half of the contract suite of the port `KmsApi`, for which
 * the service is a fake.
 *
 * Wherever the service names an account, a key or a caller, no error of the port does.
 */

import { inspect } from 'node:util'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { KmsError, type KmsApi, type KmsErrorCode } from '../../src/adapters/aws/kms-api.ts'
import type { FakeAnswer, FakeFault } from '../support/aws/fake-service.ts'
import {
  FAKE_ACCOUNT,
  FAKE_REGION,
  kmsErrors,
  startKmsFake,
  type KmsFake,
} from '../support/aws/kms-fake.ts'
import { unaborted } from './kms-api.ts'

export const MARKED = `arn:aws:kms:${FAKE_REGION}:${FAKE_ACCOUNT}:key/marked-key-id`
const MARKS = [FAKE_ACCOUNT, FAKE_REGION, 'marked', 'arn:', 'Rate exceeded', 'Try again']
export const KEY_ID = '00000000-0000-4000-8000-000000000000'
const BYTES = new Uint8Array(32)

type Attempt = (api: KmsApi, signal: AbortSignal) => Promise<unknown>

const getPublicKey: Attempt = (api, signal) => api.getPublicKey(KEY_ID, signal)

const CALLS: readonly [string, Attempt][] = [
  [
    'CreateKey',
    (api, signal) => {
      const request = { description: '', tags: {}, policy: undefined }
      return api.createKey({ keySpec: 'ECC_NIST_P256', ...request }, signal)
    },
  ],
  ['GetPublicKey', getPublicKey],
  [
    'Sign',
    (api, signal) => api.sign({ keyId: KEY_ID, digest: BYTES, algorithm: 'ECDSA_SHA_256' }, signal),
  ],
  ['DisableKey', (api, signal) => api.disableKey(KEY_ID, signal)],
  ['ScheduleKeyDeletion', (api, signal) => api.scheduleKeyDeletion(KEY_ID, 7, signal)],
  ['CancelKeyDeletion', (api, signal) => api.cancelKeyDeletion(KEY_ID, signal)],
  ['ListKeys', (api, signal) => api.listKeys(undefined, signal)],
  ['ListResourceTags', (api, signal) => api.listResourceTags(KEY_ID, signal)],
  ['DescribeKey', (api, signal) => api.describeKey(KEY_ID, signal)],
  [
    'GenerateDataKeyPairWithoutPlaintext',
    (api, signal) => {
      const request = { keyId: KEY_ID, keyPairSpec: 'RSA_2048', encryptionContext: {} } as const
      return api.generateDataKeyPair(request, signal)
    },
  ],
  [
    'Decrypt',
    (api, signal) =>
      api.decrypt({ keyId: KEY_ID, ciphertext: BYTES, encryptionContext: {} }, signal),
  ],
]

/** The name on the wire, its status, and what becomes of it. */
const ERRORS: readonly [string, number, KmsErrorCode][] = [
  ['ThrottlingException', 400, 'throttled'],
  ['TooManyRequestsException', 429, 'throttled'],
  ['RequestLimitExceeded', 400, 'throttled'],
  ['KMSInternalException', 500, 'unavailable'],
  ['DependencyTimeoutException', 500, 'unavailable'],
  ['KeyUnavailableException', 500, 'unavailable'],
  ['InternalFailure', 500, 'unavailable'],
  ['ServiceUnavailableException', 503, 'unavailable'],
  ['NeverHeardOfException', 502, 'unavailable'],
  ['AccessDeniedException', 400, 'denied'],
  ['UnrecognizedClientException', 400, 'denied'],
  ['InvalidClientTokenId', 403, 'denied'],
  ['InvalidSignatureException', 400, 'denied'],
  ['IncompleteSignature', 400, 'denied'],
  ['IncompleteSignatureException', 400, 'denied'],
  ['MissingAuthenticationToken', 403, 'denied'],
  ['MissingAuthenticationTokenException', 400, 'denied'],
  ['ExpiredTokenException', 400, 'denied'],
  ['OptInRequired', 403, 'denied'],
  ['DisabledException', 400, 'disabled'],
  ['KMSInvalidStateException', 400, 'disabled'],
  ['NotFoundException', 400, 'not_found'],
  ['InvalidCiphertextException', 400, 'invalid_ciphertext'],
  ['IncorrectKeyException', 400, 'invalid_ciphertext'],
  ['LimitExceededException', 400, 'rejected'],
  ['InvalidKeyUsageException', 400, 'rejected'],
  ['ValidationException', 400, 'rejected'],
  ['NeverHeardOfException', 400, 'rejected'],
]

export function describeKmsApiFaults(name: string, makeApi: (endpoint: string) => KmsApi): void {
  describe(`failures of KMS over ${name}`, () => {
    let fake: KmsFake
    let api: KmsApi

    beforeAll(async () => {
      fake = await startKmsFake()
      api = makeApi(fake.url)
      return () => fake.close()
    })

    /** How a call ends that meets `fault`. */
    async function ending(fault: FakeFault, attempt: Attempt = getPublicKey): Promise<KmsError> {
      fake.inject('*', fault)
      return kmsErrorOf(attempt(api, unaborted()))
    }

    test.each(ERRORS)('%s with status %i: %s', async (awsName, status, code) => {
      const body = JSON.stringify({ __type: awsName, message: `${MARKED} is marked` })
      const error = await ending(answering({ status, body }))
      expect(error).toMatchObject({ code, awsName, message: `AWS KMS answered ${awsName}` })
      expectNoMarks(error)
    })

    test.each([
      ['behind a namespace', { body: { __type: 'com.amazonaws.kms#DisabledException' } }],
      [
        'in a header, before an address',
        { headers: { 'x-amzn-errortype': 'DisabledException:http://internal.marked/' }, body: {} },
      ],
    ])('finds the name %s', async (_, { body, ...answer }) => {
      const fault = answering({ status: 400, body: JSON.stringify(body), ...answer })
      const expected = { code: 'disabled', awsName: 'DisabledException' }
      expect(await ending(fault)).toMatchObject(expected)
    })

    test.each<[string, string, number, KmsErrorCode]>([
      ['no name', '{}', 400, 'rejected'],
      ['no name', '{}', 500, 'unavailable'],
      ['no name', '{}', 429, 'throttled'],
      ['no name', '{}', 403, 'denied'],
      ['a name that is none', JSON.stringify({ __type: MARKED }), 400, 'rejected'],
      [
        'a sentence',
        JSON.stringify({ __type: `User ${FAKE_ACCOUNT} was marked` }),
        400,
        'rejected',
      ],
      ['a number', JSON.stringify({ __type: Number(FAKE_ACCOUNT) }), 400, 'rejected'],
      ['a page', `<html>${MARKED}</html>`, 503, 'unavailable'],
      ['a page', `<html>${MARKED}</html>`, 404, 'rejected'],
      ['nothing', '', 502, 'unavailable'],
    ])('%s (%j) with status %i: %s', async (_, body, status, code) => {
      const error = await ending(answering({ status, body }))
      const awsName = `status ${status}`
      expect(error).toMatchObject({ code, awsName, message: `AWS KMS answered ${awsName}` })
      expectNoMarks(error)
    })

    test.each<[string, FakeAnswer]>([
      ['text that is no JSON', { status: 200, body: `${MARKED} {` }],
      ['JSON that is no object', { status: 200, body: '["marked"]' }],
      ['an object that lacks everything', { status: 200, body: '{"marked":1}' }],
      ['members without a value', { status: 200, body: withMembers(null) }],
      ['empty members', { status: 200, body: withMembers('') }],
      ['a body without an end', { status: 200, body: `{"PublicKey":"${'A'.repeat(200_000)}` }],
    ])('takes %s for no answer', async (_, answer) => {
      for (const [operation, attempt] of CALLS) {
        // It has no result, so that it cannot lack one.
        if (operation === 'DisableKey') continue
        const error = await ending(answering(answer), attempt)
        const { code, awsName } = error
        const expected = { operation, code: 'unavailable', awsName: 'UnreadableAnswer' }
        expect({ operation, code, awsName }).toEqual(expected)
        expectNoMarks(error)
      }
    })

    test.each(CALLS)(
      '%s does not follow a redirect, nor take it for an answer',
      async (_, attempt) => {
        const headers = { location: `${fake.url}/marked` }
        const before = fake.calls.length
        const answer = { status: 307, headers, body: withMembers('AQID') }
        const error = await ending(answering(answer), attempt)
        expect(error.code).toBe('unavailable')
        expect(fake.calls).toHaveLength(before + 1)
        expectNoMarks(error)
      },
    )

    describe.each(CALLS)('%s', (operation, attempt) => {
      test.each<[string, FakeFault, KmsErrorCode]>([
        ['throttled', kmsErrors.throttled, 'throttled'],
        ['failing inside', kmsErrors.internal, 'unavailable'],
        ['waiting for another service', kmsErrors.timeout, 'unavailable'],
        ['denied', kmsErrors.denied, 'denied'],
        ['cut off', { type: 'reset' }, 'unavailable'],
      ])('%s: attempted once', async (_, fault, code) => {
        const before = fake.calls.length
        const error = await ending(fault, attempt)
        expect(error.code).toBe(code)
        expect(fake.calls.slice(before)).toEqual([operation])
        expectNoMarks(error)
      })

      test('ends with its signal while no answer comes', async () => {
        const controller = new AbortController()
        const before = fake.calls.length
        fake.inject(operation, { type: 'no_answer' })
        const error = kmsErrorOf(attempt(api, controller.signal))
        await expect.poll(() => fake.calls.slice(before)).toEqual([operation])
        controller.abort(new Error('marked'))
        expect(await error).toMatchObject({ code: 'unavailable', awsName: 'AbortError' })
        expectNoMarks(await error)
      })

      test('is not sent once its signal is aborted', async () => {
        const before = fake.calls.length
        const error = await kmsErrorOf(attempt(api, AbortSignal.abort(new Error('marked'))))
        expect(error).toMatchObject({ code: 'unavailable', awsName: 'AbortError' })
        expect(fake.calls).toHaveLength(before)
      })
    })

    test('names what became of a connection that there was not', async () => {
      const gone = await startKmsFake()
      await gone.close()
      const error = await kmsErrorOf(getPublicKey(makeApi(gone.url), unaborted()))
      expect(error).toMatchObject({ code: 'unavailable', awsName: 'ECONNREFUSED' })
    })

    test('goes on after failures', async () => {
      const own = await startKmsFake({ quotas: { GetPublicKey: 1 } })
      onTestFinished(() => own.close())
      const other = makeApi(own.url)
      const codes: KmsErrorCode[] = []
      for (const fault of [{ type: 'reset' }, undefined, undefined] as const) {
        if (fault !== undefined) own.inject('GetPublicKey', fault)
        codes.push((await kmsErrorOf(getPublicKey(other, unaborted()))).code)
      }
      own.refill()
      codes.push((await kmsErrorOf(getPublicKey(other, unaborted()))).code)
      expect(codes).toEqual(['unavailable', 'not_found', 'throttled', 'not_found'])
    })
  })
}

export function answering({ status, headers, body }: FakeAnswer): FakeFault {
  const type = { 'content-type': 'application/x-amz-json-1.1' }
  return {
    type: 'answer',
    answer: { status, headers: { ...type, ...headers }, ...(body !== undefined && { body }) },
  }
}

/** Everything that an answer has to have, as `value`. */
function withMembers(value: unknown): string {
  return JSON.stringify({
    KeyId: value,
    KeyMetadata: { Arn: value, CreationDate: value, KeySpec: value, KeyState: value },
    Keys: value,
    Tags: value,
    PublicKey: value,
    Signature: value,
    PrivateKeyCiphertextBlob: value,
    Plaintext: value,
  })
}

export async function kmsErrorOf(call: Promise<unknown>): Promise<KmsError> {
  const outcome = await call.then(
    () => 'it worked',
    (error: unknown) => error,
  )
  if (outcome instanceof KmsError) return outcome
  throw new Error('a KmsError was expected', { cause: outcome })
}

/** Whatever way an error is looked at. */
export function expectNoMarks(error: KmsError): void {
  const [firstLine] = (error.stack ?? '').split('\n')
  const shown = [String(error), JSON.stringify(error), inspect(error.cause), firstLine].join('\n')
  expect(MARKS.filter((mark) => shown.includes(mark))).toEqual([])
  expect(error.cause).toBeUndefined()
}
