/**
 * The hosts of Signet over the ports of a world, at one of its places: with the clock that is there.
 */

import type { Clock } from '../../src/clock.ts'
import { type HostConfig, parseHostConfig } from '../../src/config/host-config.ts'
import { sha256 } from '../../src/crypto/digest.ts'
import { timerDeadline } from '../../src/deadline.ts'
import { utf8 } from '../../src/crypto/base64url.ts'
import { createControlHost } from '../../src/host/control-side.ts'
import type { Host } from '../../src/host/host.ts'
import { ownRotation } from '../../src/host/own-rotation.ts'
import { createPublicHost } from '../../src/host/public-side.ts'
import { createWholeHost } from '../../src/host/whole-host.ts'
import type { JobDeps } from '../../src/jobs/run-job.ts'
import type { Log } from '../../src/log.ts'
import { type PublicIssuers, publicIssuersFromDocuments } from '../../src/reading/public-issuers.ts'
import type { KeyManagers } from '../../src/signers/key-managers.ts'
import type { DocumentReader, DocumentStore } from '../../src/storage/document-store.ts'
import type { Rotation } from '../../src/keyring/rotation.ts'
import type { RingClock } from './controlled-time.ts'
import type { Place } from './ring-world.ts'

export interface JobPorts {
  readonly documents: DocumentStore
  readonly keyManagers: KeyManagers
  readonly clock: RingClock
  /** What the public documents are read from. Default: the documents. */
  readonly publicIssuers?: { readonly stalenessSeconds: number }
}

export interface HostPorts extends JobPorts {
  readonly publicUrl: string
  readonly deployment: string
}

const SILENT: Log = () => {}

/** What a job has at a place. */
export function jobOver(ports: JobPorts, place: Place, fetch: typeof globalThis.fetch): JobDeps {
  const { documents, keyManagers, publicIssuers = documents } = ports
  const common = { documents, clock: clockAt(ports.clock, place), log: SILENT }
  const { rotation } = ownRotation({
    ...common,
    keyManagers,
    publicIssuers,
    fetch,
    deadline: timerDeadline,
  })
  return { ...common, rotation }
}

/** As on AWS: one host for the public, one for operators, who have others make their keys. */
export function functionsHost(
  { documents, keyManagers, ...ports }: HostPorts & { readonly reads: DocumentReader },
  place: Place,
  jobs: () => JobDeps,
): Host {
  const config = configOf(ports)
  const common = { config, clock: clockAt(ports.clock, place), log: SILENT }
  const open = createPublicHost({
    ...common,
    publicIssuers: publicIssuersFromDocuments(ports.reads),
  })
  const rotation: Rotation = {
    prepare: async (document) => document,
    run: (...asked) => jobs().rotation.run(...asked),
    sweep: (...asked) => jobs().rotation.sweep(...asked),
    publish: async () => {},
  }
  const control = createControlHost({
    ...common,
    documents,
    publicIssuers: documents,
    keyManagers,
    rotation,
    guard: async (_context, next) => next(),
  })
  return {
    fetch: (request) => {
      const { pathname } = new URL(request.url)
      return (pathname.startsWith('/control') ? control : open).fetch(request)
    },
  }
}

/** As on Workers: one host for everyone. */
export async function wholeHost(
  { documents, keyManagers, ...ports }: HostPorts & { readonly publicIssuers: PublicIssuers },
  place: Place,
  { controlSecret, fetch }: { controlSecret: string; fetch: typeof globalThis.fetch },
): Promise<Host> {
  return createWholeHost({
    config: configOf(ports),
    controlSecretDigest: await sha256(utf8(controlSecret)),
    documents,
    publicIssuers: ports.publicIssuers,
    keyManagers,
    fetch,
    clock: clockAt(ports.clock, place),
    log: SILENT,
  })
}

function clockAt(clock: RingClock, { clockOffset }: Place): Clock {
  return { now: () => clock.seconds + clockOffset }
}

function configOf({
  publicUrl,
  deployment,
}: Pick<HostPorts, 'publicUrl' | 'deployment'>): HostConfig {
  const problems: string[] = []
  const config = parseHostConfig({ PUBLIC_URL: publicUrl, DEPLOYMENT: deployment }, problems)
  if (config === undefined) throw new TypeError(problems.join('; '))
  return config
}
