#!/usr/bin/env node
/**
 * The `signet` command: parses, runs, and turns whatever was thrown into one sentence and an exit code.
 */

import { CommanderError } from 'commander'
import { CliError, EXIT } from './exit.ts'
import { note } from './output.ts'
import { buildProgram } from './program.ts'

/** For what is still being written. */
const LINGER_MS = 500

// A reader that goes away (`| head`) is no mistake; a full disk is.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') note(`signet: the output cannot be written (${code})`)
    process.exit(code === 'EPIPE' ? (process.exitCode ?? EXIT.ok) : EXIT.usage)
  })
}

try {
  await buildProgram().parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
  // Whatever else a failed command left running, such as an AWS credential helper that hangs, is not waited for.
  setTimeout(() => process.exit(), LINGER_MS).unref()
}

function exitCodeOf(error: unknown): number {
  // Commander has said what is wrong already; help and version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof CliError) {
    note(`signet: ${error.message}`)
    return error.exitCode
  }
  const message = error instanceof Error ? error.message : String(error)
  note(`signet: something that should not happen did: ${message}; please report it`)
  return EXIT.internal
}
