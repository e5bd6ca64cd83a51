/**
 * The Worker in `workerd serve`: the bundle that is deployed, with everything it is bound to.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorker } from '../../functions/bundle.ts'
import { firstMessage, startChild } from '../children.ts'
import type { Place } from '../place.ts'
import { WORKER_SETTINGS } from '../signet-seed.ts'
import { type WorkerConfig, workerConfig } from './config.ts'
import { startWorkerd } from './start-workerd.ts'

export interface Server {
  readonly pid: number
  readonly port: number
}

const KV_STAND_IN = fileURLToPath(new URL('kv-stand-in.ts', import.meta.url))
const MODULE = 'worker.js'
const CONFIG = 'worker.capnp'
/** The name of the Worker's socket in its configuration. */
const SOCKET = 'worker'

/** Starts what stands in for Workers KV, and writes what every Worker of the run is started from. */
export async function prepareWorker(
  { directory, cores }: Place,
  copies: ReadonlyMap<string, string>,
  changes: Partial<WorkerConfig> = {},
): Promise<void> {
  const file = join(directory, 'copies.json')
  await writeFile(file, JSON.stringify(Object.fromEntries(copies)))
  const command = [process.execPath, KV_STAND_IN, file]
  const kv = startChild({ name: 'the KV stand-in', pin: cores.load, command, channel: 'ipc' })
  const kvPort = Number(await firstMessage(kv))
  await writeFile(join(directory, MODULE), await bundleWorker())
  const config = workerConfig({ module: MODULE, settings: WORKER_SETTINGS, kvPort, ...changes })
  await writeFile(join(directory, CONFIG), config)
}

/** Resolves once it listens; each has an isolate and a process of its own. */
export async function startWorker({ directory, cores }: Place, name: string): Promise<Server> {
  const config = join(directory, CONFIG)
  const { pid, ports } = await startWorkerd({ name, pin: cores.server, config, socketCount: 1 })
  return { pid, port: ports.get(SOCKET) ?? 0 }
}
