/**
 * Time and chance of a ring's life, both in the hand of the test: years pass in seconds, and the same years each time.
 */

export const MINUTE = 60
export const HOUR = 3600
export const DAY = 86_400

/** A fixed moment: 2027-01-15T08:00:00Z. */
export const START = 1_800_000_000

/** Unix seconds; a test moves it. */
export interface RingClock {
  seconds: number
}

/** From 0 to less than 1: the same sequence for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What was written under keys, and when: for readers who see it late. */
export interface DatedValues {
  note(key: string, value: string): void
  /** The value as it was at a moment; `undefined` before the first one. */
  at(key: string, seconds: number): string | undefined
}

export function datedValues(clock: RingClock): DatedValues {
  const values = new Map<string, { readonly since: number; readonly value: string }[]>()
  return {
    note: (key, value) => {
      const dated = values.get(key) ?? []
      if (dated.at(-1)?.value !== value) dated.push({ since: clock.seconds, value })
      values.set(key, dated)
    },
    at: (key, seconds) => values.get(key)?.findLast(({ since }) => since <= seconds)?.value,
  }
}
