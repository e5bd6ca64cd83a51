/**
 * The Worker on this machine: the bundle that is deployed, in workerd, under Miniflare.
 */

import { createHash } from 'node:crypto'
import { Miniflare, type MiniflareOptions, NoOpLog, type WorkerdStructuredLog } from 'miniflare'
import { bundleWorker } from '../../../functions/bundle.ts'
import { WORKER_CRONS, WORKER_RUNTIME } from '../../../functions/worker/runtime.ts'
import type { WorkerSettings } from '../../../functions/worker/worker-config.ts'
import type { LocalSecrets } from '../state/installation.ts'
import type { LocalKms } from '../state/local-kms.ts'
import type { StatePaths } from '../state/state-directory.ts'
import { kmsBindings } from './local-kms.ts'
import { withoutOwnServers } from './loopback-guard.ts'

export interface LocalWorkerOptions {
  readonly paths: StatePaths
  readonly port: number
  readonly url: string
  readonly secrets: LocalSecrets
  /** Where custodies of AWS KMS keep and protect keys; `undefined` where there are none. */
  readonly kms: LocalKms | undefined
  /** Takes the lines of its log. */
  readonly log: (line: string) => void
}

export interface LocalWorker {
  /** Runs the job that a cron starts where the Worker is deployed. Rejects where it failed. */
  readonly rotate: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Resolves once it answers. */
export async function startWorker(worker: LocalWorkerOptions): Promise<LocalWorker> {
  const options = miniflareOptions(await bundleWorker(), worker)
  const { started: miniflare, isClosed } = await withoutOwnServers(async () => {
    const starting = withoutSignalListeners(() => new Miniflare(options))
    try {
      await starting.ready
    } catch (cause) {
      await starting.dispose()
      throw cause
    }
    return starting
  })
  if (!isClosed) {
    await miniflare.dispose()
    throw new Error('the second port of Miniflare could not be closed, so nothing was started')
  }
  return { rotate: () => rotateIn(miniflare), stop: () => miniflare.dispose() }
}

async function rotateIn(miniflare: Miniflare): Promise<void> {
  const worker = await miniflare.getWorker()
  const { outcome } = await worker.scheduled({ cron: WORKER_CRONS.rotate })
  if (outcome !== 'ok') throw new Error(`the job ended in ${outcome}`)
}

function miniflareOptions(
  bundle: string,
  { paths, port, url, secrets, kms, log }: LocalWorkerOptions,
): MiniflareOptions {
  const settings: WorkerSettings = {
    PUBLIC_URL: url,
    DEPLOYMENT: 'local',
    SEALED_SECRET: secrets.sealedSecret,
    ...(kms === undefined ? {} : kmsBindings(kms)),
    CONTROL_SECRET_SHA256: createHash('sha256').update(secrets.controlSecret).digest('hex'),
  }
  return {
    ...WORKER_RUNTIME,
    // As text, since a module's path is taken as relative to the folder in which this is run.
    modules: [{ type: 'ESModule', path: 'index.js', contents: bundle }],
    host: '127.0.0.1',
    port,
    // Otherwise it asks the network where on Earth it is.
    cf: false,
    log: new NoOpLog(),
    handleStructuredLogs: ({ message }: WorkerdStructuredLog) => log(message),
    bindings: { ...settings } as Record<string, string>,
    kvPersist: paths.copies,
    durableObjectsPersist: paths.documents,
  }
}

/**
 * What `make` makes, without the signal listeners that it installs: Miniflare ends the whole process at a signal, in the
 * middle of whatever is being written. Its clean-up at the end of the process stays.
 */
function withoutSignalListeners<T>(make: () => T): T {
  const signals = ['SIGINT', 'SIGTERM'] as const
  const before = signals.map((signal) => process.listeners(signal))
  const made = make()
  for (const [index, signal] of signals.entries()) {
    const added = process.listeners(signal).filter((each) => !before[index]?.includes(each))
    for (const listener of added) process.off(signal, listener)
  }
  return made
}
