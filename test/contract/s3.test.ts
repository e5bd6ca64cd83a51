import { afterAll, beforeAll } from 'vitest'
import { type S3Fake, startS3Fake } from '../support/aws/s3-fake.ts'
import { copiesOver, storeOver } from '../support/aws/s3-stores.ts'
import { describeDocumentStore } from './document-store.ts'
import { describeStaticCopyStore } from './static-copy-store.ts'

let fake: S3Fake
let stores = 0

beforeAll(async () => {
  fake = await startS3Fake({ pageKeysMax: 3 })
})

afterAll(() => fake.close())

/** Pages of three keys, so that the lists of the suite are read in several. */
describeDocumentStore('s3', () => {
  stores += 1
  return storeOver(fake, { prefix: `deployment-${stores}/` })
})

describeStaticCopyStore('s3', () => copiesOver(fake))
