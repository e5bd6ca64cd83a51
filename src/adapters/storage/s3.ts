/**
 * Documents in an S3 bucket: one object a document, written under conditions.
 *
 * The SDK tries a call anew whose answer was lost, and a put that took effect then conflicts with itself. Whether the
 * document is the one that was to be written is told by who wrote it (`issuers/issuer-repository.ts`,
 * `locations/location-claims.ts`), since that takes reading the document. Without the permission `s3:ListBucket` S3
 * answers 403 for an object that is not there, which is a fault here: the store needs it besides `s3:GetObject` and
 * `s3:PutObject`.
 */

import { type Deadline, timerDeadline } from '../../deadline.ts'
import type { DocumentStore } from '../../storage/document-store.ts'
import type { S3Calls, S3ListRequest } from '../aws/s3-calls.ts'
import { callS3, getFromS3, putToS3 } from './s3-calling.ts'

/** S3 lists no more keys at once. */
const LISTED_AT_ONCE_MAX = 1000

export interface S3StoreOptions {
  readonly calls: S3Calls
  readonly bucket: string
  /** Of each object's key: what tells deployments in one bucket apart. Empty, or ends in `/`. */
  readonly prefix?: string
  readonly deadline?: Deadline
}

/** Throws `TypeError` for a prefix that could be the beginning of another deployment's. */
export function s3Store({
  calls,
  bucket,
  prefix = '',
  deadline = timerDeadline,
}: S3StoreOptions): DocumentStore {
  if (prefix !== '' && !prefix.endsWith('/')) {
    throw new TypeError(`prefix must be empty or end in "/", got ${JSON.stringify(prefix)}`)
  }
  const addressOf = (key: string) => ({ bucket, key: `${prefix}${key}` })
  const calling = { deadline, code: 'storage_unavailable' } as const
  return {
    name: 's3',
    stalenessSeconds: 0,
    get: async (key) => {
      const found = await getFromS3(calls, addressOf(key), calling)
      return found && { body: found.body, etag: found.etag }
    },
    put: (key, body, condition) => putToS3(calls, { ...addressOf(key), body }, condition, calling),
    list: async ({ prefix: listed, after = '', limit }) => {
      const range = {
        bucket,
        prefix: `${prefix}${listed}`,
        after: after === '' ? undefined : `${prefix}${after}`,
        // One more than asked for tells whether there are more.
        limit: limit + 1,
      }
      const found = await callS3(calling, (signal) => list(calls, range, signal))
      const keys = found.slice(0, limit).map((key) => key.slice(prefix.length))
      return { keys, more: found.length > limit }
    },
  }
}

async function list(
  calls: S3Calls,
  { limit, ...range }: Omit<S3ListRequest, 'continuation'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const keys: string[] = []
  let continuation: string | undefined
  do {
    const wanted = Math.min(limit - keys.length, LISTED_AT_ONCE_MAX)
    const answer = await calls.listObjects({ ...range, limit: wanted, continuation }, signal)
    keys.push(...answer.keys)
    continuation = answer.continuation
  } while (continuation !== undefined && keys.length < limit)
  return keys
}
