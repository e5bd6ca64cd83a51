/**
 * The `signet` command inside the test's own process: everything but `main.ts`, and many times as fast as a process.
 */

import { Readable } from 'node:stream'
import { vi } from 'vitest'
import { CliError } from '../../src/cli/exit.ts'
import { buildProgram } from '../../src/cli/program.ts'
import type { Finished, RunOptions } from '../support/signet.ts'

/** Rejects with whatever is no `CliError`, commander's own refusals among it. */
export async function signetHere(
  args: readonly string[],
  { input = '' }: Pick<RunOptions, 'input'> = {},
): Promise<Finished> {
  using stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  using stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  using _stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(piped(input))
  const ended = await buildProgram()
    .parseAsync(['node', 'signet', ...args])
    .then(() => undefined, cliError)
  const said = ended === undefined ? '' : `signet: ${ended.message}\n`
  return {
    code: ended?.exitCode ?? 0,
    stdout: stdout.mock.calls.map(([text]) => String(text)).join(''),
    stderr: stderr.mock.calls.map(([text]) => String(text)).join('') + said,
  }
}

function cliError(error: unknown): CliError {
  if (error instanceof CliError) return error
  throw error
}

/** In chunks of a few bytes, as a pipe may give them. */
export function piped(input: string): typeof process.stdin {
  const bytes = Buffer.from(input)
  const chunks: Buffer[] = []
  for (let start = 0; start < bytes.length; start += 100) {
    chunks.push(bytes.subarray(start, start + 100))
  }
  return Readable.from(chunks) as typeof process.stdin
}
