import { describe } from 'vitest'
import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { kmsKeyManager } from '../../src/adapters/signers/kms/kms-key-manager.ts'
import { describeKeyManager } from '../contract/key-manager.ts'
import { CREDENTIALS, REGION, startedServices } from './endpoints.ts'
import { expectFailures } from './known-failures.ts'
import { SIGNERS } from '../support/aws/kms-managers.ts'
import { kmsOfMoto, signedByMoto } from './moto-kms.ts'

/** A key that is disabled or about to be deleted still signs, as the table of differences tells. */
const FAILING = [
  'is disabled any number of times, and then signs no more where its place signs',
  'is given up any number of times, and then signs no more where its place signs',
  'is given up and taken back any number of times, and stays disabled',
]

for (const { url: endpoint } of startedServices(['moto'])) {
  const options = { region: REGION, endpoint, credentials: CREDENTIALS }
  const kms = retryingKms(kmsOfMoto(kmsOverSdk(options)))

  describe('on moto', () => {
    expectFailures(FAILING)
    describeKeyManager(
      'kms',
      () => kmsKeyManager({ kms, deployment: 'test', signers: SIGNERS }),
      signedByMoto,
    )
  })
}
