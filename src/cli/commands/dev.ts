/**
 * `signet dev`, which `npm start` runs: a whole installation on this machine.
 */

import { Command } from 'commander'
import { usageError } from '../exit.ts'
import { STATE_HELP } from '../host/target.ts'
import { anyText, once } from '../options.ts'
import { isKmsEndpoint, KMS_CUSTODIES, type LocalKms } from '../state/local-kms.ts'
import { defaultStateDirectory } from '../state/state-directory.ts'

interface DevOptions {
  readonly port?: number
  readonly state?: string
  readonly custody?: LocalKms['custody']
  readonly kmsEndpoint?: string
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
    .option(
      '--custody <custody>',
      `where the keys of new issuers are: ${KMS_CUSTODIES.join(' or ')}, in the KMS at --kms-endpoint (default: sealed, then as before)`,
      once('--custody', parseCustody),
    )
    .option(
      '--kms-endpoint <url>',
      'an emulator of AWS KMS at a loopback host, such as that of "npm run fake:kms"; a state directory keeps it',
      once('--kms-endpoint', parseEndpoint),
    )
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
        kms: { custody: options.custody, endpoint: options.kmsEndpoint },
        asJson: options.json ?? false,
      })
    })
}

function parseCustody(text: string): LocalKms['custody'] {
  const known = KMS_CUSTODIES.find((custody) => custody === text)
  if (known !== undefined) return known
  const one =
    text === 'sealed' ? '; "signet issuer create --custody sealed" makes a sealed one here' : ''
  throw usageError(
    `--custody must be ${KMS_CUSTODIES.join(' or ')}, got ${JSON.stringify(text)}: without --custody and --kms-endpoint keys are sealed${one}`,
  )
}

function parseEndpoint(text: string): string {
  const url = URL.parse(text)
  const isOrigin = url?.pathname === '/' && !/[?#@]/.test(text)
  if (isOrigin && isKmsEndpoint(url.origin)) return url.origin
  const advice = /^http:\/\//i.test(text) ? '' : 'begin with http://; '
  throw usageError(
    `--kms-endpoint must be an http URL of a loopback host without a path, such as http://127.0.0.1:4599, got no such URL: ${advice}KMS of AWS itself is for a deployed installation`,
  )
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= 1 && port <= 65_535) return port
  throw usageError(`--port must be a whole number from 1 to 65535, got ${JSON.stringify(text)}`)
}

/** npm takes options before `--` for itself: what is left of them arrives here as bare words, or not at all. */
function refuseStrayOptions(words: readonly string[]): void {
  const taken = ['port', 'state', 'custody', 'kms-endpoint'].filter(
    (name) => process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined,
  )
  if (words.length === 0 && taken.length === 0) return
  const given = words.length > 0 ? words.join(' ') : taken.map((name) => `--${name}`).join(' ')
  throw usageError(
    `dev takes options alone, got ${JSON.stringify(given)}: behind npm they follow a --, as in "npm start -- --port 9000"`,
  )
}
