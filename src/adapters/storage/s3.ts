/**
 * Documents in an S3 bucket: one object a document, written under conditions.
 *
 * The SDK tries a call anew whose answer was lost, and a put that took effect then conflicts with itself. Whether the
 * document is the one that was to be written is told by who wrote it (`issuers/issuer-repository.ts`,
 * `locations/location-claims.ts`), since that takes reading the document. Without the permission `s3:ListBucket` S3
 * answers 403 for an object that is not there, which is a fault here: the store needs it besides `s3:GetObject` and
 * `s3:PutObject`.
 */

import { type Deadline, endsWithin, timerDeadline } from '../../deadline.ts'
import { errorName, Fault } from '../../errors.ts'
import type { DocumentStore, PutCondition, StoredDocument } from '../../storage/document-store.ts'
import {
  type S3Address,
  type S3Calls,
  type S3ListRequest,
  type S3PutRequest,
  s3StatusOf,
} from '../aws/s3-calls.ts'

/** A call with all its attempts: who waits for a document at STS has 5 s. */
export const S3_CALL_MS_MAX = 4000

/** S3 answers 409 to a conditional put that met another one, and asks to try it again. */
const CONFLICT_ATTEMPTS_MAX = 5
const CONFLICT_WAIT_MS = 50

/** S3 lists no more keys at once. */
const LISTED_AT_ONCE_MAX = 1000

/** What S3 gives, and nothing that means more in a condition: no `*`, no list, no weak etag. */
const ETAG = /^"([\w+/=.-]+)"$/

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
  return {
    name: 's3',
    stalenessSeconds: 0,
    get: (key) => calling(deadline, (signal) => get(calls, addressOf(key), signal)),
    put: async (key, body, condition) => {
      const headers = headersOf(condition)
      if (headers === undefined) return 'conflict'
      const request = { ...addressOf(key), body, ...headers }
      return calling(deadline, (signal) => put(calls, request, deadline, signal))
    },
    list: async ({ prefix: listed, after = '', limit }) => {
      const range = {
        bucket,
        prefix: `${prefix}${listed}`,
        after: after === '' ? undefined : `${prefix}${after}`,
        // One more than asked for tells whether there are more.
        limit: limit + 1,
      }
      const found = await calling(deadline, (signal) => list(calls, range, signal))
      const keys = found.slice(0, limit).map((key) => key.slice(prefix.length))
      return { keys, more: found.length > limit }
    },
  }
}

/** Whatever goes wrong with a call, be it before it is sent, is storage that does not answer. */
async function calling<T>(
  deadline: Deadline,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  try {
    const called = call(end.signal)
    if (await endsWithin(S3_CALL_MS_MAX, called, deadline)) return await called
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    // Without its cause, whose message names buckets, accounts and roles.
    const what = s3StatusOf(cause) === undefined ? 'S3 could not be asked' : 'S3 refused'
    throw new Fault('storage_unavailable', `${what} (${errorName(cause)})`)
  } finally {
    end.abort()
  }
  throw new Fault('storage_unavailable', `S3 did not answer within ${S3_CALL_MS_MAX} ms`)
}

async function get(
  calls: S3Calls,
  address: S3Address,
  signal: AbortSignal,
): Promise<StoredDocument | undefined> {
  const found = await calls.getObject(address, signal).catch((error: unknown) => {
    if (isNoSuchKey(error)) return undefined
    throw error
  })
  if (found === undefined || ETAG.test(found.etag)) return found
  throw new Fault('storage_unavailable', 'S3 gave a document without an etag to replace it by')
}

async function put(
  calls: S3Calls,
  request: S3PutRequest,
  deadline: Deadline,
  signal: AbortSignal,
): Promise<'written' | 'conflict'> {
  for (let attempt = 1; ; attempt++) {
    try {
      await calls.putObject(request, signal)
      return 'written'
    } catch (error) {
      if (s3StatusOf(error) === 412 || isNoSuchKey(error)) return 'conflict'
      if (s3StatusOf(error) !== 409 || attempt === CONFLICT_ATTEMPTS_MAX) throw error
    }
    await deadline(attempt * CONFLICT_WAIT_MS, signal)
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

/**
 * `undefined`: an etag that no document has. The quotes stay away, as in the example of the S3
 * user guide (conditional writes): Ceph and others take an etag in no other form.
 */
function headersOf(
  condition: PutCondition,
): { readonly ifNoneMatch: '*' } | { readonly ifMatch: string } | undefined {
  if ('ifNoneMatch' in condition) return condition
  const ifMatch = ETAG.exec(condition.ifMatch)?.[1]
  return ifMatch === undefined ? undefined : { ifMatch }
}

/** Other than that there is no such bucket, which has the same status. */
function isNoSuchKey(error: unknown): boolean {
  return s3StatusOf(error) === 404 && errorName(error) === 'NoSuchKey'
}
