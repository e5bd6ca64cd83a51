import { lazyS3 } from '../../src/adapters/aws/s3-calls.ts'
import { s3Store } from '../../src/adapters/storage/s3.ts'
import { s3StaticCopies } from '../../src/adapters/storage/s3-static-copies.ts'
import { describeDocumentStore } from '../contract/document-store.ts'
import { describeStaticCopyStore } from '../contract/static-copy-store.ts'
import { CREDENTIALS, REGION, startedServices } from './endpoints.ts'
import { freshBucket } from './s3-buckets.ts'

for (const { name, url } of startedServices()) {
  describeDocumentStore(`s3 on ${name}`, async () => {
    const { bucket } = await freshBucket(url)
    const calls = lazyS3({ region: REGION, endpoint: url, credentials: CREDENTIALS })
    return s3Store({ calls, bucket })
  })

  describeStaticCopyStore(`s3 on ${name}`, async () => {
    const { bucket } = await freshBucket(url)
    const calls = lazyS3({ region: REGION, endpoint: url, credentials: CREDENTIALS })
    return s3StaticCopies({ calls, bucket })
  })
}
