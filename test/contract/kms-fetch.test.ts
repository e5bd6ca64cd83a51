import { KMSClient } from '@aws-sdk/client-kms'
import { kmsOverFetch } from '../../src/adapters/aws/kms-fetch.ts'
import { FAKE_REGION, startKmsFake } from '../support/aws/kms-fake.ts'
import { describeKmsApiFaults } from './kms-api-faults.ts'
import { describeKmsListing } from './kms-api-listing.ts'
import { describeKmsApi } from './kms-api.ts'

const region = FAKE_REGION
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'a secret of the tests',
  sessionToken: 'a session of the tests',
}

describeKmsApi('fetch', async () => {
  const fake = await startKmsFake({ credentials, pageMax: 2 })
  const options = { region, endpoint: fake.url, credentials }
  return { api: kmsOverFetch(options), admin: new KMSClient(options), close: () => fake.close() }
})

describeKmsApiFaults('fetch', (endpoint) => kmsOverFetch({ region, endpoint, credentials }))
describeKmsListing('fetch', (endpoint) => kmsOverFetch({ region, endpoint, credentials }))
