/**
 * The schedule of a local installation: what a cron does where the Worker is deployed, and Miniflare does not.
 */

import { note } from '../output.ts'

const MINUTES = 15
const MS_PER_MINUTE = 60_000

export interface LocalRotationOptions {
  /** Rotates all issuers. Rejects where that failed. */
  readonly rotate: () => Promise<void>
  /** Calls `run` again and again; returns what ends that. Default: by a timer of the runtime. */
  readonly every?: (milliseconds: number, run: () => void) => () => void
}

/** Rotates at once and from then on, beside whatever else there is to do. What fails is told, and tried again. */
export function rotateRegularly({ rotate, every = timerEvery }: LocalRotationOptions): {
  readonly stop: () => void
} {
  let isRunning = false
  let isStopped = false

  function run(): void {
    if (isRunning) return
    isRunning = true
    rotate()
      .catch(() => {
        // What is stopped in the middle fails, which is nobody's business.
        if (!isStopped) note(FAILED)
      })
      .finally(() => {
        isRunning = false
      })
  }

  const end = every(MINUTES * MS_PER_MINUTE, run)
  run()
  return {
    stop: () => {
      isStopped = true
      end()
    },
  }
}

const FAILED = `Not every key ring could be rotated: the lines above say why. It is tried again in ${MINUTES} minutes.`

function timerEvery(milliseconds: number, run: () => void): () => void {
  const timer = setInterval(run, milliseconds)
  return () => clearInterval(timer)
}
