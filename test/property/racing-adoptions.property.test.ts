/**
 * Two adoptions at once, their reads and writes in every order that fast-check comes up with.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Adoption } from '../../src/control/adopt-issuer-keys.ts'
import type { IssuerOperations } from '../../src/control/issuer-operations.ts'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import type { Outcome } from '../../src/refusal.ts'
import { operators, refusalOf, valueOf } from '../support/fixtures.ts'
import { CLUSTER_KEYS, ownKeyManager } from '../support/property-keys.ts'
import { barrier, scheduledStore } from '../support/property-scheduling.ts'

const NUMBERS = CLUSTER_KEYS.map((_, number) => number)

/** Three sets of which no two are the same: what is there, and what two operators want. */
const threeSets = fc.uniqueArray(fc.subarray(NUMBERS, { minLength: 1 }), {
  minLength: 3,
  maxLength: 3,
  selector: (set) => set.join(' '),
}) as fc.Arbitrary<[number[], number[], number[]]>

function adoptionOf(set: readonly number[], retentionSeconds = 0): Adoption {
  const keys = set.map((number) => CLUSTER_KEYS[number]?.publicJwk)
  return { text: JSON.stringify({ keys }), kid: undefined, retentionSeconds }
}

function kidsOf(set: readonly number[]): string[] {
  return set.map((number) => CLUSTER_KEYS[number]?.kid ?? '').toSorted()
}

function adoptedKids({ ring }: IssuerDocument): string[] {
  return ring.adopted.map(({ kid }) => kid).toSorted()
}

interface Race {
  readonly outcomes: readonly Outcome<IssuerDocument>[]
  readonly stored: IssuerDocument
}

/** Both start from revision 2, with the first of the sets. */
async function race(
  scheduler: fc.Scheduler,
  [before, ...sets]: readonly [number[], ...number[][]],
  revision: number | undefined,
): Promise<Race> {
  const settings = { custody: 'none' } as const
  const { operations, store } = operators({ keyManager: ownKeyManager() })
  valueOf(await operations.create({ id: 'prod', settings }))
  valueOf(await operations.adopt('prod', adoptionOf(before), 1))
  // Reading keys takes as long as it takes: nobody reads the store before both have theirs.
  const ready = barrier(sets.length)
  const contenders = sets.map((_, index): IssuerOperations => {
    const own = scheduledStore(store, scheduler, { name: `operator ${index + 1}`, ready })
    return operators({ store: own }).operations
  })
  const adoptions = contenders.map((contender, index) =>
    contender.adopt('prod', adoptionOf(sets[index] ?? []), revision),
  )
  const outcomes = await scheduler.waitFor(Promise.all(adoptions))
  return { outcomes, stored: valueOf(await operations.read('prod')) }
}

function forEveryOrder(
  revision: number | undefined,
  check: (race: Race, sets: readonly number[][]) => void,
): Promise<void> {
  return fc.assert(
    fc.asyncProperty(fc.scheduler(), threeSets, async (scheduler, sets) => {
      check(await race(scheduler, sets, revision), sets.slice(1))
    }),
  )
}

describe('two racing adoptions', () => {
  test('of one revision end in one of the two sets, and exactly the other one is told', async () => {
    await forEveryOrder(2, ({ outcomes, stored }, sets) => {
      const winners = sets.filter((_, index) => outcomes[index]?.ok)
      const losers = outcomes.filter((outcome) => !outcome.ok).map((o) => refusalOf(o).reason)
      expect(winners).toHaveLength(1)
      expect(losers).toEqual(['revision_conflict'])
      expect(stored.revision).toBe(3)
      expect(adoptedKids(stored)).toEqual(kidsOf(winners[0] ?? []))
    })
  })

  test('of any revision are both made, and end in the last set that was written', async () => {
    await forEveryOrder(undefined, ({ outcomes, stored }, sets) => {
      const written = outcomes.map(valueOf)
      expect(written.map(({ revision }) => revision).toSorted((a, b) => a - b)).toEqual([3, 4])
      const last = written.findIndex(({ revision }) => revision === stored.revision)
      expect(written[last]).toEqual(stored)
      expect(adoptedKids(stored)).toEqual(kidsOf(sets[last] ?? []))
    })
  })

  test('of the same set make one change, and neither was wrong', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      threeSets,
      async (scheduler, [before, wanted]) => {
        const { outcomes, stored } = await race(scheduler, [before, wanted, wanted], undefined)
        expect(stored.revision).toBe(3)
        expect(adoptedKids(stored)).toEqual(kidsOf(wanted))
        expect(outcomes.map(valueOf)).toEqual([stored, stored])
      },
    )
    await fc.assert(property)
  })
})
