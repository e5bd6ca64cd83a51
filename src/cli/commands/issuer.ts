/**
 * `signet issuer`: create, list, show, update, delete.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import type { CreateIssuerBody } from '../../control/schemas.ts'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../crypto/algorithms.ts'
import { ownIdentifierProblem } from '../../issuers/issuer-identifier.ts'
import { DEFAULT_POLICY } from '../../issuers/policy.ts'
import { KEY_CUSTODIES, type KeyCustody } from '../../signers/key-manager.ts'
import { usageError } from '../exit.ts'
import type { DeletedEntryAnswer, ListEntryAnswer } from '../host/answers.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { formatMoment } from '../moments.ts'
import { anyText, once } from '../options.ts'
import { data, json, note, table } from '../output.ts'
import { printIssuer } from './issuer-report.ts'
import {
  addDurationOptions,
  DURATION_FLAGS,
  type DurationOptions,
  durationsOf,
  givenFlags,
} from './policy-options.ts'

const UNREADABLE = '(its document cannot be read)'

export function issuerCommand(): Command {
  return new Command('issuer')
    .description('create, list, show, update and delete issuers')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
}

function createCommand(): Command {
  type Options = TargetOptions &
    DurationOptions & {
      readonly algorithm?: SigningAlgorithm
      readonly custody?: KeyCustody
      readonly issuerUrl?: string
      readonly publishOnly?: true
    }
  const command = new Command('create')
    .description('create an issuer; its URL never changes')
    .argument('<issuer>', 'its id, such as "prod"')
    .option(
      '--algorithm <alg>',
      `of its keys: ${SIGNING_ALGORITHMS.join(' or ')} (default: ${DEFAULT_POLICY.algorithm})`,
      once('--algorithm', parseAlgorithm),
    )
    .option(
      '--custody <custody>',
      `where its private keys live: ${KEY_CUSTODIES.join(', ')}, of those that the host has (default: the host's)`,
      once('--custody', parseCustody),
    )
    .option(
      '--issuer-url <url>',
      "its URL, such as a cluster's present issuer: any https URL that leads here (default: the installation's URL with the id)",
      once('--issuer-url', parseIssuerUrl),
    )
    .option(
      '--publish-only',
      'make no key: it publishes those of a cluster alone, see "signet keys adopt --help"',
    )
    .action(async (id: string, options: Options) => {
      const { algorithm, custody, issuerUrl, publishOnly } = options
      if (publishOnly) assertPublishOnly(options)
      const policy: CreateIssuerBody['policy'] = {
        ...durationsOf(options),
        ...(algorithm === undefined ? {} : { algorithm }),
        ...(custody === undefined ? {} : { custody }),
        ...(publishOnly ? { custody: 'none' } : {}),
      }
      const own = issuerUrl === undefined ? {} : { issuer: issuerUrl }
      const client = await openTarget(options)
      const issuer = await client.createIssuer({ id, ...own, policy })
      note(`Created issuer ${id}.`)
      if (issuerUrl !== undefined) noteLocation(issuer.issuer, client.url)
      printIssuer(issuer, options)
    })
  return addTargetOptions(addDurationOptions(command, true))
}

/** The host knows it too, but in the words of its API. */
function assertPublishOnly(
  options: DurationOptions & { readonly algorithm?: string; readonly custody?: string },
): void {
  const { algorithm, custody, jwksMaxAge: _, ...durations } = options
  const useless = [
    ...(algorithm === undefined ? [] : ['--algorithm']),
    ...(custody === undefined ? [] : ['--custody']),
    ...givenFlags(durations),
  ]
  if (useless.length === 0) return
  throw usageError(
    `--publish-only makes no key that signs, so of the policy it takes --jwks-max-age alone, got ${useless.join(', ')}: leave it out`,
  )
}

/** Before it is sent: it may hold a password by mistake. */
function parseIssuerUrl(text: string): string {
  const problem = ownIdentifierProblem('--issuer-url', text)
  if (problem !== undefined) throw usageError(problem)
  return text
}

/**
 * An issuer's documents are found by the host and the path that they are asked for. `controlUrl`: of the control API, which
 * may have a host of its own.
 */
function noteLocation(issuer: string, controlUrl: string): void {
  const { host } = new URL(issuer)
  if (host === new URL(controlUrl).host) return
  note(
    `Its documents are served to requests for ${host}: make that host lead to the public address of the installation, if it does not yet.`,
  )
}

