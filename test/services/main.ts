/**
 * `npm run test:services`: Signet's tests against services that nobody here wrote, moto and Ceph RADOS Gateway.
 *
 * Installs what is missing, starts both on the loopback interface, runs the tests and stops everything. A service that
 * cannot be started is a failure. Exit code: that of the tests, or 1.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { note } from '../../src/cli/output.ts'
import { prepareCeph, startCeph } from './ceph.ts'
import { environmentOf, SERVICE_NAMES, type ServiceName } from './endpoints.ts'
import { prepareMoto, startMoto } from './moto.ts'
import { runVisibly, stopAllProcesses } from './processes.ts'

/** Long after a run that works is over. */
const RUN_MS_MAX = 10 * 60_000
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const
const VITEST = fileURLToPath(new URL('../../node_modules/.bin/vitest', import.meta.url))
const TEST_ARGUMENTS = ['run', '--config', 'test/services/vitest.config.ts']

/** Each resolves to the service's URL. */
const STARTERS: Record<ServiceName, (directory: string) => Promise<string>> = {
  moto: async () => startMoto(await prepareMoto()),
  ceph: async (directory) => {
    await prepareCeph()
    return startCeph(directory)
  },
}

async function testServices(directory: string, args: string[]): Promise<number> {
  const { only, tests } = optionsOf(args)
  const urls = new Map<ServiceName, string>()
  // One after the other: two installations at once would wait for each other's locks.
  for (const name of SERVICE_NAMES.filter((each) => only === undefined || each === only)) {
    note(`starting ${name}`)
    urls.set(name, await STARTERS[name](directory))
    note(`${name} answers at ${urls.get(name)}`)
  }
  return runVisibly([process.execPath, VITEST, ...TEST_ARGUMENTS, ...tests], environmentOf(urls))
}

/** Throws a sentence on an option or a service that there is not. What is no option chooses tests, as with Vitest. */
function optionsOf(args: string[]) {
  const options = { only: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const { only } = values
  if (only !== undefined && !SERVICE_NAMES.some((name) => name === only)) {
    throw new Error(`--only must be one of ${SERVICE_NAMES.join(', ')}, got ${only}`)
  }
  return { only, tests: positionals }
}

/** Rejects when the run is to end before it is over. */
function givenUp(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const limit = new Error(`the tests were not over after ${RUN_MS_MAX / 60_000} minutes`)
  setTimeout(() => reject(limit), RUN_MS_MAX).unref()
  for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.once(signal, () => {
      process.exitCode = exitCode
      reject(new Error(`stopped by ${signal}`))
    })
  }
  return promise
}

const directory = await mkdtemp(join(tmpdir(), 'signet-services-'))
try {
  const tested = testServices(directory, process.argv.slice(2))
  process.exitCode = await Promise.race([tested, givenUp()])
} catch (error) {
  process.exitCode ??= 1
  note(`test:services: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  await stopAllProcesses()
  await rm(directory, { recursive: true, force: true })
}
// A run that was given up may still have timers.
process.exit()
