/**
 * The lock of a state directory: one process at a time.
 *
 * An SQLite transaction that is never ended. The system drops it with the process, however that dies, so no stale
 * lock is ever left behind, which a file with a process id would be.
 */

import { DatabaseSync } from 'node:sqlite'
import { usageError } from '../exit.ts'
import type { StatePaths } from './state-directory.ts'

const SQLITE_BUSY = 5

/** Held until `release`, or until the process ends. */
export function lockState({ lock, root }: StatePaths): { readonly release: () => void } {
  const database = new DatabaseSync(lock)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    if ((cause as { readonly errcode?: number }).errcode !== SQLITE_BUSY) throw cause
    throw usageError(
      `another Signet runs with the state in ${root}: stop it, or give this one another --state`,
      { cause },
    )
  }
  return { release: () => database.close() }
}
