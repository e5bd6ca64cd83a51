/**
 * The port to whoever makes and destroys keys: the same process, or a function with permissions of its own.
 *
 * It is told which issuer, and may be told what the public documents showed elsewhere: what is due is decided from the stored
 * document by the planner.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { Observation } from '../publication/observation.ts'
import type { RotationReport } from './rotation-report.ts'
import type { SweepReport } from './sweep-report.ts'

export interface RotationOptions {
  /** What somebody else saw in the public documents, in place of looking. */
  readonly observation?: Observation | undefined
  /** Plans and changes nothing. */
  readonly dryRun?: boolean | undefined
}

export interface SweepOptions {
  /** From the order to delete a key to its deletion: 7 to 30 days. Default: 30. */
  readonly windowDays?: number | undefined
  /** The slot whose deletion is taken back, instead of a sweep. */
  readonly takeBack?: string | undefined
  /** Says what would be done, and changes nothing. */
  readonly dryRun?: boolean | undefined
}

export interface Rotation {
  /**
   * A document that is about to be written, with the keys that can be made before it is: those that leave nothing behind
   * if it never is. Whatever else it needs is for `run`. Rejects with the faults of keys.
   */
  prepare(document: IssuerDocument, now: number): Promise<IssuerDocument>
  /**
   * Does what the stored ring of this issuer needs now, and writes it: one step, so that the next run may find more to do.
   * Running it twice, or beside another run, is running it once. Resolves to `undefined` where there is no such issuer, or it
   * was deleted. Rejects with the faults of keys and of storage; the ring is then as it was, or as it should be.
   */
  run(issuerId: string, options?: RotationOptions): Promise<RotationReport | undefined>
  /**
   * Has deleted what this issuer's ring, or its tombstone, has forgotten a day ago and somebody still keeps, and each of its static
   * copies looked at. Resolves to
   * `undefined` where there never was such an issuer. Rejects as `run` does.
   */
  sweep(issuerId: string, options?: SweepOptions): Promise<SweepReport | undefined>
  /**
   * Has the static copies of this issuer made as its stored document says now; does nothing where there are none. Rejects with
   * the faults of static copies and of storage: the next run then does it.
   */
  publish(issuerId: string): Promise<void>
}
