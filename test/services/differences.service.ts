import { IAMClient } from '@aws-sdk/client-iam'
import { KMSClient } from '@aws-sdk/client-kms'
import { describe, expect, test } from 'vitest'
import { FAKE_REGION, startKmsFake } from '../support/aws/kms-fake.ts'
import { startS3Fake } from '../support/aws/s3-fake.ts'
import type { Column, Difference } from './difference.ts'
import { CREDENTIALS, REGION, startedServices } from './endpoints.ts'
import { IAM_DIFFERENCES } from './iam-differences.ts'
import { KMS_DIFFERENCES } from './kms-differences.ts'
import { freshBucket, s3ClientFor } from './s3-buckets.ts'
import { S3_DIFFERENCES, type S3Subject } from './s3-differences.ts'

/** A subject for each probe of its own, and what to do when it is over. */
interface Lent<Subject> {
  readonly subject: Subject
  readonly giveBack: () => Promise<void>
}

function describeDifferences<Subject>(
  column: Column,
  differences: readonly Difference<Subject>[],
  lend: () => Promise<Lent<Subject>>,
): void {
  describe(`on ${column}`, () => {
    const named = differences.map((difference) => [difference.what, difference] as const)
    test.for(named)('%s', async ([what, { documented, probe, otherwise = {} }], { task }) => {
      const { subject, giveBack } = await lend()
      const answer = await probe(subject).finally(giveBack)
      task.meta.seen = { what, documented, column, answer }
      expect(answer).toBe(otherwise[column] ?? documented)
    })
  })
}

describeDifferences<S3Subject>('fake', S3_DIFFERENCES, async () => {
  const fake = await startS3Fake()
  const subject = { client: s3ClientFor(fake.url), bucket: fake.bucket }
  return { subject, giveBack: () => fake.close() }
})

describeDifferences<KMSClient>('fake', KMS_DIFFERENCES, async () => {
  const fake = await startKmsFake({ credentials: CREDENTIALS })
  const subject = new KMSClient(clientOptions(fake.url, FAKE_REGION))
  return { subject, giveBack: () => fake.close() }
})

for (const { name, url } of startedServices()) {
  describeDifferences<S3Subject>(name, S3_DIFFERENCES, async () => {
    const { bucket } = await freshBucket(url)
    return lent({ client: s3ClientFor(url), bucket })
  })
}

for (const { name, url } of startedServices(['moto'])) {
  const options = clientOptions(url)
  describeDifferences(name, KMS_DIFFERENCES, async () => lent(new KMSClient(options)))
  describeDifferences(name, IAM_DIFFERENCES, async () => lent(new IAMClient(options)))
}

function lent<Subject>(subject: Subject): Lent<Subject> {
  return { subject, giveBack: async () => {} }
}

function clientOptions(endpoint: string, region = REGION) {
  return { endpoint, region, credentials: CREDENTIALS, maxAttempts: 1 }
}
