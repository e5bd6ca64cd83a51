/**
 * The alarm of a document's object. One that cannot be changed undoes no document that is written, and does not keep its
 * copy from delivery: it is logged.
 */

import type { DurableObjectStorage } from '@cloudflare/workers-types'
import { errorName } from '../../../errors.ts'
import type { Log } from '../../../log.ts'

export interface DocumentAlarm {
  /** `seconds`: Unix time. */
  set(key: string, seconds: number): Promise<void>
  clear(key: string): Promise<void>
  /** Whether its last change failed. */
  hasFailed(): boolean
}

export function documentAlarm(
  storage: Pick<DurableObjectStorage, 'setAlarm' | 'deleteAlarm'>,
  log: Log,
): DocumentAlarm {
  let failed = false

  async function attempt(key: string, change: () => Promise<void>): Promise<void> {
    try {
      await change()
      failed = false
    } catch (error) {
      failed = true
      log('warn', 'alarm_not_set', { key, cause: errorName(error) })
    }
  }

  return {
    set: (key, seconds) => attempt(key, () => storage.setAlarm(seconds * 1000)),
    clear: (key) => attempt(key, () => storage.deleteAlarm()),
    hasFailed: () => failed,
  }
}
