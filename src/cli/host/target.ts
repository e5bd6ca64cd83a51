/**
 * Which installation a command speaks to: a local one by its state directory, or any by URL, with its secret file,
 * with a token that it trusts for control or, where AWS guards it, signed.
 */

import { type Command, Option } from 'commander'
import { timerDeadline } from '../../deadline.ts'
import { isLoopbackUrl } from '../../issuers/issuer-identifier.ts'
import { usageError } from '../exit.ts'
import { anyText, once } from '../options.ts'
import { shellWord } from '../shell-word.ts'
import { readPipedSecret, readSecretFile } from '../state/secret-file.ts'
import { readInstallation } from '../state/installation.ts'
import { defaultStateDirectory, statePaths } from '../state/state-directory.ts'
import { readToken } from '../token/token-source.ts'
import { defaultCredentialChain, usableCredentials } from './aws-credentials.ts'
import { tokenAuthorizer } from './bearer-authorizer.ts'
import { authorizedControlClient, type ControlClient, controlClient } from './control-client.ts'
import { sigV4Authorizer } from './sigv4-authorizer.ts'
import { sigV4Scope } from './sigv4-scope.ts'

export interface TargetOptions {
  readonly state?: string
  readonly url?: string
  readonly secretFile?: string
  readonly tokenFile?: string
  readonly json?: true
}

export const STATE_HELP = 'state of a local installation (default: .signet here or above)'

const URL_HELP =
  'URL of an installation: with --secret-file by its control secret, with --token-file by a token, without by AWS IAM (SigV4, default credential chain; at a custom domain or a loopback host the region is AWS_REGION)'

export function addTargetOptions(command: Command): Command {
  return command
    .option('--state <dir>', STATE_HELP, once('--state', anyText))
    .option('--url <url>', URL_HELP, once('--url', anyText))
    .option(
      '--secret-file <file>',
      'file that holds its control secret, mode 600; - for standard input',
      once('--secret-file', anyText),
    )
    .option(
      '--token-file <file>',
      'file that holds a token which it trusts for control (a projected service account token, say), read for each command; - for standard input',
      once('--token-file', anyText),
    )
    .option('--json', 'print data as JSON')
}

/** Of a command that asks no host: one set of options serves every command, so it takes them and needs none. */
export function ignoreTargetOptions(command: Command): Command {
  for (const flags of [
    '--state <dir>',
    '--url <url>',
    '--secret-file <file>',
    '--token-file <file>',
  ]) {
    command.addOption(new Option(flags).hideHelp())
  }
  return command
}

/** The options that name the same installation, for a command that people paste; with a space before each. */
export function targetWords({ state, url, secretFile, tokenFile }: TargetOptions): string {
  const named = [
    ['--state', state],
    ['--url', url],
    ['--secret-file', secretFile],
    ['--token-file', tokenFile],
  ] as const
  return named
    .map(([flag, value]) => (value === undefined ? '' : ` ${flag} ${shellWord(value)}`))
    .join('')
}

/** Reads no credential before the command line is known to be right. */
export async function openTarget(options: TargetOptions): Promise<ControlClient> {
  const { url, secretFile, tokenFile, state } = options
  if (url === undefined && secretFile === undefined && tokenFile === undefined) {
    return openLocal(state ?? defaultStateDirectory())
  }
  if (state !== undefined) {
    throw usageError(
      `--state names a local installation: leave out --url and ${tokenFile === undefined ? '--secret-file' : '--token-file'}`,
    )
  }
  if (secretFile !== undefined && tokenFile !== undefined) {
    throw usageError('--secret-file and --token-file are two credentials: give one of them')
  }
  if (url === undefined) {
    throw usageError(
      tokenFile === undefined
        ? '--secret-file is the secret of the installation at --url: give both'
        : '--token-file is for the installation at --url: give both',
    )
  }
  const problem = urlProblem(url)
  if (problem !== undefined) throw usageError(problem)
  return openRemote(url.replace(/\/$/, ''), options)
}

async function openRemote(
  url: string,
  { secretFile, tokenFile }: TargetOptions,
): Promise<ControlClient> {
  if (tokenFile !== undefined) {
    const authorizer = tokenAuthorizer(url, await readToken(tokenFile))
    return authorizedControlClient({ url, authorizer })
  }
  if (secretFile === undefined) return openSigned(url)
  const secret = secretFile === '-' ? await readPipedSecret() : await readSecretFile(secretFile)
  return controlClient({ url, secret })
}

function openSigned(url: string): ControlClient {
  const scope = sigV4Scope(new URL(url), process.env)
  const credentials = usableCredentials(defaultCredentialChain(), timerDeadline)
  return authorizedControlClient({ url, authorizer: sigV4Authorizer({ url, scope, credentials }) })
}

async function openLocal(directory: string): Promise<ControlClient> {
  const paths = statePaths(directory)
  const installation = await readInstallation(paths)
  if (installation === undefined) {
    throw usageError(
      `no local installation has been started with the state in ${paths.root}: start one with "npm start", or give --state DIR, or --url`,
    )
  }
  const secret = await readSecretFile(paths.controlSecret)
  return controlClient({ url: installation.url, secret })
}

/** A credential goes over https only, or stays on this machine. */
function urlProblem(text: string): string | undefined {
  const url = URL.parse(text)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackUrl(url))
  // What `URL` mends or leaves out would be another URL than the one that was read.
  if (isSafe && /^https?:\/\/[^\s\\?#@]+$/i.test(text)) return undefined
  return '--url must be an https URL (http for loopback hosts alone) without query, fragment and credentials, got something else'
}
