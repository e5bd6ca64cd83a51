/**
 * A host: public routes and control API over one set of ports. What a runtime serves that has both in one place.
 */

import { type Clock, systemClock } from '../clock.ts'
import type { HostConfig } from '../config/host-config.ts'
import { bearerGuard } from '../control/bearer-guard.ts'
import type { Bytes } from '../crypto/base64url.ts'
import { type Deadline, timerDeadline } from '../deadline.ts'
import type { PublicEnv } from '../http/public-app.ts'
import type { PublicIssuers } from '../reading/public-issuers.ts'
import type { Log } from '../log.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { controlSide } from './control-side.ts'
import { hostApp } from './host-app.ts'
import type { Host } from './host.ts'
import { publicSide } from './public-side.ts'

export interface HostOptions {
  readonly config: HostConfig
  /** SHA-256 of the control secret; without it there is no control API. */
  readonly controlSecretDigest: Bytes | undefined
  readonly documents: DocumentStore
  readonly publicIssuers: PublicIssuers
  readonly keyManagers: KeyManagers
  readonly log: Log
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
}

export function createWholeHost({
  clock = systemClock,
  deadline = timerDeadline,
  controlSecretDigest,
  ...options
}: HostOptions): Host {
  const publicRoutes = publicSide({ ...options, clock, deadline })
  const { reader, lane } = publicRoutes
  const control = controlSide({
    ...options,
    clock,
    guard: bearerGuard(controlSecretDigest),
    // Whoever changes an issuer sees the change at once where the same instance answers.
    onWritten: ({ issuer }) => reader.refresh(issuer),
  })
  const app = hostApp<PublicEnv>(options.log)
  app.route('/', control)
  app.route('/', publicRoutes.app)
  return {
    fetch: (request, keepAlive) => lane.answer(request) ?? app.fetch(request, { keepAlive }),
  }
}
