/**
 * A host: public routes and control API over one set of ports. What a runtime serves that has both in one place.
 */

import { type Clock, systemClock } from '../clock.ts'
import type { HostConfig } from '../config/host-config.ts'
import type { ControlGrant } from '../control-access/control-grant.ts'
import { controlGuard } from '../control-access/control-guard.ts'
import { controlTokens } from '../control-access/control-tokens.ts'
import type { Bytes } from '../crypto/base64url.ts'
import { type Deadline, timerDeadline } from '../deadline.ts'
import type { PublicEnv } from '../http/public-app.ts'
import type { PublicIssuers } from '../reading/public-issuers.ts'
import type { StoredIssuer } from '../issuers/issuer-document.ts'
import { runJob } from '../jobs/run-job.ts'
import { claimantOf } from '../locations/location-claims.ts'
import type { Log } from '../log.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { controlSide } from './control-side.ts'
import { type ExchangePorts, exchangeSide } from './exchange-side.ts'
import { hostApp } from './host-app.ts'
import type { WholeHost } from './host.ts'
import { ownRotation } from './own-rotation.ts'
import { publicSide } from './public-side.ts'

export interface HostOptions extends Pick<ExchangePorts, 'sourceLimit' | 'sha256'> {
  readonly config: HostConfig
  /** SHA-256 of the control secret; without it no secret opens the control API. */
  readonly controlSecretDigest: Bytes | undefined
  /** Whose tokens open it; without both there is none. */
  readonly controlTrust?: readonly ControlGrant[] | undefined
  readonly documents: DocumentStore
  readonly publicIssuers: PublicIssuers
  readonly keyManagers: KeyManagers
  /** Reads the public documents as relying parties do, and those of subject issuers. Default: that of the runtime. */
  readonly fetch?: typeof fetch
  readonly log: Log
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
}

export function createWholeHost({
  clock = systemClock,
  deadline = timerDeadline,
  controlSecretDigest: secretDigest,
  controlTrust: grants,
  ...options
}: HostOptions): WholeHost {
  const { tokens, copies, verifier } = exchangeSide({ ...options, clock, deadline })
  const publicRoutes = publicSide({ ...options, tokens, clock, deadline })
  const { reader, lane } = publicRoutes
  // Whoever changes an issuer sees the change at once where the same instance answers.
  const onWritten = ({ id, issuer }: StoredIssuer): void => {
    reader.refresh(issuer)
    copies.forget(id)
  }
  const { rotation } = ownRotation({ ...options, onWritten, clock, deadline })
  const { config, documents, log } = options
  const controlling =
    grants &&
    controlTokens({
      grants,
      publicUrl: config.publicUrl,
      verifier,
      claimantOf: (location) => claimantOf(documents, location),
      clock,
      log,
    })
  const control = controlSide({
    ...options,
    clock,
    rotation,
    guard: controlGuard({ secretDigest, tokens: controlling }),
    trustedForControl: grants?.map(({ issuer }) => issuer) ?? [],
    onWritten,
    onPolicyWritten: (id) => copies.forget(id),
  })
  const app = hostApp<PublicEnv>(options.log)
  app.route('/', control)
  app.route('/', publicRoutes.app)
  return {
    fetch: (request, keepAlive) => lane.answer(request) ?? app.fetch(request, { keepAlive }),
    scheduled: async (job) => {
      await runJob({ documents, rotation, clock, log }, job)
    },
  }
}
