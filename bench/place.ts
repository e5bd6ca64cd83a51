/**
 * Where a run takes place: what its parts share.
 */

import type { Cores } from './cores.ts'
import type { Load } from './load/load-process.ts'

export interface Place {
  /** Removed after the run. */
  readonly directory: string
  readonly cores: Cores
  readonly load: Load
}
