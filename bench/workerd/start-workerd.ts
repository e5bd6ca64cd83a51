/**
 * `workerd serve` itself, without Miniflare and its proxy.
 */

import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from '../children.ts'

export interface Workerd {
  readonly pid: number
  /** By the name of the socket. */
  readonly ports: ReadonlyMap<string, number>
}

export interface WorkerdOptions {
  readonly name: string
  readonly pin: readonly string[]
  /** Path of the configuration. */
  readonly config: string
  readonly socketCount: number
}

const WORKERD = fileURLToPath(import.meta.resolve('workerd/bin/workerd'))

/** Number of the fourth stream: where workerd says which ports it listens at. */
const CONTROL_STREAM = 3

/** Resolves once it listens. */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const { name, pin, config, socketCount } = options
  const command = [WORKERD, 'serve', `--control-fd=${CONTROL_STREAM}`, config]
  const child = startChild({ name, pin, command, channel: 'pipe' })
  const ports = await Promise.race([portsOf(child, socketCount), child.ended])
  return { pid: child.pid, ports }
}

async function portsOf({ process: child }: Child, count: number): Promise<Map<string, number>> {
  const ports = new Map<string, number>()
  const lines = createInterface({ input: child.stdio[CONTROL_STREAM] as Readable })
  for await (const line of lines) {
    const { event, socket, port } = JSON.parse(line) as Record<string, unknown>
    if (event === 'listen') ports.set(String(socket), Number(port))
    if (ports.size === count) return ports
  }
  throw new Error('workerd did not say where it listens')
}