function parseCustody(text: string): KeyCustody {
  const known = KEY_CUSTODIES.find((custody) => custody === text)
  if (known !== undefined) return known
  throw usageError(
    `--custody must be one of ${KEY_CUSTODIES.join(', ')}, got ${JSON.stringify(text)}: for none of these give --publish-only`,
  )
}

function parseAlgorithm(text: string): SigningAlgorithm {
  const known = SIGNING_ALGORITHMS.find((algorithm) => algorithm === text)
  if (known !== undefined) return known
  throw usageError(
    `--algorithm must be one of ${SIGNING_ALGORITHMS.join(', ')}, got ${JSON.stringify(text)}`,
  )
}

function listCommand(): Command {
  const command = new Command('list')
    .description('list the issuers')
    .option('--deleted', 'those that were deleted, with when and why')
    .action(async (options: TargetOptions & { readonly deleted?: true }) => {
      const client = await openTarget(options)
      if (options.deleted) return printDeleted(await client.listDeletedIssuers(), options.json)
      const issuers = await client.listIssuers()
      if (options.json) return json(issuers)
      if (issuers.length === 0) {
        return note('There is no issuer yet: create one with "npx signet issuer create ID".')
      }
      data(table(['ID', 'ISSUER', 'CREATED'], issuers.map(listRow)))
      noteProblems(issuers)
    })
  return addTargetOptions(command)
}

function listRow(entry: ListEntryAnswer): string[] {
  if ('problem' in entry) return [entry.id, UNREADABLE, '']
  return [entry.id, entry.issuer, formatMoment(entry.createdAt, systemClock.now())]
}

function printDeleted(deleted: readonly DeletedEntryAnswer[], asJson: true | undefined): void {
  if (asJson) return json(deleted)
  if (deleted.length === 0) return note('No issuer was deleted.')
  data(table(['ID', 'ISSUER', 'DELETED', 'REASON'], deleted.map(deletedRow)))
  noteProblems(deleted)
}

function deletedRow(entry: DeletedEntryAnswer): string[] {
  if ('problem' in entry) return [entry.id, UNREADABLE, '', '']
  const { id, issuer, deletedAt, reason = '' } = entry
  return [id, issuer, formatMoment(deletedAt, systemClock.now()), reason]
}

function noteProblems(entries: readonly object[]): void {
  for (const entry of entries) {
    if ('problem' in entry) note(`signet: ${String(entry.problem)}`)
  }
}

function showCommand(): Command {
  const command = new Command('show')
    .description('show an issuer, its policy and its keys')
    .argument('<issuer>', 'its id')
    .action(async (id: string, options: TargetOptions) => {
      printIssuer(await (await openTarget(options)).readIssuer(id), options)
    })
  return addTargetOptions(command)
}

function updateCommand(): Command {
  type Options = TargetOptions & DurationOptions & { readonly reseal?: true }
  const command = new Command('update')
    .description('change the policy of an issuer; what is not named stays as it is')
    .argument('<issuer>', 'its id')
    .option(
      '--reseal',
      'keep its policy; renew the protection of its keys, and make its first key if that is missing',
    )
    .action(async (id: string, options: Options) => {
      const policy = durationsOf(options)
      if (Object.keys(policy).length === 0 && !options.reseal) {
        throw usageError(
          `nothing to change: give at least one of ${DURATION_FLAGS.join(', ')}, --reseal`,
        )
      }
      const issuer = await (await openTarget(options)).updateIssuer(id, { policy })
      note(`Updated issuer ${id}.`)
      printIssuer(issuer, options)
    })
  return addTargetOptions(addDurationOptions(command, false))
}

function deleteCommand(): Command {
  type Options = TargetOptions & { readonly yes?: true; readonly reason?: string }
  const command = new Command('delete')
    .description('delete an issuer for ever: its documents are gone, its id is never given again')
    .argument('<issuer>', 'its id')
    .option('--reason <text>', 'kept with what remains of it', once('--reason', anyText))
    .option('--yes', 'really delete it')
    .action(async (id: string, options: Options) => {
      const client = await openTarget(options)
      if (!options.yes) {
        const { issuer } = await client.readIssuer(id)
        throw usageError(
          `deleting ${id} makes every token of ${issuer} worthless and cannot be taken back: repeat the command with --yes`,
        )
      }
      const deleted = await client.deleteIssuer(id, options.reason)
      note(`Deleted issuer ${id}: ${deleted.issuer} answers 410 from now on.`)
      if (options.json) json(deleted)
    })
  return addTargetOptions(command)
}
