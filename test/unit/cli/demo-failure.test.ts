import { errors } from 'jose'
import { describe, expect, test } from 'vitest'
import { keyFailure, signatureFailure, tokenFailure } from '../../../src/cli/dev/demo-failure.ts'
import { HostRefusal } from '../../../src/cli/host/control-transport.ts'
import type { LocalKms } from '../../../src/cli/state/local-kms.ts'
import { TokenRefusal } from '../../../src/cli/token/relying-party.ts'

const KMS: LocalKms = {
  version: 1,
  endpoint: 'http://127.0.0.1:4599',
  custody: 'kms',
  wrappingKey: 'arn:marked',
}
const FAULT = new HostRefusal(503, 'the service that keeps the keys does not answer; try again')
const REFUSAL = new HostRefusal(409, 'issuer demo has no key that signs now')
const WRONG_SIGNATURE = new TokenRefusal('wrong', new errors.JWSSignatureVerificationFailed())
const WRONG_CLAIM = new TokenRefusal('late', new errors.JWTExpired('late', {}))

describe('what a KMS has a part in is said with its endpoint', () => {
  test.each<[string, unknown, string]>([
    ['a key that is not made', keyFailure(FAULT, KMS), 'has no key, since the KMS at'],
    [
      'a key that is not made, and what makes one there',
      keyFailure(FAULT, KMS),
      'start one there that does, such as "npm run fake:kms -- --port 4599", or choose',
    ],
    [
      'a key that is not there',
      tokenFailure(FAULT, { custody: 'kms', kms: KMS }),
      'cannot sign, since the KMS at',
    ],
    [
      'a wrapped key that is not there',
      tokenFailure(FAULT, { custody: 'kms-wrapped', kms: KMS }),
      'cannot sign, since the KMS at',
    ],
    [
      'a wrong signature',
      signatureFailure(WRONG_SIGNATURE, { custody: 'kms', kms: KMS }),
      'signs wrongly, as moto does',
    ],
    [
      'a wrong signature, and what signs rightly there',
      signatureFailure(WRONG_SIGNATURE, { custody: 'kms', kms: KMS }),
      'whose signatures verify, such as "npm run fake:kms -- --port 4599", with another --state',
    ],
  ])('%s', (_title, failure, words) => {
    expect(failure).toMatchObject({ name: 'CliError', exitCode: 1 })
    expect(String(failure)).toContain(words)
    expect(String(failure)).toContain('the KMS at http://127.0.0.1:4599 ')
    expect(String(failure)).not.toContain('marked')
  })

  test('a KMS that this start has not', () => {
    expect(tokenFailure(FAULT, { custody: 'kms', kms: undefined })).toMatchObject({
      exitCode: 1,
      message:
        'the demo issuer cannot sign, since its custody is kms and this start has no KMS: give --custody and --kms-endpoint as before, or start anew with another --state',
    })
  })
})

describe('whatever else went wrong stays as it is', () => {
  test.each<[string, (cause: unknown) => unknown, unknown]>([
    ['a key without a KMS', (cause) => keyFailure(cause, undefined), FAULT],
    ['a refusal of the issuer', (cause) => keyFailure(cause, KMS), REFUSAL],
    ['a mistake', (cause) => keyFailure(cause, KMS), new TypeError('mistake')],
    ['a refusal', (cause) => tokenFailure(cause, { custody: 'kms', kms: KMS }), REFUSAL],
    ['a sealed key', (cause) => tokenFailure(cause, { custody: 'sealed', kms: KMS }), FAULT],
    ['a claim', (cause) => signatureFailure(cause, { custody: 'kms', kms: KMS }), WRONG_CLAIM],
    [
      'a signature that no KMS made',
      (cause) => signatureFailure(cause, { custody: 'kms-wrapped', kms: KMS }),
      WRONG_SIGNATURE,
    ],
  ])('%s', (_title, failureOf, cause) => {
    expect(failureOf(cause)).toBe(cause)
  })
})
