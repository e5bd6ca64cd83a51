/**
 * `npm run bench`: what Signet's public documents cost, beside what they could cost and what they cost elsewhere.
 *
 * Exit code 0 when everything was measured, whether the aims are met or not; 1 when the bench itself failed.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { data, note } from '../src/cli/output.ts'
import { stopAllChildren } from './children.ts'
import { chooseCores } from './cores.ts'
import { assertCpuTimesAreThere } from './cpu-time.ts'
import { startLoad } from './load/load-process.ts'
import { printAims } from './report.ts'
import { FULL, QUICK, type Schedule } from './schedule.ts'
import { measureNode, measureWorkerd } from './sections.ts'

/** Long after a bench that works is over. */
const BENCH_MS_MAX = 8 * 60_000
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

async function bench(directory: string, schedule: Schedule): Promise<void> {
  assertCpuTimesAreThere()
  const cores = chooseCores()
  data(`${cores.remark} ${schedule.remark}`)
  const place = { directory, cores, load: startLoad(cores.load) }
  const inWorkerd = await measureWorkerd(place, schedule)
  const onNode = await measureNode(place, schedule)
  printAims([...inWorkerd, ...onNode])
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

/** Throws a sentence on an option that there is not. */
function scheduleOf(args: string[]): Schedule {
  const { values } = parseArgs({ args, options: { quick: { type: 'boolean', default: false } } })
  return values.quick ? QUICK : FULL
}

const directory = await mkdtemp(join(tmpdir(), 'signet-bench-'))
try {
  await Promise.race([bench(directory, scheduleOf(process.argv.slice(2))), givenUp()])
} catch (error) {
  process.exitCode ??= 1
  note(`bench: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  await stopAllChildren()
  await rm(directory, { recursive: true, force: true })
}
// A run that was given up may still have timers.
process.exit()
