import { KMSClient } from '@aws-sdk/client-kms'
import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { FAKE_REGION, startKmsFake } from '../support/aws/kms-fake.ts'
import { describeKmsApiFaults } from './kms-api-faults.ts'
import { describeKmsListing } from './kms-api-listing.ts'
import { describeKmsApi } from './kms-api.ts'

const region = FAKE_REGION
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret of the tests' }

describeKmsApi('the SDK', async () => {
  const fake = await startKmsFake({ credentials, pageMax: 2 })
  const options = { region, endpoint: fake.url, credentials }
  return { api: kmsOverSdk(options), admin: new KMSClient(options), close: () => fake.close() }
})

describeKmsApiFaults('the SDK', (endpoint) => kmsOverSdk({ region, endpoint, credentials }))
describeKmsListing('the SDK', (endpoint) => kmsOverSdk({ region, endpoint, credentials }))
