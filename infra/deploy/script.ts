/**
 * How a script runs: it says how it is used where it is asked, and ends with the exit code of what it ran, or with its problems,
 * a line each, and 1.
 */

import { data, note } from '../../src/cli/output.ts'
import { shown } from '../../src/printable.ts'

export interface Script {
  /** As it stands before each problem: of package.json, or the path of a module. */
  readonly name: string
  /** What `--help` prints. */
  readonly usage: string
}

/** `args`: without Node and the script. Those that are handed on to another tool ask that tool. */
export async function runScript(
  { name, usage }: Script,
  args: readonly string[],
  run: () => Promise<number>,
): Promise<void> {
  if (isHelpAsked(args)) return data(usage)
  try {
    process.exitCode = await run()
  } catch (error) {
    process.exitCode = 1
    const message = error instanceof Error ? error.message : String(error)
    for (const line of message.split('\n')) note(`${name}: ${line}`)
  }
}

function isHelpAsked(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  const own = end === -1 ? args : args.slice(0, end)
  return own.includes('--help') || own.includes('-h')
}

/** Whether the option stands there, of a script that takes no other. Throws an error with one sentence on anything else. */
export function onlyOption(option: string, args: readonly string[]): boolean {
  const stray = args.find((arg) => arg !== option)
  if (stray === undefined) return args.length > 0
  throw new Error(`takes ${option} and nothing else, got ${shown(stray)}`)
}

/** Throws an error with one sentence where there is an argument. */
export function refuseArguments(args: readonly string[]): void {
  const [stray] = args
  if (stray === undefined) return
  throw new Error(`takes no arguments, got ${shown(stray)}: run it without`)
}
