/**
 * What the control API works with.
 */

import type { Clock } from '../clock.ts'
import type { IssuerRepository } from '../issuers/issuer-repository.ts'
import type { LocationClaims } from '../locations/location-claims.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import type { Log } from '../log.ts'
import type { Rotation } from '../keyring/rotation.ts'
import type { KeyManagers } from '../signers/key-managers.ts'

export interface OperationDeps {
  readonly issuers: IssuerRepository
  readonly locations: LocationClaims
  readonly keyManagers: KeyManagers
  readonly rotation: Rotation
  readonly bounds: PublicationBounds
  /** Base of new issuers' identifiers. */
  readonly publicUrl: string
  /** Hosts that mean the one of `publicUrl`. */
  readonly hostAliases: readonly string[]
  readonly clock: Clock
  readonly log: Log
}
