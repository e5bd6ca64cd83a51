/**
 * `npm run bench`: what Signet costs, beside what it could cost and what others cost.
 *
 * Exit code 0 when the bench is over, whether the aims are met or not; 1 when it failed.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { data, note } from '../src/cli/output.ts'
import { stopAllChildren } from './children.ts'
import { chooseCores, moveToLoad } from './cores.ts'
import { assertCpuTimesAreThere } from './cpu-time.ts'
import { startLoad } from './load/load-process.ts'
import { type Aim, printAims } from './report.ts'
import { FULL, QUICK, type Schedule } from './schedule.ts'
import { type Section, SECTIONS } from './sections.ts'

/** Long after a bench that works is over, also when it has something to install first. */
const BENCH_MS_MAX = 12 * 60_000
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

interface Asked {
  readonly schedule: Schedule
  readonly sections: readonly Section[]
}

async function bench(directory: string, { schedule, sections }: Asked): Promise<void> {
  assertCpuTimesAreThere()
  const cores = chooseCores()
  moveToLoad(cores)
  data(`${cores.remark} ${schedule.remark}`)
  const place = { directory, cores, load: startLoad(cores.load) }
  const aims: Aim[] = []
  for (const section of sections) aims.push(...(await section(place, schedule)))
  printAims(aims)
}

/** Rejects when the bench is to end before it is over. */
function givenUp(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const limit = new Error(`the bench was not over after ${BENCH_MS_MAX / 60_000} minutes`)
  setTimeout(() => reject(limit), BENCH_MS_MAX).unref()
  for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.once(signal, () => {
      process.exitCode = exitCode
      reject(new Error(`stopped by ${signal}`))
    })
  }
  return promise
}

/** Throws a sentence on what cannot be asked for. */
function askedBy(args: string[]): Asked {
  const { values } = parseArgs({
    args,
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  })
  return { schedule: values.quick ? QUICK : FULL, sections: sectionsNamed(values.only) }
}

function sectionsNamed(name: string | undefined): readonly Section[] {
  if (name === undefined) return Object.values(SECTIONS)
  const section = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined
  if (section !== undefined) return [section]
  throw new TypeError(`--only must be one of ${Object.keys(SECTIONS).join(', ')}, got ${name}`)
}

const directory = await mkdtemp(join(tmpdir(), 'signet-bench-'))
try {
  await Promise.race([bench(directory, askedBy(process.argv.slice(2))), givenUp()])
} catch (error) {
  process.exitCode ??= 1
  note(`bench: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  await stopAllChildren()
  await rm(directory, { recursive: true, force: true })
}
// A run that was given up may still have timers.
process.exit()
