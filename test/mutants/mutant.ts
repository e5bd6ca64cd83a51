/**
 * A rule of the ring, with the change that leaves it out and the tests that must then fail.
 */

export interface Mutant {
  readonly name: string
  /** What of the design it breaks. */
  readonly rule: string
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly killedBy: string
  /** Few histories show it: it takes five times as many. */
  readonly isRare?: true
}

export const HISTORIES = 'test/property/rotation-invariants.property.test.ts'
export const QUIET = 'test/property/rotation-quiet.property.test.ts'
export const RUNS = 'test/property/rotation-runs.property.test.ts'
export const RECORDS = 'test/property/hand-over.property.test.ts'
/** A header that names another version than the set is of is nothing that an honest world has. */
export const ROTATIONS = 'test/unit/keyring/plan-rotation.test.ts'
export const SUCCESSORS = 'test/unit/keyring/plan-successor.test.ts'
/** What is deleted against a later reading is taken back by the sweep itself, so that no history shows it. */
export const SWEEPS = 'test/unit/keyring/contested-sweep.test.ts'
