/**
 * `signet token`: mint one as an operator, exchange one as a workload, and look into one.
 */

import { Command } from 'commander'
import type { MintBody } from '../../control/schemas.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { formatDuration, parseDuration } from '../moments.ts'
import { data, json, note } from '../output.ts'
import { once, textOption } from '../options.ts'
import {
  addTargetOptions,
  ignoreTargetOptions,
  openTarget,
  type TargetOptions,
} from '../host/target.ts'
import { describeToken, inspectToken } from '../token/token-inspection.ts'
import { INSPECTED_CHARS_MAX, readToken } from '../token/token-source.ts'
import { tokenExchangeCommand } from './token-exchange.ts'

interface MintOptions extends TargetOptions {
  readonly audience: string
  readonly subject?: string
  readonly namespace?: string
  readonly serviceAccount?: string
  readonly uid?: string
  readonly ttl?: number
  readonly claims?: Record<string, unknown>
}

export function tokenCommand(): Command {
  return new Command('token')
    .description('mint, exchange and inspect tokens')
    .addCommand(mintCommand())
    .addCommand(tokenExchangeCommand())
    .addCommand(inspectCommand())
}

function mintCommand(): Command {
  const command = new Command('mint')
    .description('mint a token and print it, and nothing else, on standard output')
    .argument('<issuer>', 'id of the issuer')
    .addOption(
      textOption(
        '--audience <audience>',
        'who shall accept it, such as sts.amazonaws.com',
      ).makeOptionMandatory(),
    )
    .addOption(textOption('--subject <subject>', 'whom it speaks of'))
    .addOption(
      textOption(
        '--namespace <namespace>',
        'of a Kubernetes service account, instead of --subject',
      ),
    )
    .addOption(textOption('--service-account <name>', 'its name'))
    .addOption(textOption('--uid <uid>', 'its UID'))
    .option(
      '--ttl <duration>',
      'its lifetime (default: 1h, or less if the issuer allows less)',
      once('--ttl', parseDuration),
    )
    .option('--claims <json>', 'further claims, a JSON object', once('--claims', parseClaims))
    .action(async (issuer: string, options: MintOptions) => {
      const body = mintBodyOf(options)
      const minted = await (await openTarget(options)).mintToken(issuer, body)
      if (options.json) return json(minted)
      data(minted.token)
      note(
        `Token of ${minted.iss} for ${minted.sub}, expires in ${formatDuration(minted.expiresIn)}.`,
      )
    })
  return addTargetOptions(command)
}

function mintBodyOf(options: MintOptions): MintBody {
  const { audience, ttl, claims } = options
  return {
    ...subjectOf(options),
    audience,
    ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
    ...(claims === undefined ? {} : { claims }),
  }
}

function subjectOf(options: MintOptions): Pick<MintBody, 'subject' | 'serviceAccount'> {
  const { subject, namespace, serviceAccount, uid } = options
  const ofAccount = { '--namespace': namespace, '--service-account': serviceAccount, '--uid': uid }
  const given = Object.entries(ofAccount).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag],
  )
  if (subject !== undefined && given.length === 0) return { subject }
  if (subject === undefined && namespace !== undefined && serviceAccount !== undefined) {
    const account = { namespace, name: serviceAccount }
    return { serviceAccount: uid === undefined ? account : { ...account, uid } }
  }
  const all = [...(subject === undefined ? [] : ['--subject']), ...given].join(', ')
  throw usageError(
    `the token must speak of one subject, got ${all || 'neither'}: give either --subject, or --namespace with --service-account (and --uid)`,
  )
}

function parseClaims(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch {
    // Refused below, with what is not an object.
  }
  throw usageError(
    `--claims must be a JSON object such as '{"team":"a"}', got ${JSON.stringify(text.slice(0, 80))}`,
  )
}

function inspectCommand(): Command {
  interface InspectOptions {
    readonly verify?: true
    readonly audience?: string
    readonly json?: true
  }
  const command = new Command('inspect')
    .description('show what is in a token; reads it from a file or standard input')
    .argument('[file]', 'file that holds the token; - or nothing for standard input')
    .option('--verify', "verify it as a relying party does, through its issuer's public URLs")
    .addOption(textOption('--audience <audience>', 'with --verify: the audience that it must have'))
    .option('--json', 'print data as JSON')
    .action(async (file: string | undefined, options: InspectOptions) => {
      if (options.audience !== undefined && !options.verify) {
        throw usageError('--audience is checked by --verify: give both')
      }
      const inspection = await inspectToken(await readToken(file, INSPECTED_CHARS_MAX), options)
      if (options.json) json(inspection)
      else data(describeToken(inspection))
      if (inspection.verified === false) throw new CliError(EXIT.refused, inspection.verdict)
    })
  return ignoreTargetOptions(command)
}
