/**
 * The section of the Worker's start: what it costs before it can answer at all, beside a Worker that is empty.
 *
 * Both are started anew each time, and asked for what is not there: an answer that needs no storage.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleWorker } from '../../functions/bundle.ts'
import { WORKER_RUNTIME } from '../../functions/worker/runtime.ts'
import { data, table } from '../../src/cli/output.ts'
import { stopChildren } from '../children.ts'
import { cpuSecondsOf } from '../cpu-time.ts'
import { besideOthers } from '../others.ts'
import type { Place } from '../place.ts'
import { type Aim, printOthers } from '../report.ts'
import { inRounds } from '../rounds.ts'
import type { Schedule } from '../schedule.ts'
import { WORKER_SETTINGS } from '../signet-seed.ts'
import { median } from '../statistics.ts'
import { workerConfig } from './config.ts'
import { startWorkerd } from './start-workerd.ts'

interface Starting {
  readonly name: string
  readonly config: string
}

interface Start {
  /** Until it listens: the Worker is loaded and its top level has run. */
  readonly loadCpuMs: number
  /** Until its first answer, all of it. */
  readonly cpuMs: number
  readonly ms: number
}

const CPU_MS_MAX = 25
const PATH = '/'
const NOT_THERE = 'HTTP/1.1 404 '
/** It is bound to the same things, so that what they cost the runtime is not taken for the Worker's. */
const EMPTY = [
  "import { DurableObject } from 'cloudflare:workers'",
  ...Object.values(WORKER_RUNTIME.durableObjects).map(
    ({ className }) => `export class ${className} extends DurableObject {}`,
  ),
  'export default { fetch: () => new Response(null, { status: 404 }) }',
  '',
].join('\n')
/** A port that nobody listens at: Workers KV is not asked. */
const NO_PORT = 9

export async function measureWorkerStart(place: Place, { starts }: Schedule): Promise<Aim[]> {
  const subjects = await prepare(join(place.directory, 'start'))
  for (const subject of subjects) await start(place, subject)
  const { result, others } = await besideOthers(() =>
    inRounds(subjects, starts, (subject) => start(place, subject)),
  )
  data('\nStart of the Worker in workerd, and of an empty one\n')
  data(
    table(
      [
        'Worker',
        'CPU ms to first answer',
        '(all rounds)',
        'CPU ms to listen',
        'ms to first answer',
      ],
      subjects.map(({ name }, index) => [name, ...cells(result[index] ?? [])]),
    ),
  )
  printOthers(others)
  const [ours = [], empty = []] = result
  const more = medianMore(ours, empty, ({ cpuMs }) => cpuMs)
  const moreOfLoad = medianMore(ours, empty, ({ loadCpuMs }) => loadCpuMs)
  return [
    {
      what: 'Start of the Worker and of an empty one',
      measured: `${more.toFixed(1)} ms more CPU to the first answer (${moreOfLoad.toFixed(1)} ms until it listens)`,
      aim: `at most ${CPU_MS_MAX} ms`,
      isMet: more <= CPU_MS_MAX,
    },
  ]
}

async function prepare(directory: string): Promise<readonly Starting[]> {
  await mkdir(directory)
  await writeFile(join(directory, 'worker.js'), await bundleWorker())
  await writeFile(join(directory, 'empty.js'), EMPTY)
  for (const name of ['worker', 'empty']) {
    const module = `${name}.js`
    const config = workerConfig({ module, settings: WORKER_SETTINGS, kvPort: NO_PORT })
    await writeFile(join(directory, `${name}.capnp`), config)
  }
  return [
    { name: 'Signet', config: join(directory, 'worker.capnp') },
    { name: 'empty', config: join(directory, 'empty.capnp') },
  ]
}

/** Rejects when the answer is not that there is nothing. */
async function start({ cores, load }: Place, { name, config }: Starting): Promise<Start> {
  const startedAt = performance.now()
  const { pid, ports } = await startWorkerd({ name, pin: cores.server, config, socketCount: 1 })
  const loadCpuMs = cpuSecondsOf(pid) * 1000
  const [port = 0] = ports.values()
  const { head } = await load.capture(port, PATH)
  const cpuMs = cpuSecondsOf(pid) * 1000
  const figures = { loadCpuMs, cpuMs, ms: performance.now() - startedAt }
  await stopChildren([pid])
  if (head.startsWith(NOT_THERE)) return figures
  throw new Error(`the Worker ${name} answered "${head.split('\r\n', 1)[0]}", not 404`)
}

function cells(starts: readonly Start[]): string[] {
  const cpu = starts.map(({ cpuMs }) => cpuMs)
  return [
    median(cpu).toFixed(1),
    `${Math.min(...cpu).toFixed(1)}-${Math.max(...cpu).toFixed(1)}`,
    median(starts.map(({ loadCpuMs }) => loadCpuMs)).toFixed(1),
    median(starts.map(({ ms }) => ms)).toFixed(1),
  ]
}

/** The median of each round's own difference. */
function medianMore(
  ours: readonly Start[],
  empty: readonly Start[],
  figure: (start: Start) => number,
): number {
  const differences = ours.map((one, round) => {
    const other = empty[round]
    return other === undefined ? NaN : figure(one) - figure(other)
  })
  return median(differences)
}
