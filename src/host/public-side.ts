/**
 * The public routes over what they read: everything that a host without a control API has.
 */

import type { App } from '../http/new-app.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { HostConfig } from '../config/host-config.ts'
import { type Deadline, timerDeadline } from '../deadline.ts'
import { documentRenderer } from '../documents/rendered-documents.ts'
import { type DocumentLane, documentLane } from '../http/document-lane.ts'
import { hostMeaning } from '../http/own-hosts.ts'
import { publicApp, type PublicEnv } from '../http/public-app.ts'
import type { Log } from '../log.ts'
import { type IssuerReader, issuerReader } from '../reading/issuer-reader.ts'
import { publicationBounds } from '../reading/publication-bounds.ts'
import type { PublicIssuers } from '../reading/public-issuers.ts'
import type { TokenRoute } from '../http/token-route.ts'
import { type ExchangePorts, exchangeSide } from './exchange-side.ts'
import { hostApp } from './host-app.ts'
import type { Host } from './host.ts'

export interface PublicSideOptions {
  readonly config: HostConfig
  readonly publicIssuers: PublicIssuers
  /** Absent where the host issues no tokens. */
  readonly tokens?: TokenRoute | undefined
  readonly log: Log
  readonly clock: Clock
  readonly deadline: Deadline
}

export interface PublicSide {
  readonly app: App<PublicEnv>
  readonly reader: IssuerReader
  readonly lane: DocumentLane
}

export function publicSide({
  config,
  publicIssuers,
  tokens,
  log,
  clock,
  deadline,
}: PublicSideOptions): PublicSide {
  const { publicUrl, hostAliases, localHosts } = config
  const ownHost = new URL(publicUrl).host
  const reader = issuerReader({ issuers: publicIssuers, clock, log, deadline })
  const bounds = publicationBounds(publicIssuers)
  const renderer = documentRenderer(bounds)
  const lane = documentLane({ reader, renderer, clock })
  const app = publicApp({
    reader,
    renderer,
    lane,
    bounds,
    hostMeant: hostMeaning(ownHost, hostAliases),
    elsewhere: localHosts === undefined ? undefined : ownHost,
    tokens,
    clock,
  })
  return { app, reader, lane }
}

export interface PublicHostOptions extends Omit<
  PublicSideOptions,
  'tokens' | 'clock' | 'deadline'
> {
  /** Without it the host issues no tokens. */
  readonly exchange?: ExchangePorts
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
}

/** A host of the public routes alone. */
export function createPublicHost({
  clock = systemClock,
  deadline = timerDeadline,
  exchange,
  ...options
}: PublicHostOptions): Host {
  const common = { ...options, clock, deadline }
  const tokens = exchange && exchangeSide({ ...common, ...exchange }).tokens
  const { app: routes, lane } = publicSide({ ...common, tokens })
  const app = hostApp<PublicEnv>(options.log)
  app.route('/', routes)
  return {
    fetch: (request, keepAlive) => lane.answer(request) ?? app.fetch(request, { keepAlive }),
  }
}
