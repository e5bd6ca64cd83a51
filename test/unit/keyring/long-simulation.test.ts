/**
 * Simulations in which more runs do something than a call has room for arguments.
 *
 * With a small stack, since so many that a usual one overflows take long.
 */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import type { RingSimulation } from '../../../src/keyring/simulate-ring.ts'
import { anIssuer, aRing, NO_BOUNDS, NOW } from '../../support/fixtures.ts'
import { POLICY } from '../../support/rotation-fixtures.ts'

const RUNS = 16_000
const EVERY_SECONDS = 1800

/** For the stack, some 14,000 arguments. */
const STACK_MB = 0.3

const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
import(workerData.module).then(({ simulateRing }) => {
  const { rotations, publishedMax } = simulateRing(workerData.document, workerData.options)
  parentPort.postMessage({ rotations, publishedMax })
})`

test('a simulation has no end at which it is too long', async () => {
  const policy = { ...POLICY, rotationPeriodSeconds: 1, propagationDelaySeconds: 0 }
  const until = NOW + RUNS * EVERY_SECONDS
  const worker = new Worker(THREAD, {
    eval: true,
    workerData: {
      module: new URL('../../../src/keyring/simulate-ring.ts', import.meta.url).href,
      document: anIssuer({ policy, ring: aRing({ keys: [] }) }),
      options: { bounds: NO_BOUNDS, from: NOW, until, everySeconds: EVERY_SECONDS },
    },
    resourceLimits: { stackSizeMb: STACK_MB },
  })
  const [{ rotations, publishedMax }] = (await once(worker, 'message')) as [RingSimulation]
  expect(rotations).toBeGreaterThan(RUNS / 10)
  expect(publishedMax).toBeGreaterThan(1)
})
