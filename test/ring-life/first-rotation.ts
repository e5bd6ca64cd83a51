/**
 * A ring's first rotation: from its issuer's creation until its first key has signed for the last time, left the JWK Set,
 * and is deleted.
 */

import { expect } from 'vitest'
import type { RingView } from '../../src/control/ring-view.ts'
import type { JobName } from '../../src/jobs/run-job.ts'
import { DAY, HOUR, MINUTE } from './controlled-time.ts'
import type { RingLife } from './ring-life.ts'
import { ownKeys } from './ring-operator.ts'
import { PLACES, type RingWorld } from './ring-world.ts'

/** When a job has something to do, and what: in their order. */
export interface RotationMoment {
  readonly what: 'create' | 'see' | 'confirm' | 'create the next' | 'prune' | 'sweep' | 'forget'
  readonly job: JobName
  readonly at: (view: RingView, now: number) => number
}

const ROTATION_MOMENTS: readonly RotationMoment[] = [
  { what: 'create', job: 'rotate', at: later(15 * MINUTE) },
  { what: 'see', job: 'rotate', at: later(15 * MINUTE) },
  { what: 'confirm', job: 'rotate', at: later(30 * MINUTE) },
  { what: 'create the next', job: 'rotate', at: (view) => handOverIn(view) + 10 * MINUTE },
  { what: 'prune', job: 'rotate', at: (view) => retirementIn(view) + 10 * MINUTE },
  { what: 'sweep', job: 'sweep', at: later(DAY + HOUR) },
  { what: 'forget', job: 'sweep', at: later(31 * DAY) },
]

export const SHORT_POLICY = {
  algorithm: 'ES256',
  rotationPeriodSeconds: 7 * DAY,
  tokenTtlMaxSeconds: HOUR,
} as const

/** Goes from moment to moment; `run` does what there is to do. Every token is judged before and after. */
export async function goThroughRotation(
  world: RingWorld,
  life: RingLife,
  run: (moment: RotationMoment) => Promise<void>,
): Promise<void> {
  const { clock } = world
  for (const moment of ROTATION_MOMENTS) {
    await life.advanceTo(moment.at(await life.ring(), clock.seconds), 'oldest')
    await judge(life)
    await run(moment)
    await judge(life)
  }
}

/** The first key has signed and is gone, and another one signs. */
export async function expectRotated(life: RingLife): Promise<void> {
  const [first, ...others] = life.signers.map(({ kid }) => kid)
  const keys = ownKeys(await life.ring())
  expect(others.length).toBeGreaterThan(0)
  expect(keys.map(({ kid }) => kid)).not.toContain(first)
  const active = keys.filter(({ status }) => status === 'active').map(({ kid }) => kid)
  expect(active).toEqual(others.slice(-1))
}

async function judge(life: RingLife): Promise<void> {
  await life.mint(PLACES, await life.ring())
  await life.judgeAll()
}

function later(seconds: number): RotationMoment['at'] {
  return (_view, now) => now + seconds
}

/** When the second key takes over. */
function handOverIn(view: RingView): number {
  return Math.max(...ownKeys(view).map(({ activatesAt = 0 }) => activatesAt))
}

/** When the first key leaves the JWK Set. */
function retirementIn(view: RingView): number {
  return Math.min(...ownKeys(view).map(({ retiresAt = Infinity }) => retiresAt))
}
