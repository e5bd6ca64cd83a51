/**
 * How a store in S3 calls it: within a time, under conditions, and with faults that tell of S3's errors the name alone.
 */

import { type Deadline, endsWithin } from '../../deadline.ts'
import { errorName, Fault, type FaultCode } from '../../errors.ts'
import type { PutCondition } from '../../storage/document-store.ts'
import {
  type S3Address,
  type S3Calls,
  type S3Found,
  type S3PutRequest,
  s3StatusOf,
} from '../aws/s3-calls.ts'

/** A call with all its attempts: who waits for a document at STS has 5 s. */
export const S3_CALL_MS_MAX = 4000

/** S3 answers 409 to a conditional put that met another one, and asks to try it again. */
const CONFLICT_ATTEMPTS_MAX = 5
const CONFLICT_WAIT_MS = 50

/** What S3 gives, and nothing that means more in a condition: no `*`, no list, no weak etag. */
const ETAG = /^"([\w+/=.-]+)"$/

export interface S3Calling {
  readonly deadline: Deadline
  /** Of whatever goes wrong with a call, be it before it is sent. */
  readonly code: FaultCode
}

export async function callS3<T>(
  { deadline, code }: S3Calling,
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
    throw new Fault(code, `${what} (${errorName(cause)})`)
  } finally {
    end.abort()
  }
  throw new Fault(code, `S3 did not answer within ${S3_CALL_MS_MAX} ms`)
}

/** `undefined` where there is no such object. */
export function getFromS3(
  calls: Pick<S3Calls, 'getObject'>,
  address: S3Address,
  calling: S3Calling,
): Promise<S3Found | undefined> {
  return callS3(calling, async (signal) => {
    const found = await calls.getObject(address, signal).catch((error: unknown) => {
      if (isNoSuchKey(error)) return undefined
      throw error
    })
    if (found === undefined || ETAG.test(found.etag)) return found
    throw new Fault(calling.code, 'S3 gave a document without an etag to replace it by')
  })
}

export async function putToS3(
  calls: Pick<S3Calls, 'putObject'>,
  request: Omit<S3PutRequest, 'ifMatch' | 'ifNoneMatch'>,
  condition: PutCondition,
  calling: S3Calling,
): Promise<'written' | 'conflict'> {
  const headers = headersOf(condition)
  if (headers === undefined) return 'conflict'
  const conditional = { ...request, ...headers }
  return callS3(calling, (signal) => put(calls, conditional, calling.deadline, signal))
}

async function put(
  calls: Pick<S3Calls, 'putObject'>,
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
