/**
 * One of the things that take turns.
 */

import type { Compared, RotationFigures } from './messages.ts'

export interface RotationWay {
  readonly of: Compared
  readonly way: RotationFigures['way']
  /** How many are done by one `run`. Default: 1. */
  readonly each?: number
  /** Runs in a batch. */
  readonly batch: number
  readonly run: () => Promise<void>
}
