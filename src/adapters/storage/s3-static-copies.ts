/**
 * Static copies in an S3 bucket of their own, from which a CDN reads them by their names.
 *
 * Under the headers that S3 then answers with. Which revision a copy is of, and which copies were made together, is
 * metadata. The rights that it needs: `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject`, and `s3:ListBucket`, without which
 * what is not there would be forbidden.
 */

import { type Deadline, timerDeadline } from '../../deadline.ts'
import type { StaticCopyStore, StoredStaticCopy } from '../../static-copies/static-copy-store.ts'
import type { S3Calls, S3Found } from '../aws/s3-calls.ts'
import { callS3, getFromS3, putToS3 } from './s3-calling.ts'

const RING_VERSION = 'signet-ring-version'
const EDITION = 'signet-edition'

export interface S3StaticCopiesOptions {
  readonly calls: S3Calls
  readonly bucket: string
  readonly deadline?: Deadline
}

export function s3StaticCopies({
  calls,
  bucket,
  deadline = timerDeadline,
}: S3StaticCopiesOptions): StaticCopyStore {
  const calling = { deadline, code: 'static_copies_unavailable' } as const
  return {
    get: async (name) => {
      const found = await getFromS3(calls, { bucket, key: name }, calling)
      return found && copyIn(found)
    },
    put: (name, { ringVersion, edition, ...copy }, condition) => {
      const metadata = { [RING_VERSION]: `${ringVersion}`, [EDITION]: edition }
      return putToS3(calls, { bucket, key: name, ...copy, metadata }, condition, calling)
    },
    delete: (name) =>
      callS3(calling, (signal) => calls.deleteObject({ bucket, key: name }, signal)),
  }
}

/** What somebody else has put there is of no revision. */
function copyIn({
  body,
  etag,
  contentType = '',
  cacheControl = '',
  metadata = {},
}: S3Found): StoredStaticCopy {
  const ringVersion = revisionOf(metadata[RING_VERSION] ?? '')
  return { body, etag, contentType, cacheControl, ringVersion, edition: metadata[EDITION] ?? '' }
}

/** A number that is too large to be a revision is later than all: as 0 it would have the copy written anew at each run. */
function revisionOf(version: string): number {
  if (!/^[1-9]\d*$/.test(version)) return 0
  return Number.isSafeInteger(Number(version)) ? Number(version) : Infinity
}
