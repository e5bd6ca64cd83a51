/**
 * The rotating process: rotations, and what they cannot do without, in batches that take turns. Its one argument is its task,
 * as JSON.
 */

import { randomBytes } from 'node:crypto'
import { kmsKeyManager } from '../../src/adapters/signers/kms/kms-key-manager.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { kmsAt, SIGNERS } from '../../test/support/aws/kms-managers.ts'
import { storeOver } from '../../test/support/aws/s3-stores.ts'
import { inRounds } from '../rounds.ts'
import { idleWays, jobWays } from './idle-ways.ts'
import { confirmWays, createWays } from './making-ways.ts'
import type { RotationFigures, RotationTask } from './messages.ts'
import type { RotationWay } from './rotation-way.ts'

const DEPLOYMENT = 'bench'
const WARM_BATCHES = 3

async function waysOver({ s3, kmsUrl }: RotationTask): Promise<RotationWay[]> {
  const secret = Uint8Array.from(randomBytes(32))
  // Opens keys anew at each run, as a job does that starts anew.
  const sealed = sealedKeyManager({ secret, deployment: DEPLOYMENT })
  const kms = kmsKeyManager({ kms: kmsAt(kmsUrl), deployment: DEPLOYMENT, signers: SIGNERS })
  return [
    ...(await idleWays(sealed, kms, storeOver(s3))),
    ...(await jobWays(sealed)),
    ...(await createWays(sealed)),
    ...(await confirmWays(sealed)),
  ]
}

async function batch({ each = 1, batch: runs, run }: RotationWay): Promise<number> {
  const before = process.cpuUsage()
  for (let done = 0; done < runs; done += 1) await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (runs * each)
}

async function measure(task: RotationTask): Promise<RotationFigures[]> {
  const ways = await waysOver(task)
  await inRounds(ways, WARM_BATCHES, batch)
  const results = await inRounds(ways, task.batches, batch)
  return ways.map(({ of, way }, index) => ({ of, way, cpuMicros: results[index] ?? [] }))
}

process.on('disconnect', () => process.exit())
process.send?.(await measure(JSON.parse(process.argv[2] ?? '') as RotationTask))
