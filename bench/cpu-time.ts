/**
 * CPU time, as the kernel counts it: of a process, and of the whole machine.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Of the counts in `/proc/stat`: what is neither idle nor waiting nor another machine's. */
const BUSY_FIELDS = [0, 1, 2, 5, 6]
/** The unit of those counts, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** Throws a sentence where CPU times cannot be read. */
export function assertCpuTimesAreThere(): void {
  if (!existsSync('/proc/self/schedstat')) {
    throw new Error(
      'CPU times are read from /proc/PID/task/*/schedstat, which is not there: the bench needs Linux',
    )
  }
}

/** User and system time of all threads, in seconds. Throws when there is no such process. */
export function cpuSecondsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`
  const nanoseconds = readdirSync(tasks).reduce(
    (sum, task) => sum + Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
    0,
  )
  return nanoseconds / 1e9
}

/** Of all processes on all cores, in seconds. */
export function cpuSecondsOfMachine(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1)
  const counts = line.split(/\s+/).slice(1).map(Number)
  return BUSY_FIELDS.reduce((sum, field) => sum + (counts[field] ?? 0), 0) / TICKS_PER_SECOND
}
