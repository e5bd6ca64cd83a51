/**
 * The calls of AWS S3 that are used, on the SDK's client.
 *
 * The SDK is loaded by the first call, and once: it takes longer to load than all the rest of a host. What a call means,
 * and what its errors do, is above (`storage/s3.ts`); the attempts of one call are the SDK's own.
 */

import type { S3ClientConfig } from '@aws-sdk/client-s3'
import { utf8 } from '../../crypto/base64url.ts'

/** Three attempts and the waits between them end within the time of a whole call (`storage/s3.ts`). */
const S3_ATTEMPTS_MAX = 3
const S3_ATTEMPT_MS_MAX = 1200

export interface S3Address {
  readonly bucket: string
  readonly key: string
}

/** Headers that S3 keeps with an object, and gives back with it. */
export interface S3Headers {
  readonly contentType?: string | undefined
  readonly cacheControl?: string | undefined
  /** By name, without `x-amz-meta-`; in lower case. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export interface S3Found extends S3Headers {
  readonly body: string
  readonly etag: string
}

export interface S3PutRequest extends S3Address, S3Headers {
  readonly body: string
  readonly ifNoneMatch?: '*'
  /** An etag without its quotes. */
  readonly ifMatch?: string
}

export interface S3ListRequest {
  readonly bucket: string
  readonly prefix: string
  readonly after: string | undefined
  readonly limit: number
  readonly continuation: string | undefined
}

export interface S3ListAnswer {
  readonly keys: readonly string[]
  /** Where the list goes on, if it does. */
  readonly continuation: string | undefined
}

/** Every call rejects with the SDK's errors, and ends when `signal` is aborted. */
export interface S3Calls {
  getObject(address: S3Address, signal: AbortSignal): Promise<S3Found>
  putObject(request: S3PutRequest, signal: AbortSignal): Promise<void>
  /** Also of an object that is not there. */
  deleteObject(address: S3Address, signal: AbortSignal): Promise<void>
  /** `limit`: S3 gives at most 1,000 keys at once. */
  listObjects(request: S3ListRequest, signal: AbortSignal): Promise<S3ListAnswer>
}

export interface LazyS3Options {
  readonly region: string
  /** Of a service other than AWS, which has its buckets in paths and not in host names. */
  readonly endpoint?: string | undefined
  /** Those of the environment, if not given. */
  readonly credentials?: S3ClientConfig['credentials']
}

export function lazyS3(options: LazyS3Options): S3Calls {
  let loading: ReturnType<typeof loadS3> | undefined
  const loaded = () => (loading ??= loadS3(options))
  return {
    getObject: async ({ bucket, key }, abortSignal) => {
      const { client, sdk } = await loaded()
      const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: key })
      const answer = await client.send(command, { abortSignal })
      return {
        body: (await answer.Body?.transformToString()) ?? '',
        etag: answer.ETag ?? '',
        contentType: answer.ContentType,
        cacheControl: answer.CacheControl,
        metadata: answer.Metadata,
      }
    },
    putObject: async ({ bucket, key, body, ifNoneMatch, ifMatch, ...headers }, abortSignal) => {
      const { client, sdk } = await loaded()
      const command = new sdk.PutObjectCommand({
        Bucket: bucket,
        Key: key,
        // As bytes: the SDK takes an empty text for a stream whose length it should be told.
        Body: utf8(body),
        IfNoneMatch: ifNoneMatch,
        IfMatch: ifMatch,
        ContentType: headers.contentType,
        CacheControl: headers.cacheControl,
        Metadata: headers.metadata,
      })
      await client.send(command, { abortSignal })
    },
    deleteObject: async ({ bucket, key }, abortSignal) => {
      const { client, sdk } = await loaded()
      const command = new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key })
      await client.send(command, { abortSignal })
    },
    listObjects: async ({ bucket, prefix, after, limit, continuation }, abortSignal) => {
      const { client, sdk } = await loaded()
      const command = new sdk.ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        StartAfter: after,
        MaxKeys: limit,
        ContinuationToken: continuation,
      })
      const answer = await client.send(command, { abortSignal })
      if (answer.IsTruncated === true && answer.NextContinuationToken === undefined) {
        throw new RangeError('a list that goes on, and does not say where')
      }
      return {
        keys: (answer.Contents ?? []).map(({ Key = '' }) => Key),
        continuation: answer.IsTruncated === true ? answer.NextContinuationToken : undefined,
      }
    },
  }
}

/** The HTTP status that S3 answered with, of an error of the SDK. */
export function s3StatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined
  return (error.$metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode
}

async function loadS3({ region, endpoint, credentials }: LazyS3Options) {
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    region,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: S3_ATTEMPTS_MAX,
    requestHandler: { requestTimeout: S3_ATTEMPT_MS_MAX, throwOnRequestTimeout: true },
    // The signature covers the body already, and services other than AWS do not know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return { sdk, client }
}
