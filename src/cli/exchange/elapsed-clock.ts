/**
 * Seconds that have passed, whatever happens to the clocks.
 *
 * A timer's clock stands still while the machine is suspended, and a wall clock is set, forwards and backwards. Neither may
 * keep a token file from being renewed, so a span counts as the longer of the two.
 */

export interface ElapsedClockOptions {
  /** Never goes back; may stand still during a suspension. */
  readonly steadySeconds: () => number
  /** Unix seconds, whole ones. */
  readonly wallSeconds: () => number
}

/** Wall clocks of whole seconds, and the slewing of time services, differ by less between two looks. */
const AGREEMENT_SECONDS = 5

/** Returns the seconds since it was made. Counts right as long as it is asked every few seconds. */
export function elapsedClock({ steadySeconds, wallSeconds }: ElapsedClockOptions): () => number {
  let elapsed = 0
  let [steady, wall] = [steadySeconds(), wallSeconds()]
  return () => {
    const [steadyNow, wallNow] = [steadySeconds(), wallSeconds()]
    const [bySteady, byWall] = [steadyNow - steady, wallNow - wall]
    elapsed += byWall > bySteady + AGREEMENT_SECONDS ? byWall : bySteady
    steady = steadyNow
    wall = wallNow
    return elapsed
  }
}
