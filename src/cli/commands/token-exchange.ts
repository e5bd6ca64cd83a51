/**
 * `signet token exchange`: a workload's token for one that the issuer signs, once or again and again.
 */

import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { systemClock } from '../../clock.ts'
import type { SubjectTokenType } from '../../subject-tokens/subject-verification.ts'
import { usageError } from '../exit.ts'
import { type ExchangeRequest, requestExchange } from '../exchange/exchange-client.ts'
import type { ExchangedToken } from '../exchange/exchanged-token.ts'
import { type IssuerTarget, issuerUrl } from '../exchange/issuer-url.ts'
import { writtenSentence } from '../exchange/keep-fresh.ts'
import { assertReplaceable, removeLeftovers, replaceTokenFile } from '../exchange/token-file.ts'
import { watchToken } from '../exchange/watch-token.ts'
import { STATE_HELP } from '../host/target.ts'
import { formatDuration } from '../moments.ts'
import { textOption } from '../options.ts'
import { data, json, note } from '../output.ts'
import { subjectTokenTypeOption, USUAL_SUBJECT_TOKEN_TYPE } from '../token/subject-token-type.ts'
import { readToken } from '../token/token-source.ts'

interface ExchangeOptions extends IssuerTarget {
  readonly audience: string
  readonly tokenFile?: string
  readonly subjectTokenType?: SubjectTokenType
  readonly out?: string
  readonly watch?: true
  readonly json?: true
}

const DETAILS = `
The token file of --out holds the token alone, for its owner alone (mode 600), and is replaced whole. It may be missing or an
own plain file; a symbolic link, another user's file and anything else is refused.

Before --watch do one exchange without it: that ends at once, and says what is wrong.

With --watch the file of --token-file, which somebody else renews, is read anew for each exchange. What fails is told on
standard error and tried again (after 1 s, doubling to 60 s; after a refusal up to 60 s; at once when the token file changes); the
old file, if there is one, stays meanwhile. SIGTERM and SIGINT end it with 0.`

export function tokenExchangeCommand(): Command {
  return (
    new Command('exchange')
      .description("exchange a workload's token for one of the issuer, as its policy allows")
      .argument('<issuer>', "the issuer's https URL, or its id in an installation")
      .addOption(
        textOption('--audience <audience>', 'who shall accept the new token').makeOptionMandatory(),
      )
      .addOption(
        textOption(
          '--token-file <file>',
          'file that holds the token to exchange; - or nothing for standard input',
        ),
      )
      .addOption(subjectTokenTypeOption('what it is'))
      .addOption(textOption('--out <file>', 'write the new token there, and print nothing'))
      .option(
        '--watch',
        'stay, and renew the file of --out at 80 % of its life, or a little earlier',
      )
      .addOption(textOption('--state <dir>', STATE_HELP))
      .addOption(textOption('--url <url>', 'URL of the installation, where the issuer is an id'))
      // Every command takes it, so that one set of options serves them all; an exchange needs no secret.
      .addOption(new Option('--secret-file <file>').hideHelp())
      .option('--json', 'print data as JSON')
      .addHelpText('after', DETAILS)
      .action(runExchange)
  )
}

async function runExchange(issuer: string, options: ExchangeOptions): Promise<void> {
  const { audience, tokenFile, subjectTokenType = USUAL_SUBJECT_TOKEN_TYPE, out } = options
  if (audience === '') throw usageError('--audience must name who shall accept the token, got ""')
  const watched = watchedFiles(options)
  const request = { issuer: await issuerUrl(issuer, options), audience, subjectTokenType }
  if (out !== undefined) await prepareOut(out, tokenFile)
  if (watched !== undefined) return watchToken({ exchange: request, ...watched })
  await exchangeOnce(request, options)
}

/** What `--watch` needs, or `undefined` without it. */
function watchedFiles({
  watch,
  out,
  tokenFile,
  json: asJson,
}: ExchangeOptions): { readonly tokenFile: string; readonly out: string } | undefined {
  if (!watch) return undefined
  if (out === undefined || tokenFile === undefined || tokenFile === '-') {
    throw usageError(
      '--watch keeps the file of --out fresh with what it reads from the file of --token-file each time: give both as files',
    )
  }
  if (asJson) throw usageError('--watch prints no data: leave out --json')
  return { tokenFile, out }
}

async function prepareOut(out: string, tokenFile: string | undefined): Promise<void> {
  if (out === '' || out === '-') {
    throw usageError(
      `--out must name a file, got ${JSON.stringify(out)}: without --out the token is printed`,
    )
  }
  if (tokenFile !== undefined && (await isSameFile(out, tokenFile))) {
    throw usageError(
      `--out and --token-file are the same file, ${out}: the token that is exchanged would be lost`,
    )
  }
  await assertReplaceable(out)
  await removeLeftovers(out, systemClock.now())
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  if (resolve(one) === resolve(other)) return true
  const [its, others] = await Promise.all(
    [one, other].map((file) => stat(file, { bigint: true }).catch(() => undefined)),
  )
  return its !== undefined && its.dev === others?.dev && its.ino === others.ino
}

async function exchangeOnce(
  request: ExchangeRequest,
  { tokenFile, out, json: asJson }: ExchangeOptions,
): Promise<void> {
  const issued = await requestExchange(request, await readToken(tokenFile))
  if (out !== undefined) {
    await replaceTokenFile(out, issued.token)
    const { token: _secret, ...view } = issued
    if (asJson) json({ ...view, file: resolve(out) })
    else note(`${writtenSentence(issued, out)}.`)
    return
  }
  if (asJson) return json(issued)
  data(issued.token)
  note(printedSentence(issued))
}

function printedSentence({ iss, sub, expiresIn }: ExchangedToken): string {
  return `Token of ${iss} for ${sub}, expires in ${formatDuration(expiresIn)}.`
}
