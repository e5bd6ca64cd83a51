/**
 * Why an exchange came to nothing, and whether trying again soon can mend it.
 */

import { CliError, type ExitCode } from '../exit.ts'

export interface FailureNature {
  /** Somebody has to change something first: the policy, the subject token, the command line. */
  readonly isFinal: boolean
  /** What the host asked to wait. Default: nothing. */
  readonly retryAfterSeconds?: number
}

/** Its message names neither of the tokens. */
export class ExchangeFailure extends CliError {
  readonly isFinal: boolean
  readonly retryAfterSeconds: number

  constructor(
    exitCode: ExitCode,
    message: string,
    { isFinal, retryAfterSeconds = 0, ...options }: FailureNature & ErrorOptions,
  ) {
    super(exitCode, message, options)
    this.isFinal = isFinal
    this.retryAfterSeconds = retryAfterSeconds
  }
}
