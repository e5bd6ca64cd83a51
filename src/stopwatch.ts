/**
 * The stopwatch port: how long something took, for records. Never what time it is (`clock.ts`).
 */

/** Milliseconds since a moment that stays the same. */
export type Stopwatch = () => number

export const runtimeStopwatch: Stopwatch = () => performance.now()
