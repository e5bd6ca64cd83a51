/**
 * The section of signing: what signatures in memory cost over WebCrypto itself, and what tokens ask of AWS KMS.
 */

import { fileURLToPath } from 'node:url'
import { data, table } from '../../src/cli/output.ts'
import { firstMessage, startChild, stopChildren } from '../children.ts'
import { besideOthers } from '../others.ts'
import type { Place } from '../place.ts'
import { type Aim, printOthers } from '../report.ts'
import type { Schedule } from '../schedule.ts'
import { median, medianRatio } from '../statistics.ts'
import { countKmsCalls } from './kms-calls.ts'
import type { SigningFigures } from './messages.ts'

/** CPU of WebCrypto over that of Signet, whose own part weighs the more the less a signature costs. */
const SHARE_MIN = { RS256: 0.95, ES256: 0.8 } as const

export async function measureSigning(place: Place, schedule: Schedule): Promise<Aim[]> {
  const { result: all, others } = await besideOthers(() => sign(place, schedule))
  data('\nSignatures in memory: WebCrypto itself, and keys that Signet has opened before\n')
  data(
    table(['algorithm', 'way', 'CPU µs/signature', '(all rounds)', 'signatures/s'], all.map(rowOf)),
  )
  printOthers(others)
  const aims = all
    .filter(({ way }) => way !== 'raw')
    .map((ours) => {
      const raw = all.find(({ alg, way }) => alg === ours.alg && way === 'raw')
      return aimOf(ours, raw?.cpuMicros ?? [])
    })
  return [...aims, ...(await countKmsCalls())]
}

async function sign({ cores }: Place, { batches }: Schedule): Promise<SigningFigures[]> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const command = [process.execPath, main, String(batches)]
  const child = startChild({ name: 'signing', pin: cores.server, command, channel: 'ipc' })
  const figures = (await firstMessage(child)) as SigningFigures[]
  await stopChildren([child.pid])
  return figures
}

function rowOf({ alg, way, cpuMicros, perSecond }: SigningFigures): string[] {
  return [
    alg,
    way === 'raw' ? 'WebCrypto' : `Signet, ${way}`,
    median(cpuMicros).toFixed(1),
    `${Math.min(...cpuMicros).toFixed(1)}-${Math.max(...cpuMicros).toFixed(1)}`,
    median(perSecond).toFixed(0),
  ]
}

function aimOf({ alg, way, cpuMicros }: SigningFigures, raw: readonly number[]): Aim {
  const share = medianRatio(raw, cpuMicros)
  return {
    what: `Signing ${alg} with custody ${way} and with WebCrypto itself`,
    measured: `CPU of WebCrypto is ${share.toFixed(2)} of Signet's`,
    aim: `at least ${SHARE_MIN[alg]}`,
    isMet: share >= SHARE_MIN[alg],
  }
}
