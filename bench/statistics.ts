/**
 * What is made of the rounds: medians, since a noisy machine spoils single rounds and not half of them.
 */

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = Math.floor(sorted.length / 2)
  const lower = Math.ceil(sorted.length / 2) - 1
  return ((sorted[lower] ?? NaN) + (sorted[upper] ?? NaN)) / 2
}

/** The median of each round's own ratio: what slows a whole round down slows both of its parts. */
export function medianRatio(
  numerators: readonly number[],
  denominators: readonly number[],
): number {
  return median(numerators.map((numerator, round) => numerator / (denominators[round] ?? NaN)))
}
