/**
 * What a rotation is planned by, besides the stored document and the time.
 */

import type { PublicationBounds } from '../issuers/policy.ts'
import type { Observation } from '../publication/observation.ts'

export interface RotationEvidence {
  /** What the public documents showed, each read after the document was written that they are held against. */
  readonly observations: readonly Observation[]
  readonly bounds: PublicationBounds
}
