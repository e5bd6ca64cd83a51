/**
 * Single runs of a rotation: many at once, broken off anywhere, twice, and in an emergency.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import { retentionSeconds } from '../../src/issuers/policy.ts'
import { activeKey } from '../../src/keyring/key-status.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'
import type { Fate, Weather } from '../support/ring-world/simulation.ts'
import type { World } from '../support/ring-world/world.ts'
import {
  afterLapse,
  atStage,
  order,
  rotate,
  rotateAtOnce,
  type Stage,
  STAGES,
  storedIn,
  sweepAndTakeBack,
} from '../support/ring-world/stages.ts'

const CUSTODIES: readonly KeyCustody[] = ['sealed', 'kms']
const CASES = CUSTODIES.flatMap((custody) => STAGES.map((stage) => ({ custody, stage })))
const DAY = 86_400

/** What of a ring does not depend on which keys it has, nor on how it came to be so. */
function shapeOf({ ring }: IssuerDocument): object {
  return {
    keys: ring.keys.map(({ firstSeenAt, activatesAt }) => [
      firstSeenAt !== undefined,
      activatesAt !== undefined,
    ]),
    former: ring.former.length,
    isReserved: ring.reservation !== undefined,
  }
}

/** Slots of the keys that somebody has to pay for. */
function keptIn({ keys }: World): string[] {
  return keys.keys.flatMap(({ custody, isForeign, binding }) =>
    custody === 'kms' && !isForeign ? [binding.slot] : [],
  )
}

function signerIn(world: World): string | undefined {
  return activeKey(storedIn(world).ring.keys, world.simulation.now())?.kid
}

/** What runs one after the other make of it: of racing ones, those that come late may take the next step. */
async function takenInTurn(stage: Stage, custody: KeyCustody): Promise<object[]> {
  const world = await atStage(stage, custody)
  const taken: object[] = []
  for (let run = 1; run <= 4; run += 1) {
    await rotate(world)
    const stored = storedIn(world)
    taken.push({ ...shapeOf(stored), revision: stored.revision })
  }
  return taken
}

/** Its first steps happen. */
function upTo(step: number, fate: Fate): Weather[] {
  const calm: Weather = { before: 0, after: 0, fate: 'happens' }
  return [...Array.from({ length: step }, () => calm), { ...calm, fate }]
}

describe('ten racing rotations', () => {
  const seconds = fc.constantFrom(0, 0.1, 0.2, 0.5, 1)
  const slow = fc.array(
    fc.record({ before: seconds, after: seconds, fate: fc.constant<Fate>('happens') }),
    { maxLength: 8 },
  )
  const ten = fc.array(slow, { minLength: 10, maxLength: 10 })

  test.each(CASES)('make one change of a ring: $stage, $custody', async ({ custody, stage }) => {
    const inTurn = await takenInTurn(stage, custody)
    await fc.assert(
      fc.asyncProperty(ten, async (weathers) => {
        const world = await atStage(stage, custody)
        const runs = await rotateAtOnce(world, weathers)
        expect(runs.map(({ ending }) => ending?.type)).toEqual(weathers.map(() => 'ended'))
        expect(world.objections).toEqual([])
        const { ring, revision } = storedIn(world)
        expect(inTurn).toContainEqual({ ...shapeOf(storedIn(world)), revision })
        // No key that is kept elsewhere was made in vain.
        const named = new Set([...ring.keys, ...ring.leftovers].map(({ slot }) => slot))
        expect(keptIn(world).filter((slot) => !named.has(slot))).toEqual([])
      }),
      { numRuns: 8 },
    )
  })
})

describe('a rotation that is broken off', () => {
  const FATES: readonly Fate[] = ['crash before', 'crash after', 'loses answer', 'fails']
  const STEPS = Array.from({ length: 9 }, (_, step) => step)

  test.each(CASES)('is finished by the next ones: $stage, $custody', async ({ custody, stage }) => {
    const undisturbed = await atStage(stage, custody)
    await afterLapse(undisturbed)
    for (const step of STEPS) {
      for (const fate of FATES) {
        const world = await atStage(stage, custody)
        await rotateAtOnce(world, [upTo(step, fate)])
        await afterLapse(world)
        expect(world.objections).toEqual([])
        expect(shapeOf(storedIn(world)), `${fate} ${step}`).toEqual(shapeOf(storedIn(undisturbed)))
      }
    }
  })

  test.each(CASES)(
    'loses nothing where only an answer was lost on the way: $stage, $custody',
    async ({ custody, stage }) => {
      const undisturbed = await atStage(stage, custody)
      await rotate(undisturbed)
      for (const step of STEPS) {
        const world = await atStage(stage, custody)
        await rotateAtOnce(world, [upTo(step, 'conflicts')])
        if (world.runs.at(-1)?.ending?.type === 'failed') continue
        expect(storedIn(world).revision, `step ${step}`).toBe(storedIn(undisturbed).revision)
        expect(shapeOf(storedIn(world)), `step ${step}`).toEqual(shapeOf(storedIn(undisturbed)))
      }
    },
  )
})

