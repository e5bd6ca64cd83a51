/**
 * Rings at each stage at which a rotation has something to do, reached without disturbance.
 */

import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { retentionSeconds } from '../../../src/issuers/policy.ts'
import { RESERVATION_SECONDS } from '../../../src/limits.ts'
import type { KeyCustody } from '../../../src/signers/key-manager.ts'
import { CALM_HOST, CALM_LOOK } from './calm.ts'
import type { Happening } from './history.ts'
import { createIssuer, operate } from './operators.ts'
import { LIFE_SECONDS_MAX, type Weather } from './simulation.ts'
import { ISSUER_ID, type Run, type World, world } from './world.ts'

export const STAGES = [
  'a new issuer',
  'a key that signs alone',
  'a successor that nobody has seen',
  'a successor that was seen',
  'a key to prune',
  'the last key revoked',
] as const
export type Stage = (typeof STAGES)[number]

const DAY = 86_400

/** A week's period, and a delay that is much longer than it has to be. */
const CHOICE = {
  jwksMaxAgeSeconds: 600,
  tokenTtlMaxSeconds: 3600,
  extraDelaySeconds: 2 * DAY,
  extraPeriodSeconds: 5 * DAY,
}

export async function atStage(stage: Stage, custody: KeyCustody): Promise<World> {
  const staged = world({ store: 's3', mismatched: [] })
  const { simulation, bounds } = staged
  const start = { store: 's3', algorithm: 'ES256', adopted: [], mismatched: [] } as const
  await createIssuer(staged, { ...start, custody, choice: CHOICE })
  const wait = (seconds: number): Promise<void> => simulation.advanceTo(simulation.now() + seconds)
  if (stage === 'a new issuer') return staged
  if (custody === 'kms') await rotate(staged)
  if (stage === 'a key that signs alone') return staged
  if (stage === 'the last key revoked') {
    await wait(DAY)
    await order(staged, { type: 'revoke', which: 'active', isGraceful: false })
    return staged
  }
  await rotate(staged)
  if (stage === 'a successor that nobody has seen') return staged
  await rotate(staged)
  await wait(3600)
  if (stage === 'a successor that was seen') return staged
  await rotate(staged)
  const { policy } = storedIn(staged)
  await wait(policy.rotationPeriodSeconds + retentionSeconds(policy, bounds))
  // The next successor first, so that pruning is all that is left to do.
  for (let run = 1; run <= 2; run += 1) await rotate(staged)
  await wait(3600)
  return staged
}

export function storedIn({ timeline }: World): IssuerDocument {
  const stored = timeline.latest()?.stored
  if (stored?.kind !== 'issuer') throw new Error('there is no issuer')
  return stored
}

export async function rotate(staged: World): Promise<void> {
  await rotateAtOnce(staged, [[]])
}

type Order =
  | Omit<Extract<Happening, { type: 'set policy' }>, 'host'>
  | Omit<Extract<Happening, { type: 'revoke' }>, 'host'>

/** An operator's doing, at a host where nothing goes wrong. */
export async function order(staged: World, what: Order): Promise<void> {
  const { simulation } = staged
  staged.spawn(what.type, CALM_HOST, (actor) =>
    operate(staged, actor, { ...what, host: CALM_HOST }),
  )
  await simulation.advanceTo(simulation.now() + 1)
}

/** Runs that begin in one moment, until each of them has ended. */
export async function rotateAtOnce(
  staged: World,
  weathers: readonly (readonly Weather[])[],
): Promise<Run[]> {
  const { simulation } = staged
  const runs = weathers.map((weather) =>
    staged.spawn('rotation', { skew: 0, weather }, (actor) =>
      staged.rotationFor(actor, CALM_LOOK).run(ISSUER_ID),
    ),
  )
  await simulation.advanceTo(simulation.now() + 60)
  return runs
}

/** Once whoever was broken off cannot come back; with as many runs as there are steps to take. */
export async function afterLapse(staged: World): Promise<void> {
  const { simulation } = staged
  await simulation.advanceTo(simulation.now() + LIFE_SECONDS_MAX + RESERVATION_SECONDS)
  for (let run = 1; run <= 4; run += 1) await rotate(staged)
  await simulation.advanceTo(simulation.now() + 3600)
  for (let run = 1; run <= 4; run += 1) await rotate(staged)
}

/** A sweep that reads, and then waits while somebody takes this deletion back. */
export async function sweepAndTakeBack(staged: World, slot: string): Promise<void> {
  const { simulation } = staged
  const slow: Weather[] = [{ before: 0, after: 30, fate: 'happens' }]
  staged.spawn('sweep', { skew: 0, weather: slow }, (actor) =>
    staged.rotationFor(actor, CALM_LOOK).sweep(ISSUER_ID),
  )
  await simulation.advanceTo(simulation.now() + 10)
  staged.spawn('sweep', CALM_HOST, (actor) =>
    staged.rotationFor(actor, CALM_LOOK).sweep(ISSUER_ID, { takeBack: slot }),
  )
  await simulation.advanceTo(simulation.now() + 60)
}
