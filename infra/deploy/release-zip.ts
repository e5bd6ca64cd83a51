/**
 * Archives of a release: the same files give the same bytes, whenever and wherever they are made.
 */

import { createHash } from 'node:crypto'
import { type ZipOptions, zipSync } from 'fflate'

/** In local time, as archives have it, so that its bytes are the same in every time zone. */
const MADE_AT = new Date(1980, 0, 1, 12)

const OPTIONS: ZipOptions = {
  level: 9,
  mtime: MADE_AT,
  // A file of Unix that everyone may read: the runtime is another user than the one that unpacks.
  os: 3,
  attrs: (0o100_644 << 16) >>> 0,
}

/** `files`: by name. */
export function releaseZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sorted = Object.entries(files).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return zipSync(Object.fromEntries(sorted), OPTIONS)
}

/** Hex SHA-256. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
