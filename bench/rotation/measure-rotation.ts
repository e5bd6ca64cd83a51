/**
 * The section of rotation: what rotations cost over what they cannot do without, and what they ask of services.
 */

import { fileURLToPath } from 'node:url'
import { data, table } from '../../src/cli/output.ts'
import { startKmsFake } from '../../test/support/aws/kms-fake.ts'
import { startS3Fake } from '../../test/support/aws/s3-fake.ts'
import { firstMessage, startChild, stopChildren } from '../children.ts'
import { besideOthers } from '../others.ts'
import type { Place } from '../place.ts'
import { type Aim, printOthers } from '../report.ts'
import type { Schedule } from '../schedule.ts'
import { median, medianRatio } from '../statistics.ts'
import { countRotationCalls } from './count-calls.ts'
import { COMPARED, type Compared, type RotationFigures, type RotationTask } from './messages.ts'
import { MANY_KEYS } from './rings.ts'

interface Comparison {
  readonly what: string
  /** What the rotation cannot do without. */
  readonly alone: string
  /** CPU of the rotation over that of the other. */
  readonly timesMax: number
}

/** With S3 its client takes most of a load; in memory a load is the check of the document's form, and all else weighs more. */
const COMPARISONS: Readonly<Record<Compared, Comparison>> = {
  'idle, S3': {
    what: 'nothing due, S3 and kms, 2 keys',
    alone: 'load from S3',
    timesMax: 1.3,
  },
  'idle, S3, many keys': {
    what: `nothing due, S3 and kms, ${MANY_KEYS} keys`,
    alone: 'load from S3',
    timesMax: 1.3,
  },
  idle: { what: 'nothing due, in memory and sealed, 2 keys', alone: 'load', timesMax: 3 },
  'idle, many keys': {
    what: `nothing due, in memory and sealed, ${MANY_KEYS} keys`,
    alone: 'load',
    timesMax: 1.5,
  },
  job: {
    what: 'job over 1,000 issuers, nothing due, one of them',
    alone: 'load',
    timesMax: 3,
  },
  create: {
    what: 'making a successor, ES256 and sealed',
    alone: 'a key made and sealed',
    timesMax: 1.25,
  },
  confirm: {
    what: 'confirming a successor, ES256 and sealed',
    alone: 'the key opened, a signature verified',
    timesMax: 1.5,
  },
}

const HEADER = [
  'rotation',
  'CPU µs',
  '(all rounds)',
  'planRotation',
  'beside it, alone',
  'CPU µs',
  '(all rounds)',
]

export async function measureRotation(place: Place, schedule: Schedule): Promise<Aim[]> {
  const { result: figures, others } = await besideOthers(() => rotate(place, schedule))
  data('\nRotations, and what they cannot do without\n')
  data(
    table(
      HEADER,
      COMPARED.map((of) => rowOf(of, figures)),
    ),
  )
  printOthers(others)
  return [...COMPARED.map((of) => aimOf(of, figures)), ...(await countRotationCalls())]
}

async function rotate({ cores }: Place, { batches }: Schedule): Promise<RotationFigures[]> {
  const [s3, kms] = await Promise.all([startS3Fake(), startKmsFake()])
  try {
    const task: RotationTask = {
      batches,
      s3: { url: s3.url, bucket: s3.bucket },
      kmsUrl: kms.url,
    }
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    const command = [process.execPath, main, JSON.stringify(task)]
    const child = startChild({ name: 'rotation', pin: cores.server, command, channel: 'ipc' })
    const figures = (await firstMessage(child)) as RotationFigures[]
    await stopChildren([child.pid])
    return figures
  } finally {
    await Promise.all([s3.close(), kms.close()])
  }
}

function rowOf(of: Compared, figures: readonly RotationFigures[]): string[] {
  const rotation = cpuOf(figures, of, 'rotation')
  const alone = cpuOf(figures, of, 'alone')
  const plan = cpuOf(figures, of, 'plan')
  return [
    COMPARISONS[of].what,
    median(rotation).toFixed(0),
    spread(rotation),
    plan.length === 0 ? '' : median(plan).toFixed(1),
    COMPARISONS[of].alone,
    median(alone).toFixed(0),
    spread(alone),
  ]
}

function spread(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)}-${Math.max(...values).toFixed(0)}`
}

function cpuOf(
  figures: readonly RotationFigures[],
  of: Compared,
  way: RotationFigures['way'],
): readonly number[] {
  return figures.find((each) => each.of === of && each.way === way)?.cpuMicros ?? []
}

function aimOf(of: Compared, figures: readonly RotationFigures[]): Aim {
  const { what, alone, timesMax } = COMPARISONS[of]
  const times = medianRatio(cpuOf(figures, of, 'rotation'), cpuOf(figures, of, 'alone'))
  return {
    what: `Rotation, ${what}`,
    measured: `CPU is ${times.toFixed(2)} times that of: ${alone}`,
    aim: `at most ${timesMax}`,
    isMet: times <= timesMax,
  }
}
