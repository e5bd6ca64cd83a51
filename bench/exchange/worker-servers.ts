/**
 * In workerd: the Worker as it is deployed, whose issuers are made through its control API; and a Worker that does nothing but
 * verify and sign.
 *
 * Its rate limit is left out, which counts no address of loopback. What it logs is made and written to nowhere.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import { cpuSecondsOf } from '../cpu-time.ts'
import type { Run } from '../load/messages.ts'
import type { Place } from '../place.ts'
import { CONTROLLED_SETTINGS } from '../signet-seed.ts'
import { bareConfig } from '../workerd/config.ts'
import { startWorkerd } from '../workerd/start-workerd.ts'
import { prepareWorker, type Server, startWorker } from '../workerd/worker-server.ts'
import type { ExchangeServer } from './exchange-server.ts'
import { createExchangingIssuers, signetEndpoint } from './signet-exchange.ts'
import type { SubjectKeys } from './subjects.ts'
import { LIMIT_PARAMETERS, webCryptoLimit } from './webcrypto-limit.ts'

export const WORKER = 'Worker'

export interface WorkerServers {
  readonly worker: ExchangeServer
  readonly limit: Server
}

const LIMIT_MODULE = 'limit.js'
const LIMIT_TEXT = [
  webCryptoLimit.toString(),
  // Keys are not made before there is a request.
  'let limit',
  // By the path, such as `/ES256/1000`.
  'const answer = async ({ url }) => {',
  "  const [, alg, count] = new URL(url).pathname.split('/')",
  `  limit ??= await webCryptoLimit(${LIMIT_PARAMETERS.join(', ')})`,
  '  const perform = limit[alg]',
  '  for (let turn = 0; turn < Number(count); turn += 1) await perform()',
  "  return new Response('done')",
  '}',
  'export default { fetch: answer }',
  '',
].join('\n')

export async function startWorkerServers(place: Place, keys: SubjectKeys): Promise<WorkerServers> {
  const directory = join(place.directory, 'exchange')
  const objects = join(directory, 'objects')
  await mkdir(objects, { recursive: true })
  const changes = { settings: CONTROLLED_SETTINGS, objects }
  await prepareWorker({ ...place, directory }, new Map(), changes)
  const server = await startWorker({ ...place, directory }, WORKER)
  const url = `http://127.0.0.1:${server.port}`
  await createExchangingIssuers((request) => fetch(request), url, keys.jwks)
  const worker = { ...server, name: WORKER, endpointOf: signetEndpoint }
  return { worker, limit: await startLimit(place, directory) }
}

async function startLimit({ cores }: Place, directory: string): Promise<Server> {
  await writeFile(join(directory, LIMIT_MODULE), LIMIT_TEXT)
  const config = join(directory, 'limit.capnp')
  await writeFile(config, bareConfig([LIMIT_MODULE]))
  const name = 'verify and sign'
  const { pid, ports } = await startWorkerd({ name, pin: cores.server, config, socketCount: 1 })
  return { pid, port: ports.get(LIMIT_MODULE) ?? 0 }
}

/** So many in one request, which thereby costs nothing that could be seen. */
export async function performLimit(
  { load }: Pick<Place, 'load'>,
  { pid, port }: Server,
  alg: SigningAlgorithm,
  count: number,
): Promise<Run> {
  const before = cpuSecondsOf(pid)
  const startedAt = performance.now()
  const { head, body } = await load.capture(port, `/${alg}/${count}`)
  const seconds = (performance.now() - startedAt) / 1000
  if (body !== 'done') throw new Error(`the limit in workerd was not measured:\n${head}\n${body}`)
  return { requests: count, seconds, cpuSeconds: cpuSecondsOf(pid) - before }
}
