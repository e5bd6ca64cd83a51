/**
 * `signet keys simulate`: the coming life of a ring under its policy. Asks the host for the ring and changes nothing.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import { simulateRing } from '../../keyring/simulate-ring.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { olderHost } from '../host/control-transport.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { formatDuration, parseDuration, parseSpan } from '../moments.ts'
import { once } from '../options.ts'
import { data, json } from '../output.ts'
import { terminalWidth, wantsAscii } from '../terminal.ts'
import { simulatedDocument } from './simulated-document.ts'
import { simulationLines } from './simulation-text.ts'

const DAY = 86_400
const SPAN_SECONDS = { min: DAY, max: 10 * 365 * DAY } as const
const EVERY_SECONDS = { default: 900, min: 60, max: 7 * DAY } as const

/** A run takes some 30 µs. */
const RUNS_MAX = 400_000

interface SimulateOptions extends TargetOptions {
  readonly for: number
  readonly every?: number
}

export function simulateCommand(): Command {
  const command = new Command('simulate')
    .summary("print the ring's life to come under its policy")
    .description(
      'print the life of a ring to come, from its present keys and under its policy: with the planner that rotates real rings, a job that always runs, and public documents as old as they may be. Changes nothing',
    )
    .argument('<issuer>', 'its id')
    .requiredOption('--for <duration>', 'how long, such as 1y, 6w or 90d', once('--for', parseFor))
    .option(
      '--every <duration>',
      `how often the job runs (default: ${formatDuration(EVERY_SECONDS.default)})`,
      once('--every', parseEvery),
    )
    .action(async (id: string, options: SimulateOptions) => {
      const { for: seconds, every: everySeconds = EVERY_SECONDS.default } = options
      assertAffordable(seconds, everySeconds)
      const client = await openTarget(options)
      const ring = await client.listKeys(id)
      const document = simulatedDocument(ring)
      if (document === undefined) throw olderHost(client.url, 'simulation of its rings')
      if (document.issuer.policy.custody === 'none') {
        throw new CliError(
          EXIT.refused,
          `issuer ${id} has no key of its own, so nothing of it rotates: simulate one that signs`,
        )
      }
      const from = systemClock.now()
      const span = { from, until: from + seconds, everySeconds }
      const simulation = simulateRing(document.issuer, { bounds: document.bounds, ...span })
      if (options.json) return json({ id, ...span, ...simulation })
      const canvas = { width: terminalWidth(), ascii: wantsAscii(process.env) }
      const { policy } = document.issuer
      data(simulationLines({ id, policy, ...span, simulation }, canvas).join('\n'))
    })
  return addTargetOptions(command)
}

function parseFor(text: string): number {
  return withinBounds('--for', text, parseSpan(text), SPAN_SECONDS)
}

function parseEvery(text: string): number {
  return withinBounds('--every', text, parseDuration(text), EVERY_SECONDS)
}

function withinBounds(
  flag: string,
  text: string,
  seconds: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  if (seconds >= min && seconds <= max) return seconds
  throw usageError(
    `${flag} must be from ${formatDuration(min)} to ${formatDuration(max)}, got ${text}`,
  )
}

function assertAffordable(seconds: number, everySeconds: number): void {
  const runs = Math.floor(seconds / everySeconds)
  if (runs <= RUNS_MAX) return
  throw usageError(
    `--for and --every together must make at most ${RUNS_MAX} runs of the job, got ${runs}: make --every longer`,
  )
}
