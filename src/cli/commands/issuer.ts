/**
 * `signet issuer`: create, list, show, update, delete.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../crypto/algorithms.ts'
import { DEFAULT_POLICY } from '../../issuers/policy.ts'
import { usageError } from '../exit.ts'
import type { ListEntryAnswer } from '../host/answers.ts'
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
} from './policy-options.ts'

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
  type Options = TargetOptions & DurationOptions & { readonly algorithm?: SigningAlgorithm }
  const command = new Command('create')
    .description('create an issuer; its URL never changes')
    .argument('<issuer>', 'its id, such as "prod"')
    .option(
      '--algorithm <alg>',
      `of its keys: ${SIGNING_ALGORITHMS.join(' or ')} (default: ${DEFAULT_POLICY.algorithm})`,
      once('--algorithm', parseAlgorithm),
    )
    .action(async (id: string, options: Options) => {
      const client = await openTarget(options)
      const { algorithm } = options
      const policy = { ...durationsOf(options), ...(algorithm === undefined ? {} : { algorithm }) }
      const issuer = await client.createIssuer({ id, policy })
      note(`Created issuer ${id}.`)
      printIssuer(issuer, options.json)
    })
  return addTargetOptions(addDurationOptions(command, true))
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
    .action(async (options: TargetOptions) => {
      const issuers = await (await openTarget(options)).listIssuers()
      if (options.json) return json(issuers)
      if (issuers.length === 0) {
        return note('There is no issuer yet: create one with "signet issuer create ID".')
      }
      data(table(['ID', 'ISSUER', 'CREATED'], issuers.map(listRow)))
      for (const entry of issuers) if ('problem' in entry) note(`signet: ${entry.problem}`)
    })
  return addTargetOptions(command)
}

function listRow(entry: ListEntryAnswer): string[] {
  if ('problem' in entry) return [entry.id, '(its document cannot be read)', '']
  return [entry.id, entry.issuer, formatMoment(entry.createdAt, systemClock.now())]
}

function showCommand(): Command {
  const command = new Command('show')
    .description('show an issuer, its policy and its keys')
    .argument('<issuer>', 'its id')
    .action(async (id: string, options: TargetOptions) => {
      printIssuer(await (await openTarget(options)).readIssuer(id), options.json)
    })
  return addTargetOptions(command)
}

function updateCommand(): Command {
  type Options = TargetOptions & DurationOptions & { readonly reseal?: true }
  const command = new Command('update')
    .description('change the policy of an issuer; what is not named stays as it is')
    .argument('<issuer>', 'its id')
    .option('--reseal', 'seal its keys under the present sealed secret, as every update does')
    .action(async (id: string, options: Options) => {
      const policy = durationsOf(options)
      if (Object.keys(policy).length === 0 && !options.reseal) {
        throw usageError(
          `nothing to change: give at least one of ${DURATION_FLAGS.join(', ')}, --reseal`,
        )
      }
      const issuer = await (await openTarget(options)).updateIssuer(id, { policy })
      note(`Updated issuer ${id}.`)
      printIssuer(issuer, options.json)
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
