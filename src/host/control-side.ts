/**
 * The control API over what it works with: everything that a host without public routes has.
 */

import type { MiddlewareHandler } from 'hono'
import { type App, newApp } from '../http/new-app.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { HostConfig } from '../config/host-config.ts'
import { ownUrls } from '../config/own-urls.ts'
import { controlApp } from '../control/control-app.ts'
import { localOnly } from '../http/local-only.ts'
import type { StoredIssuer } from '../issuers/issuer-document.ts'
import { issuerRepository } from '../issuers/issuer-repository.ts'
import type { Rotation } from '../keyring/rotation.ts'
import { claimantOf, locationClaims } from '../locations/location-claims.ts'
import type { Log } from '../log.ts'
import { policyRepository } from '../policies/policy-repository.ts'
import { publicationBounds } from '../reading/publication-bounds.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { hostApp } from './host-app.ts'
import type { Host } from './host.ts'

export interface ControlSideOptions {
  readonly config: HostConfig
  readonly documents: DocumentStore
  /** What the public documents are read from. */
  readonly publicIssuers: { readonly stalenessSeconds: number }
  readonly keyManagers: KeyManagers
  readonly rotation: Rotation
  /** Whether whoever rotates makes static copies of the public documents. Default: it makes none. */
  readonly hasStaticCopies?: boolean
  /** Lets through whoever may use the control API, and answers everyone else. */
  readonly guard: MiddlewareHandler
  /** Identifiers of the issuers whose tokens the guard takes. Default: none. */
  readonly trustedForControl?: readonly string[]
  /** Hears of every issuer that was written. */
  readonly onWritten?: (stored: StoredIssuer) => void
  /** Hears the id of every issuer whose exchange policy was written. */
  readonly onPolicyWritten?: (id: string) => void
  readonly log: Log
  readonly clock: Clock
}

/** Answers below `/control`, and nowhere else. */
export function controlSide(options: ControlSideOptions): App {
  const { config, documents, publicIssuers, keyManagers, guard, log, clock } = options
  const { publicUrl, hostAliases, localHosts } = config
  const issuers = issuerRepository(documents, options.onWritten)
  const bounds = publicationBounds(publicIssuers)
  const { rotation } = options
  const control = controlApp(
    {
      issuers,
      policies: policyRepository(documents, options.onPolicyWritten),
      locations: locationClaims(documents, issuers),
      claimantOf: (location) => claimantOf(documents, location),
      keyManagers,
      rotation,
      hasStaticCopies: options.hasStaticCopies,
      bounds,
      publicUrl,
      hostAliases,
      trustedForControl: options.trustedForControl ?? [],
      isOwnUrl: ownUrls(config),
      isDevelopment: localHosts !== undefined,
      clock,
      log,
    },
    guard,
  )
  const app = newApp()
  if (localHosts !== undefined) app.use('/control/*', localOnly(localHosts))
  app.route('/control', control)
  return app
}

/** A host of the control API alone. */
export function createControlHost({
  clock = systemClock,
  ...options
}: Omit<ControlSideOptions, 'clock'> & Partial<ControlSideOptions>): Host {
  const app = hostApp(options.log)
  app.route('/', controlSide({ ...options, clock }))
  return { fetch: (request) => app.fetch(request) }
}
