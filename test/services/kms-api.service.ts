import { KMSClient } from '@aws-sdk/client-kms'
import { describe } from 'vitest'
import type { KmsApi } from '../../src/adapters/aws/kms-api.ts'
import { kmsOverFetch } from '../../src/adapters/aws/kms-fetch.ts'
import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { describeKmsApi } from '../contract/kms-api.ts'
import { CREDENTIALS, REGION, startedServices } from './endpoints.ts'
import { expectFailures } from './known-failures.ts'
import { kmsOfMoto } from './moto-kms.ts'

/** What moto cannot do, as the table of differences tells one by one. */
const FAILING = [
  // It hashes a digest again.
  'signs with a key of RSA_2048 what verifies',
  'signs with a key of ECC_NIST_P256 what verifies',
  // It gives no policy to whoever names none.
  'gives a key the policy it was given, or else that of KMS',
  // It answers 500 to whoever wants a data key pair.
  'makes a data key pair of RSA_2048 that opens',
  'makes a data key pair of ECC_NIST_P256 that opens',
  'refuses to open a ciphertext in another context',
  'refuses to open a ciphertext in a context that lacks a part',
  'refuses to open a ciphertext that was changed',
  'refuses to open a ciphertext that was cut short',
  'refuses to open a ciphertext of another key',
  // It takes back what was not scheduled.
  'takes a scheduled deletion back, which leaves the key disabled',
  // Keys that are disabled or about to be deleted sign, and so do digests and windows that KMS does not know.
  'says of a key that is disabled or about to be deleted that it is',
  'says of what a key cannot do that it is rejected',
]

for (const { url: endpoint } of startedServices(['moto'])) {
  const options = { region: REGION, endpoint, credentials: CREDENTIALS }
  const admin = new KMSClient(options)
  const start = (api: KmsApi) => async () => ({
    api: kmsOfMoto(api),
    admin,
    close: async () => {},
  })

  describe('on moto', () => {
    expectFailures(FAILING)
    describeKmsApi('the SDK', start(kmsOverSdk(options)))
  })
  describe('on moto', () => {
    expectFailures(FAILING)
    describeKmsApi('fetch', start(kmsOverFetch(options)))
  })
}
