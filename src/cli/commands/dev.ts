/**
 * `signet dev`, which `npm start` runs: a whole installation on this machine.
 */

import { Command } from 'commander'
import { usageError } from '../exit.ts'
import { STATE_HELP } from '../host/target.ts'
import { anyText, once } from '../options.ts'
import { defaultStateDirectory } from '../state/state-directory.ts'

interface DevOptions {
  readonly port?: number
  readonly state?: string
  readonly json?: true
}

export function devCommand(): Command {
  return new Command('dev')
    .description('run Signet on this machine: the Worker that is deployed, in workerd')
    .option(
      '--port <port>',
      'where it listens on 127.0.0.1 (default: 8787, then as before)',
      once('--port', parsePort),
    )
    .option('--state <dir>', STATE_HELP, once('--state', anyText))
    .option('--json', 'print one JSON document once it is ready')
    .allowExcessArguments()
    .action(async (options: DevOptions, command: Command) => {
      refuseStrayOptions(command.args)
      // Imported here: the other commands need neither a runtime nor a bundler.
      const { runDev } = await import('../dev/run-dev.ts')
      await runDev({
        directory: options.state,
        stateDirectory: options.state ?? defaultStateDirectory(),
        port: options.port,
        asJson: options.json ?? false,
      })
    })
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= 1 && port <= 65_535) return port
  throw usageError(`--port must be a whole number from 1 to 65535, got ${JSON.stringify(text)}`)
}

/** npm takes options before `--` for itself: what is left of them arrives here as bare words, or not at all. */
function refuseStrayOptions(words: readonly string[]): void {
  const taken = ['port', 'state'].filter((name) => process.env[`npm_config_${name}`] !== undefined)
  if (words.length === 0 && taken.length === 0) return
  const given = words.length > 0 ? words.join(' ') : taken.map((name) => `--${name}`).join(' ')
  throw usageError(
    `dev takes options alone, got ${JSON.stringify(given)}: behind npm they follow a --, as in "npm start -- --port 9000"`,
  )
}
