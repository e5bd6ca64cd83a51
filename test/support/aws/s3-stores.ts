/**
 * Document stores over the fake of S3, and the end of their calls.
 */

import { type LazyS3Options, lazyS3 } from '../../../src/adapters/aws/s3-calls.ts'
import { S3_CALL_MS_MAX } from '../../../src/adapters/storage/s3-calling.ts'
import {
  s3StaticCopies,
  type S3StaticCopiesOptions,
} from '../../../src/adapters/storage/s3-static-copies.ts'
import { s3Store, type S3StoreOptions } from '../../../src/adapters/storage/s3.ts'
import type { Deadline } from '../../../src/deadline.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import type { StaticCopyStore } from '../../../src/static-copies/static-copy-store.ts'
import type { S3Fake } from './s3-fake.ts'

/** Each store has a client of its own, as hosts have. */
export function storeOver(
  { url, bucket }: Pick<S3Fake, 'url' | 'bucket'>,
  options: Partial<S3StoreOptions> = {},
): DocumentStore {
  return s3Store({ calls: lazyS3(optionsFor(url)), bucket, ...options })
}

/** The same of the static copies. */
export function copiesOver(
  { url, copiesBucket }: Pick<S3Fake, 'url' | 'copiesBucket'>,
  options: Partial<S3StaticCopiesOptions> = {},
): StaticCopyStore {
  return s3StaticCopies({ calls: lazyS3(optionsFor(url)), bucket: copiesBucket, ...options })
}

export function optionsFor(endpoint: string): LazyS3Options {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret-of-tests' }
  return { region: 'eu-central-1', endpoint, credentials }
}

/** The end of a call, when a test says so. Waits within a call are over at once. */
export interface HeldDeadline {
  readonly deadline: Deadline
  readonly waits: readonly number[]
  pass(): void
}

export function heldDeadline(): HeldDeadline {
  const waits: number[] = []
  const passed = Promise.withResolvers<void>()
  return {
    waits,
    pass: () => passed.resolve(),
    deadline: async (milliseconds) => {
      if (milliseconds === S3_CALL_MS_MAX) return passed.promise
      waits.push(milliseconds)
    },
  }
}
