/**
 * A server on Node as its own process sees it: what it was started with, and what it says to the bench.
 */

import { readFileSync } from 'node:fs'
import type { Done, Listening, ServerSettings, WorkCommand } from './messages.ts'

export function readSettings(): ServerSettings {
  return JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ServerSettings
}

/** Without the bench there is nobody to serve. */
export function sayListening(listening: Listening): void {
  process.on('disconnect', () => process.exit())
  process.send?.(listening)
}

/** Does what the bench asks for, one after the other. */
export function takeWork(perform: (command: WorkCommand) => Promise<void>): void {
  process.on('message', (command: WorkCommand) => {
    perform(command).then(
      () => say({}),
      (error: unknown) => say({ problem: error instanceof Error ? error.message : String(error) }),
    )
  })
}

function say(done: Done): void {
  process.send?.(done)
}
