/**
 * `signet keys sweep`: what rings have forgotten and somebody still keeps is deleted there, or the deletion taken back.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import type { SweepBody } from '../../control/schemas.ts'
import { DELETION_WINDOW_DAYS } from '../../limits.ts'
import { usageError } from '../exit.ts'
import type { ControlClient } from '../host/control-client.ts'
import type { SweepAnswer } from '../host/rotation-answers.ts'
import { addTargetOptions, openTarget, type TargetOptions, targetWords } from '../host/target.ts'
import { parseDuration } from '../moments.ts'
import { anyText, once } from '../options.ts'
import { data, json, note } from '../output.ts'
import { forEachIssuer } from './each-issuer.ts'
import { sweepSentences, sweepTable, throwIfSweepFailed } from './sweep-text.ts'

const DAY_SECONDS = 86_400

interface SweepCommandOptions extends TargetOptions {
  readonly dryRun?: true
  readonly window?: number
  readonly takeBack?: string
}

export function sweepCommand(): Command {
  const { default: usual, min, max } = DELETION_WINDOW_DAYS
  const command = new Command('sweep')
    .summary('have forgotten keys deleted where they are kept')
    .description(
      'have keys that rings have forgotten a day ago deleted where they are kept (AWS KMS), of one issuer or of every one, deleted issuers too',
    )
    .argument('[issuer]', 'its id (default: every issuer)')
    .option('--dry-run', 'print what would be done and change nothing')
    .option(
      '--window <duration>',
      `from the order to delete a key to its deletion, during which it can be taken back: ${min}d to ${max}d (default: ${usual}d)`,
      once('--window', parseWindow),
    )
    .option(
      '--take-back <slot>',
      'take the deletion of this key back, for good: no sweep touches it again',
      once('--take-back', anyText),
    )
    .action(async (id: string | undefined, options: SweepCommandOptions) => {
      const body = bodyOf(id, options)
      const client = await openTarget(options)
      if (id === undefined) return sweepAll(client, body, options)
      const report = await client.sweep(id, body)
      if (options.json) json(report)
      else printSweep([report], options, true)
      throwIfSweepFailed([report])
    })
  return addTargetOptions(command)
}

async function sweepAll(
  client: ControlClient,
  body: SweepBody,
  options: SweepCommandOptions,
): Promise<void> {
  const reports: SweepAnswer[] = []
  const issuers = [...(await client.listIssuers()), ...(await client.listDeletedIssuers())]
  // One that cannot be read is in both lists.
  const listed = [...new Map(issuers.map((entry) => [entry.id, entry])).values()]
  const result = await forEachIssuer(listed, 'swept', async (id) => {
    reports.push(await client.sweep(id, body))
  })
  if (options.json) json(reports)
  else printSweep(reports, options, result.isComplete)
  result.throwIfFailed()
  throwIfSweepFailed(reports)
}

function printSweep(
  reports: readonly SweepAnswer[],
  options: SweepCommandOptions,
  isComplete: boolean,
): void {
  const rows = sweepTable(reports, systemClock.now())
  if (rows !== undefined) data(rows)
  const context = { target: targetWords(options), isComplete }
  for (const sentence of sweepSentences(reports, context)) note(sentence)
}

function bodyOf(
  id: string | undefined,
  { dryRun, window, takeBack }: SweepCommandOptions,
): SweepBody {
  if (takeBack !== undefined && id === undefined) {
    throw usageError("--take-back is of one issuer's key: name the issuer")
  }
  if (takeBack !== undefined && window !== undefined) {
    throw usageError('--take-back has nothing deleted: leave out --window')
  }
  if (takeBack === '') {
    throw usageError('--take-back must be a slot as a sweep names it, got nothing')
  }
  return {
    ...(dryRun ? { dryRun: true } : {}),
    ...(window === undefined ? {} : { windowDays: window }),
    ...(takeBack === undefined ? {} : { takeBack }),
  }
}

/** In days. */
function parseWindow(text: string): number {
  const { min, max } = DELETION_WINDOW_DAYS
  const days = parseDuration(text) / DAY_SECONDS
  if (Number.isInteger(days) && days >= min && days <= max) return days
  throw usageError(
    `--window must be whole days from ${min}d to ${max}d, such as 7d (a bare number is seconds), got ${text}`,
  )
}
