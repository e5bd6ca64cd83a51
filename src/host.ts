/**
 * The host: public routes and control API over one set of ports. What every runtime serves.
 */

import { Hono } from 'hono'
import { type Clock, systemClock } from './clock.ts'
import type { HostConfig } from './config.ts'
import { type Deadline, timerDeadline } from './deadline.ts'
import { controlApp } from './control/control-app.ts'
import { documentRenderer } from './documents/rendered-documents.ts'
import { documentLane } from './http/document-lane.ts'
import { answerNotFound, answerThrown, errorResponse } from './http/errors.ts'
import { hostMeaning } from './http/own-hosts.ts'
import { localOnly } from './http/local-only.ts'
import { publicApp, type PublicEnv } from './http/public-app.ts'
import { issuerRepository } from './issuers/issuer-repository.ts'
import { locationClaims } from './locations/location-claims.ts'
import { issuerReader } from './reading/issuer-reader.ts'
import type { KeepAlive } from './reading/storage-flights.ts'
import type { PublicIssuers } from './reading/public-issuers.ts'
import type { Log } from './log.ts'
import type { KeyManager } from './signers/key-manager.ts'
import type { DocumentStore } from './storage/document-store.ts'

export interface HostOptions {
  readonly config: HostConfig
  readonly documents: DocumentStore
  readonly publicIssuers: PublicIssuers
  readonly keyManager: KeyManager
  readonly log: Log
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
}

/** What a runtime hands its requests to. `keepAlive`: see `reading/storage-flights.ts`. */
export interface Host {
  fetch(request: Request, keepAlive?: KeepAlive): Response | Promise<Response>
}

export function createHost({
  config,
  documents,
  publicIssuers,
  keyManager,
  log,
  clock = systemClock,
  deadline = timerDeadline,
}: HostOptions): Host {
  const app = new Hono<PublicEnv>()
  const reader = issuerReader({ issuers: publicIssuers, clock, log, deadline })
  const bounds = {
    documentStalenessSeconds: reader.stalenessSeconds,
    lastGoodSeconds: reader.lastGoodSeconds,
  }
  const { publicUrl, hostAliases } = config
  const ownHost = new URL(publicUrl).host
  const hostMeant = hostMeaning(ownHost, hostAliases)
  const elsewhere = config.localHosts === undefined ? undefined : ownHost
  const renderer = documentRenderer(bounds)
  const lane = documentLane({ reader, renderer, clock })
  // Whoever changes an issuer sees the change at once where the same instance answers.
  const issuers = issuerRepository(documents, ({ issuer }) => reader.refresh(issuer))
  const locations = locationClaims(documents, issuers)
  const control = controlApp(
    { issuers, locations, keyManager, bounds, publicUrl, hostAliases, clock, log },
    config.controlSecretDigest,
  )
  if (config.localHosts !== undefined) app.use('/control/*', localOnly(config.localHosts))
  app.route('/control', control)
  app.route('/', publicApp({ reader, renderer, lane, bounds, hostMeant, elsewhere, clock }))
  app.notFound(answerNotFound)
  app.onError((error, c) => answerThrown(error, c, log))
  return {
    fetch: (request, keepAlive) => lane.answer(request) ?? app.fetch(request, { keepAlive }),
  }
}

/** What a host is whose configuration was refused: it says so in its log, and to everyone that it is not there yet. */
export function misconfiguredHost(problems: readonly string[], log: Log): Host {
  for (const problem of problems) log('error', 'configuration_refused', { problem })
  const app = new Hono()
  app.all('*', (c) =>
    errorResponse(
      c,
      503,
      'misconfigured',
      'this host is not configured; its log says what is missing',
    ),
  )
  return { fetch: (request) => app.fetch(request) }
}
