/**
 * The section of the functions on AWS Lambda: how long it takes until one that is not there yet has answered.
 */

import { data, table } from '../../src/cli/output.ts'
import { type Aws, seedAws } from '../aws-seed.ts'
import { besideOthers } from '../others.ts'
import type { Place } from '../place.ts'
import { type Aim, printOthers } from '../report.ts'
import { inRounds } from '../rounds.ts'
import type { Schedule } from '../schedule.ts'
import { median, medianRatio } from '../statistics.ts'
import type { ColdStart, LambdaRuntime } from './cold-start.ts'
import { type Errand, errandsOf, rehearse, start } from './errands.ts'
import { installRuntimeClient, RUNTIME_CLIENT } from './runtime-client.ts'

interface Measured {
  readonly errand: Errand
  readonly signet: readonly ColdStart[]
  readonly bare: readonly ColdStart[]
}

type Figure = (start: ColdStart) => number

const RESPONSE_CPU: Figure = ({ response }) => response.cpuMs
const RESPONSE: Figure = ({ response }) => response.ms
const INIT_CPU: Figure = ({ init }) => init.cpuMs
const INIT: Figure = ({ init }) => init.ms

const HEADER = [
  'asked for',
  'handler',
  'CPU ms to response',
  '(all rounds)',
  'ms to response',
  'CPU ms of init',
  'ms of init',
]

export async function measureLambda(place: Place, schedule: Schedule): Promise<Aim[]> {
  data(`\nOn AWS Lambda: cold starts under ${RUNTIME_CLIENT}, of Signet and of a bare handler\n`)
  const installed = await installRuntimeClient()
  if (!installed.ok) {
    data(`Not measured: ${installed.problem}.`)
    return [notMeasured()]
  }
  const runtime = { client: installed.main, pin: place.cores.server }
  const aws = await seedAws()
  try {
    return await measureErrands(runtime, await errandsOf(place.directory, aws), aws, schedule)
  } finally {
    await aws.close()
  }
}

async function measureErrands(
  runtime: LambdaRuntime,
  errands: readonly Errand[],
  aws: Aws,
  { starts }: Schedule,
): Promise<Aim[]> {
  const calls: string[] = []
  for (const errand of errands) {
    calls.push(`${errand.name}: ${await rehearse(runtime, errand, aws)}`)
  }
  const functions = errands.flatMap(({ signet, bare }) => [signet, bare])
  const { result: all, others } = await besideOthers(() =>
    inRounds(functions, starts, (asked) => start(runtime, asked)),
  )
  const measured = errands.map((errand, index) => ({
    errand,
    signet: all[2 * index] ?? [],
    bare: all[2 * index + 1] ?? [],
  }))
  data(table(HEADER, measured.flatMap(rowsOf)))
  data(`\nBoth handlers make the same calls (${calls.join('; ')}).`)
  printOthers(others)
  return measured.map(aimOf)
}

function rowsOf({ errand, signet, bare }: Measured): string[][] {
  return [
    [errand.name, 'Signet', ...cells(signet)],
    [errand.name, 'bare', ...cells(bare)],
  ]
}

function cells(starts: readonly ColdStart[]): string[] {
  const cpu = starts.map(RESPONSE_CPU)
  const medianOf = (figure: Figure) => median(starts.map(figure)).toFixed(1)
  return [
    medianOf(RESPONSE_CPU),
    `${Math.min(...cpu).toFixed(1)}-${Math.max(...cpu).toFixed(1)}`,
    medianOf(RESPONSE),
    medianOf(INIT_CPU),
    medianOf(INIT),
  ]
}

function aimOf({ errand: { name, ratioMax }, signet, bare }: Measured): Aim {
  const ratio = (figure: Figure) => medianRatio(signet.map(figure), bare.map(figure))
  const [time, initCpu, init] = [RESPONSE, INIT_CPU, INIT].map((figure) => ratio(figure).toFixed(2))
  const cpu = ratio(RESPONSE_CPU)
  return {
    what: `${name}, cold start of Signet and of a bare handler`,
    measured: `CPU to the first response ${cpu.toFixed(2)} times that of the bare handler (time ${time}; init: CPU ${initCpu}, time ${init})`,
    aim: `at most ${ratioMax}`,
    isMet: cpu <= ratioMax,
  }
}

function notMeasured(): Aim {
  return {
    what: 'Cold starts of Signet and of a bare handler',
    measured: `nothing, without ${RUNTIME_CLIENT}`,
    aim: 'JWK Set at most 1.1, first token at most 1.15',
    isMet: undefined,
  }
}
