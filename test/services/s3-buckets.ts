/**
 * Buckets on the services that were started, by the SDK's own client.
 */

import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { CREDENTIALS, REGION } from './endpoints.ts'

export interface S3Place {
  readonly url: string
  readonly bucket: string
}

/** A client that says what it is answered: it tries nothing twice. */
export function s3ClientFor(url: string): S3Client {
  const config: S3ClientConfig = {
    endpoint: url,
    region: REGION,
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  }
  return new S3Client(config)
}

/** Resolves to a bucket that is new and empty. */
export async function freshBucket(url: string): Promise<S3Place> {
  const bucket = `signet-${randomUUID()}`
  await s3ClientFor(url).send(new CreateBucketCommand({ Bucket: bucket }))
  return { url, bucket }
}
