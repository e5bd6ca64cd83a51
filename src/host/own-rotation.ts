/**
 * Rotation by the host itself, over what it works with: for hosts that may make keys.
 */

import type { Clock } from '../clock.ts'
import type { Deadline } from '../deadline.ts'
import { documentRenderer } from '../documents/rendered-documents.ts'
import type { StoredIssuer } from '../issuers/issuer-document.ts'
import { type IssuerRepository, issuerRepository } from '../issuers/issuer-repository.ts'
import { rotationHere } from '../keyring/rotation-here.ts'
import type { Rotation } from '../keyring/rotation.ts'
import type { Log } from '../log.ts'
import { observePublication } from '../publication/read-public-documents.ts'
import { publicationBounds } from '../reading/publication-bounds.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import { staticCopies } from '../static-copies/static-copies.ts'
import type { StaticCopyStore } from '../static-copies/static-copy-store.ts'
import type { DocumentStore } from '../storage/document-store.ts'

export interface OwnRotationOptions {
  readonly documents: DocumentStore
  /** What the public documents are read from. */
  readonly publicIssuers: { readonly stalenessSeconds: number }
  readonly keyManagers: KeyManagers
  /** Reads the public documents. Default: that of the runtime. */
  readonly fetch?: typeof fetch | undefined
  /** Where a CDN reads the public documents while their host fails. Default: nowhere. */
  readonly staticCopies?: StaticCopyStore | undefined
  /** Hears of every issuer that was written. */
  readonly onWritten?: ((stored: StoredIssuer) => void) | undefined
  readonly log: Log
  readonly clock: Clock
  readonly deadline: Deadline
}

export interface OwnRotation {
  readonly issuers: IssuerRepository
  readonly rotation: Rotation
}

export function ownRotation(options: OwnRotationOptions): OwnRotation {
  const { documents, publicIssuers, keyManagers, log, clock, deadline } = options
  const { staticCopies: store } = options
  // Called as a function of the runtime, which some runtimes insist on.
  const { fetch = (...request) => globalThis.fetch(...request) } = options
  const issuers = issuerRepository(documents, options.onWritten)
  const bounds = publicationBounds(publicIssuers)
  const renderer = documentRenderer(bounds)
  const rotation = rotationHere({
    issuers,
    keyManagers,
    bounds,
    observe: (issuer) => observePublication(issuer, { fetch, clock, deadline }),
    copies: store && staticCopies({ store, issuers, renderer, clock, log }),
    clock,
    log,
  })
  return { issuers, rotation }
}
