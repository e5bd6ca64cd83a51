/**
 * What a process works with that makes and destroys keys itself.
 */

import type { Clock } from '../clock.ts'
import type { IssuerRepository } from '../issuers/issuer-repository.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import type { Log } from '../log.ts'
import type { Observed } from '../publication/observation.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import type { StaticCopies } from '../static-copies/static-copies.ts'

export interface RotationDeps {
  readonly issuers: IssuerRepository
  readonly keyManagers: KeyManagers
  readonly bounds: PublicationBounds
  /** Looks at the public documents of an issuer as a relying party does. */
  readonly observe: (issuer: string) => Promise<Observed>
  /** Absent where the public documents have none. */
  readonly copies?: StaticCopies | undefined
  readonly clock: Clock
  readonly log: Log
}
