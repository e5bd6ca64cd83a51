/**
 * Which core the servers run on and which one the load, and the bench: not the same, or each would take the other's time.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Cores {
  /** What to put before a command; nothing where processes cannot be pinned. */
  readonly server: readonly string[]
  readonly load: readonly string[]
  /** One sentence for the reader. */
  readonly remark: string
}

export function chooseCores(): Cores {
  if (spawnSync('taskset', ['--version']).error !== undefined) {
    return unpinned('there is no taskset here')
  }
  const allowed = allowedCores(readFileSync('/proc/self/status', 'utf8'))
  const [server] = allowed
  const load = allowed.at(-1)
  if (server === undefined || load === undefined || server === load) {
    return unpinned('there is only one core here')
  }
  return {
    server: pinnedTo(server),
    load: pinnedTo(load),
    remark: `What is measured runs on core ${server}; the load and what stands in for services on core ${load}.`,
  }
}

/** The bench itself plays services for what it measures. What it starts is where it is, unless it is pinned elsewhere. */
export function moveToLoad({ load: [file, ...args] }: Cores): void {
  if (file === undefined) return
  const [, core = ''] = args
  spawnSync(file, ['--all-tasks', '--cpu-list', '--pid', core, String(process.pid)])
}

function unpinned(why: string): Cores {
  const remark = `Servers and load share their cores, since ${why}: read requests/s and p99 with care.`
  return { server: [], load: [], remark }
}

function pinnedTo(core: number): string[] {
  return ['taskset', '--cpu-list', String(core)]
}

/** The cores that this process may use, from a list such as `0-3,6`. */
function allowedCores(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? ''
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
  })
}
