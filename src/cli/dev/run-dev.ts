/**
 * A local installation from start to stop.
 *
 * State directory → lock → port → Worker → demo issuer → verified token → report; then it stays up, and rotates, until it is
 * told to stop. Whatever was started is stopped again, also when a later step fails.
 */

import { EXIT, usageError } from '../exit.ts'
import { controlClient } from '../host/control-client.ts'
import { json, note } from '../output.ts'
import {
  type Installation,
  openSecrets,
  readInstallation,
  writeInstallation,
} from '../state/installation.ts'
import { lockState } from '../state/lock.ts'
import { readLocalKms, writeLocalKms } from '../state/local-kms.ts'
import { openStateDirectory } from '../state/state-directory.ts'
import { openDemo } from './demo.ts'
import { type DevReport, printReport } from './dev-report.ts'
import { heldLines } from './held-lines.ts'
import { rotateRegularly } from './local-rotation.ts'
import { startWorker } from './local-worker.ts'
import { type KmsRequest, openLocalKms } from './local-kms.ts'
import { assertPortIsFree } from './port.ts'

const DEFAULT_PORT = 8787
const HTTP_PORT = 80

export interface DevRequest {
  /** As the user named it; `undefined` for the default. */
  readonly directory: string | undefined
  /** `directory`, or the default. */
  readonly stateDirectory: string
  /** Default: the port of the last start, or 8787. */
  readonly port: number | undefined
  /** Default: as at the last start, if that had one. */
  readonly kms: KmsRequest
  readonly asJson: boolean
}

/** Resolves once it was stopped by SIGINT, SIGTERM or SIGHUP. */
export async function runDev(request: DevRequest): Promise<void> {
  await using resources = new AsyncDisposableStack()
  let isUp = false
  const stopped = stopSignal(resources, () => isUp)
  const paths = await openStateDirectory(request.stateDirectory)
  resources.defer(lockState(paths).release)
  const installation = await readInstallation(paths)
  const port = choosePort(request, installation)
  await assertPortIsFree(port)
  const knownKms = await readLocalKms(paths)
  const kms = await openLocalKms(knownKms, request.kms)
  const secrets = await openSecrets(paths, { isNew: installation === undefined })
  const url = new URL(`http://127.0.0.1:${port}`).origin
  // What the start itself does is on record behind the report, or before the error that ends it.
  const log = heldLines(note)
  resources.defer(log.release)
  const worker = await startWorker({ paths, port, url, secrets, kms, log: log.write })
  resources.defer(worker.stop)
  // Before the first issuer, whose URL has this one in it for ever.
  await writeInstallation(paths, url)
  // Before the first key that is in it.
  if (kms !== undefined && knownKms === undefined) await writeLocalKms(paths, kms)
  const demo = await openDemo(controlClient({ url, secret: secrets.controlSecret }), kms)
  // What was known is given up only where the demo issuer still signs: the KMS may just have been started without its keys.
  if (kms !== undefined) await writeLocalKms(paths, kms)
  resources.defer(rotateRegularly(worker).stop)
  isUp = true
  const report: DevReport = { url, directory: request.directory, paths, kms, demo }
  if (request.asJson) json(jsonReport(report))
  else printReport(report)
  log.release()
  await stopped
  note('Stopping.')
}

/** An issuer's URL never changes, and a local one has its port in it: so a state directory keeps its port. */
function choosePort(
  { port, stateDirectory }: DevRequest,
  installation: Installation | undefined,
): number {
  if (installation === undefined) return port ?? DEFAULT_PORT
  const itsPort = Number(new URL(installation.url).port) || HTTP_PORT
  if (port === undefined || port === itsPort) return itsPort
  throw usageError(
    `the issuers in ${stateDirectory} are named ${installation.url}/…, and an issuer's URL never changes, got --port ${port}: leave out --port, or give another --state`,
  )
}

/**
 * Resolves once a signal came. A terminal and npm both pass Ctrl-C on, so it may come twice: the second must not end a stop
 * that has begun. `isUp`: before that there is nothing to stop in order, and the process ends at once; the runtime ends
 * with it, and so does the lock.
 */
function stopSignal(resources: AsyncDisposableStack, isUp: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const stop = (): void => {
        if (!isUp()) process.exit(EXIT.refused)
        resolve()
      }
      process.on(signal, stop)
      resources.defer(() => void process.off(signal, stop))
    }
  })
}

function jsonReport({ url, paths, kms, demo }: DevReport): object {
  return {
    url,
    stateDirectory: paths.root,
    controlSecretFile: paths.controlSecret,
    /** `custody`: of new issuers. Its wrapping key is nobody's business. */
    kms: kms === undefined ? null : { endpoint: kms.endpoint, custody: kms.custody },
    demo,
  }
}
