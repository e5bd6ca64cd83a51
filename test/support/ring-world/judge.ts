/**
 * What a history has broken, by the names of the invariants in the design.
 */

import { seenFirst, shownLifetimes } from './check-proofs.ts'
import { CLEAN_SECONDS, inRotation, isQuietOver, withoutOrphans } from './check-quiet.ts'
import { keptUntilConfirmed } from './check-replacing.ts'
import { agreement, notice, oneSigner } from './check-signers.ts'
import { verifiable } from './check-tokens.ts'
import type { History } from './history.ts'
import { liveThrough, rotateQuietly, sweepQuietly } from './live-history.ts'
import type { World } from './world.ts'

export interface Trial {
  /** Followed by a time in which every job runs and nothing goes wrong. */
  readonly isQuietAfter: boolean
}

/** Empty where every invariant holds. */
export async function brokenBy(history: History, trial: Trial): Promise<string[]> {
  const world = await liveThrough(history)
  return trial.isQuietAfter ? quietlyBroken(world) : broken(world)
}

async function quietlyBroken(world: World): Promise<string[]> {
  const { simulation, timeline } = world
  await simulation.advanceTo(Math.max(simulation.now(), timeline.stuckUntil()))
  const since = simulation.now()
  await rotateQuietly(world, (begun) => isQuietOver(world, begun))
  const outOfOrder = [...inRotation(world, since)]
  await sweepQuietly(world, CLEAN_SECONDS)
  return [...broken(world), ...outOfOrder, ...withoutOrphans(world)]
}

function broken(world: World): string[] {
  const { timeline, objections } = world
  return [
    ...objections,
    ...oneSigner(timeline),
    ...agreement(timeline),
    ...notice(timeline),
    ...keptUntilConfirmed(world),
    ...seenFirst(world),
    ...shownLifetimes(world),
    ...verifiable(world),
  ]
}
