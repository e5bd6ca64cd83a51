/**
 * What the control API works with.
 */

import type { Clock } from '../clock.ts'
import type { IssuerRepository } from '../issuers/issuer-repository.ts'
import type { IssuerLocation } from '../locations/issuer-location.ts'
import type { LocationClaims } from '../locations/location-claims.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import type { Log } from '../log.ts'
import type { Rotation } from '../keyring/rotation.ts'
import type { PolicyRepository } from '../policies/policy-repository.ts'
import type { KeyManagers } from '../signers/key-managers.ts'

export interface OperationDeps {
  readonly issuers: IssuerRepository
  readonly policies: PolicyRepository
  readonly locations: LocationClaims
  /** The id that has claimed a location, if one has; its issuer may not be there. */
  readonly claimantOf: (location: IssuerLocation) => Promise<string | undefined>
  readonly keyManagers: KeyManagers
  readonly rotation: Rotation
  /** Whether the public documents have static copies, which whoever rotates makes. Default: they have none. */
  readonly hasStaticCopies?: boolean | undefined
  readonly bounds: PublicationBounds
  /** Base of new issuers' identifiers. */
  readonly publicUrl: string
  /** Hosts that mean the one of `publicUrl`. */
  readonly hostAliases: readonly string[]
  /** Identifiers of the issuers that the deployment trusts for control: none of them is ever created here. */
  readonly trustedForControl: readonly string[]
  /** Whether a URL is on a host of this installation. */
  readonly isOwnUrl: (url: string) => boolean
  /** Whether issuers on this machine may be trusted: of a local installation. */
  readonly isDevelopment: boolean
  readonly clock: Clock
  readonly log: Log
}
