/**
 * One thing done for every issuer in turn: one that fails does not keep the others from it.
 */

import { CliError, EXIT } from '../exit.ts'
import { HostRefusal } from '../host/control-transport.ts'
import { note } from '../output.ts'

export interface EachResult {
  /** None failed. */
  readonly isComplete: boolean
  /** Ends the command with how many failed; each was told of when it did. */
  throwIfFailed(): void
}

/** As a list has it: with a problem where its document cannot be read. */
interface Listed {
  readonly id: string
  readonly problem?: string
}

/** `done`: what was to become of an issuer, for messages. */
export async function forEachIssuer(
  listed: readonly Listed[],
  done: string,
  act: (id: string) => Promise<void>,
): Promise<EachResult> {
  if (listed.length === 0) note('There is no issuer.')
  let failed = 0
  for (const { id, problem } of listed) {
    const failure = problem ?? (await failureOf(() => act(id)))
    if (failure === undefined) continue
    failed += 1
    note(`signet: ${id} was not ${done}: ${failure}`)
  }
  return {
    isComplete: failed === 0,
    throwIfFailed: () => {
      if (failed === 0) return
      throw new CliError(EXIT.refused, `${failed} of ${listed.length} issuers were not ${done}`)
    },
  }
}

async function failureOf(act: () => Promise<void>): Promise<string | undefined> {
  try {
    await act()
  } catch (error) {
    // Deleted since it was listed: there is nothing to do any more.
    if (error instanceof HostRefusal && error.status === 410) return undefined
    if (error instanceof CliError && error.exitCode !== EXIT.usage) return error.message
    throw error
  }
  return undefined
}
