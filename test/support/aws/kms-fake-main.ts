/**
 * The fake of AWS KMS as a program, which `npm run fake:kms` runs: until it is told to end, with its keys in memory alone.
 */

import { parseArgs } from 'node:util'
import { startKmsFake } from './kms-fake.ts'

/** Fixed, since a state directory remembers for ever where its KMS is. */
const DEFAULT_PORT = 4599
const PORT_MAX = 65_535
const USAGE_EXIT = 2

const USAGE = `Usage: npm run fake:kms -- [--port N]

An emulator of AWS KMS on this machine; its keys are gone when it ends.

  --port N  where it listens on 127.0.0.1 (default: ${DEFAULT_PORT}; 0: any that is free)
  --help    print this
`

/** `undefined` where help was asked for. Throws a sentence. */
function portOf(args: readonly string[]): number | undefined {
  const { port, help } = optionsOf(args)
  if (help === true) return undefined
  if (port === undefined) return DEFAULT_PORT
  if (/^\d{1,5}$/.test(port) && Number(port) <= PORT_MAX) return Number(port)
  throw new RangeError(
    `--port must be a whole number from 0 to ${PORT_MAX}, got ${JSON.stringify(port)}`,
  )
}

function optionsOf(args: readonly string[]) {
  try {
    const options = { port: { type: 'string' }, help: { type: 'boolean' } } as const
    return parseArgs({ args: [...args], options }).values
  } catch (cause) {
    const given = JSON.stringify(args.join(' '))
    throw new TypeError(`fake:kms takes --port N and --help alone, got ${given}: see --help`, {
      cause,
    })
  }
}

async function run(port: number): Promise<void> {
  const fake = await startKmsFake({ port }).catch((cause: NodeJS.ErrnoException) => {
    const why =
      cause.code === 'EADDRINUSE'
        ? 'is taken by another program: stop that program, or give another --port'
        : `cannot be used (${cause.code ?? 'unknown'}): give another --port`
    throw new Error(`port ${port} of 127.0.0.1 ${why}`, { cause })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void fake.close())
  }
  process.stdout.write(`An emulator of AWS KMS at ${fake.url}; its keys are gone when it ends.\n`)
}

try {
  const port = portOf(process.argv.slice(2))
  if (port === undefined) process.stdout.write(USAGE)
  else await run(port)
} catch (error) {
  process.stderr.write(`fake:kms: ${error instanceof Error ? error.message : 'unknown error'}\n`)
  process.exitCode = USAGE_EXIT
}
