/**
 * Exit codes, documented in `signet --help` and the README.
 */

export const EXIT = {
  ok: 0,
  /** The host refused, or a check failed. */
  refused: 1,
  /** The command line, a file or a setting is wrong; nothing was changed. */
  usage: 2,
  /** The host does not answer. */
  unreachable: 3,
  /** A mistake in Signet itself. */
  internal: 70,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What ends a command with one sentence. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

export function usageError(message: string, options?: ErrorOptions): CliError {
  return new CliError(EXIT.usage, message, options)
}
