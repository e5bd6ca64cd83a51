/**
 * The host: public routes and control API over one set of ports. What every runtime serves.
 */

import { Hono } from 'hono'
import { type Clock, systemClock } from './clock.ts'
import type { HostConfig } from './config.ts'
import { controlApp } from './control/control-app.ts'
import { answerHeaders } from './http/answer-headers.ts'
import { answerNotFound, answerThrown, errorResponse } from './http/errors.ts'
import { localOnly } from './http/local-only.ts'
import { publicApp } from './http/public-app.ts'
import { issuerRepository } from './issuers/issuer-repository.ts'
import type { PublicIssuers } from './issuers/public-issuers.ts'
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
}

export function createHost({
  config,
  documents,
  publicIssuers,
  keyManager,
  log,
  clock = systemClock,
}: HostOptions): Hono {
  const app = new Hono()
  const control = controlApp(
    {
      issuers: issuerRepository(documents),
      keyManager,
      bounds: { documentStalenessSeconds: publicIssuers.stalenessSeconds },
      publicUrl: config.publicUrl,
      clock,
      log,
    },
    config.controlSecretDigest,
  )
  app.use(answerHeaders)
  if (config.localHosts !== undefined) app.use('/control/*', localOnly(config.localHosts))
  app.route('/control', control)
  app.route('/', publicApp({ publicIssuers, clock }))
  app.notFound(answerNotFound)
  app.onError((error, c) => answerThrown(error, c, log))
  return app
}

/** What a host is whose configuration was refused: it says so in its log, and to everyone that it is not there yet. */
export function misconfiguredHost(problems: readonly string[], log: Log): Hono {
  for (const problem of problems) log('error', 'configuration_refused', { problem })
  const app = new Hono()
  app.use(answerHeaders)
  app.all('*', (c) =>
    errorResponse(
      c,
      503,
      'misconfigured',
      'this host is not configured; its log says what is missing',
    ),
  )
  return app
}
