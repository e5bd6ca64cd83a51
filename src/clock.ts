/**
 * The clock port.
 *
 * Unix seconds everywhere inside; this is the only module of the core that asks the system for the time.
 */

export interface Clock {
  /** The present moment in whole Unix seconds. */
  now(): number
}

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) }