describe('a rotation', () => {
  test.each(CASES)('done twice is done once: $stage, $custody', async ({ custody, stage }) => {
    const world = await atStage(stage, custody)
    // Each run takes one step; some are followed by another one.
    for (let run = 1; run <= 3; run += 1) await rotate(world)
    const { revision } = storedIn(world)
    await rotate(world)
    expect(storedIn(world).revision).toBe(revision)
  })

  test.each(CUSTODIES)(
    'comes every period, with one key behind the one that signs: %s',
    async (custody) => {
      const world = await atStage('a successor that was seen', custody)
      const moments: number[] = []
      for (let hour = 1; hour <= 24 * 60; hour += 1) {
        await rotate(world)
        await world.simulation.advanceTo(world.simulation.now() + 3600)
        const { ring } = storedIn(world)
        const now = world.simulation.now()
        const waiting = ring.keys.filter(({ activatesAt = Infinity }) => activatesAt > now)
        expect(waiting.length).toBeLessThanOrEqual(1)
        const began = activeKey(ring.keys, now)?.activatesAt ?? 0
        if (began !== moments.at(-1)) moments.push(began)
      }
      const { rotationPeriodSeconds } = storedIn(world).policy
      const apart = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))
      expect(apart.length).toBeGreaterThan(5)
      expect(new Set(apart)).toEqual(new Set([rotationPeriodSeconds]))
    },
  )

  test.each(CUSTODIES)(
    'does not wait for the whole delay while no key signs: %s',
    async (custody) => {
      const world = await atStage('the last key revoked', custody)
      const since = world.simulation.now()
      const { policy } = storedIn(world)
      while (activeKey(storedIn(world).ring.keys, world.simulation.now()) === undefined) {
        await rotate(world)
        await world.simulation.advanceTo(world.simulation.now() + 300)
        expect(world.simulation.now() - since).toBeLessThan(policy.propagationDelaySeconds / 2)
      }
    },
  )
})

describe('what stands by', () => {
  test.each(CUSTODIES)('follows a revoked key, whatever the policy wants: %s', async (custody) => {
    const world = await atStage('a successor that was seen', custody)
    const standing = storedIn(world).ring.keys.at(-1)
    const { policy } = storedIn(world)
    await order(world, { type: 'set policy', choice: { algorithm: 'RS256' } })
    await order(world, { type: 'revoke', which: 'active', isGraceful: false })
    const until = world.simulation.now() + policy.propagationDelaySeconds
    while (world.simulation.now() < until && signerIn(world) === undefined) {
      await rotate(world)
      await world.simulation.advanceTo(world.simulation.now() + 300)
    }
    expect(signerIn(world)).toBe(standing?.kid)
    expect(world.objections).toEqual([])
  })

  test.each(CUSTODIES)(
    'never signs once its key is gone, and another does: %s',
    async (custody) => {
      const world = await atStage('a successor that was seen', custody)
      await rotate(world)
      const first = signerIn(world)
      const { ring, policy } = storedIn(world)
      const gone = world.keys.keys.find(({ kid }) => kid === ring.keys.at(-1)?.kid)
      expect(ring.keys.at(-1)?.activatesAt).toBeGreaterThan(world.simulation.now())
      if (gone !== undefined) gone.deletedAt = world.simulation.now()
      const signers = new Set<string | undefined>()
      const until = world.simulation.now() + 2 * policy.rotationPeriodSeconds
      while (world.simulation.now() < until) {
        await rotate(world)
        await world.simulation.advanceTo(world.simulation.now() + 3600)
        signers.add(signerIn(world))
      }
      expect(signers).not.toContain(gone?.kid)
      expect(signers).not.toContain(undefined)
      expect([...signers][0]).toBe(first)
      expect(signers.size).toBeGreaterThan(1)
    },
  )
})

describe('a sweep', () => {
  test('never has deleted what is taken back while it runs', async () => {
    const world = await atStage('a key to prune', 'kms')
    const { policy } = storedIn(world)
    await rotate(world)
    await world.simulation.advanceTo(
      world.simulation.now() + retentionSeconds(policy, world.bounds) + 2 * DAY,
    )
    const slot = storedIn(world).ring.leftovers[0]?.slot ?? ''
    await sweepAndTakeBack(world, slot)
    const key = world.keys.keys.find(({ binding }) => binding.slot === slot)
    expect(storedIn(world).ring.leftovers[0]).toHaveProperty('keptAt')
    expect(key?.deletedAt).toBeUndefined()
  })
})
