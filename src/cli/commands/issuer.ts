/**
 * `signet issuer`: create, list, show, update, delete.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import type { CreateIssuerBody } from '../../control/schemas.ts'
import { ownIdentifierProblem } from '../../issuers/issuer-identifier.ts'
import { usageError } from '../exit.ts'
import type { DeletedEntryAnswer, ListEntryAnswer } from '../host/answers.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { formatMoment } from '../moments.ts'
import { anyText, once } from '../options.ts'
import { data, json, note, table } from '../output.ts'
import { printIssuer } from './issuer-report.ts'
import { updateCommand } from './issuer-update.ts'
import { addPolicyOptions, givenFlags, type PolicyOptions, policyOf } from './policy-options.ts'

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
    PolicyOptions & { readonly issuerUrl?: string; readonly publishOnly?: true }
  const command = new Command('create')
    .description('create an issuer; its URL never changes')
    .argument('<issuer>', 'its id, such as "prod"')
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
      const { issuerUrl, publishOnly } = options
      if (publishOnly) assertPublishOnly(options)
      const policy: CreateIssuerBody['policy'] = {
        ...policyOf(options),
        ...(publishOnly ? { custody: 'none' } : {}),
      }
      const own = issuerUrl === undefined ? {} : { issuer: issuerUrl }
      const client = await openTarget(options)
      const issuer = await client.createIssuer({ id, ...own, policy })
      note(`Created issuer ${id}.`)
      if (issuerUrl !== undefined) noteLocation(issuer.issuer, client.url)
      printIssuer(issuer, options)
    })
  return addTargetOptions(addPolicyOptions(command, 'create'))
}

/** The host knows it too, but in the words of its API. */
function assertPublishOnly(options: PolicyOptions): void {
  const useless = givenFlags(options).filter((flag) => flag !== '--jwks-max-age')
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
