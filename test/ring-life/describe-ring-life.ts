/**
 * The life of a ring, one suite for every world.
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { DAY } from './controlled-time.ts'
import { expectSwept, killedRotation } from './killed-rotation.ts'
import { racingRotations } from './racing-rotations.ts'
import { ringLife, type SeenSigner } from './ring-life.ts'
import { createdIssuer } from './ring-operator.ts'
import type { RingWorld } from './ring-world.ts'
import { rotationRecord } from './rotation-record.ts'
import { FIRST_POLICY, liveThrough, twoYears } from './two-years.ts'

const SEED = 20_270_115
/** Some fifteen seconds where nothing else runs, and many times that beside other tests. */
const YEARS_MS_MAX = 240_000

export interface RingLifeSuite {
  readonly name: string
  /** One without any issuer. */
  readonly makeWorld: () => Promise<RingWorld & { readonly close?: () => Promise<void> }>
  /** No run has more calls. */
  readonly callsMax: number
  /** The first rotation, step by step: a file of `test/golden/ring`. */
  readonly golden: string
}

export function describeRingLife({ name, makeWorld, callsMax, golden }: RingLifeSuite): void {
  async function newWorld(): Promise<RingWorld> {
    const world = await makeWorld()
    onTestFinished(async () => world.close?.())
    return world
  }

  describe(`a ring on ${name}`, () => {
    test(
      'is verifiable through two years, whatever happens to its policy and its jobs',
      async () => {
        const world = await newWorld()
        const { clock, custodies } = world
        const operator = await createdIssuer(world, { ...FIRST_POLICY, custody: custodies[0] })
        const life = ringLife(world, operator)
        const start = clock.seconds
        await liveThrough(world, life, twoYears(world), SEED)
        expect(clock.seconds - start).toBeGreaterThan(2 * 365 * DAY)
        expect(kindsOf(life.signers)).toEqual(kindsThroughTwoYears(custodies))
        expect(life.signers.length).toBeGreaterThan(50)
        expect(life.judged()).toBeGreaterThan(5000)
        await expectSwept(world, operator)
      },
      YEARS_MS_MAX,
    )

    test('does in its first rotation what is written down step by step', async () => {
      const record = await rotationRecord(await newWorld())
      await expect(record).toMatchFileSnapshot(`../golden/ring/${golden}`)
    })

    test('does nothing twice for ten runs that race, at each step of its first rotation', async () => {
      expect(await racingRotations(await newWorld())).toEqual([])
    })

    test.each(deathsUpTo(callsMax))(
      'ends its first rotation although each run dies $when its call $atCall',
      async (death) => {
        expect(await killedRotation(await newWorld(), death)).toBeGreaterThan(0)
      },
    )

    test(`has no run with more than ${callsMax} calls`, async () => {
      const death = { atCall: callsMax + 1, when: 'before' } as const
      expect(await killedRotation(await newWorld(), death)).toBe(0)
    })
  })
}

function deathsUpTo(callsMax: number) {
  const calls = Array.from({ length: callsMax }, (_, index) => index + 1)
  return calls.flatMap((atCall) => (['before', 'after'] as const).map((when) => ({ atCall, when })))
}

/** Each kind of key that signed, without repetitions. */
function kindsOf(signers: readonly SeenSigner[]): string[] {
  const kinds = signers.map(({ alg, custody }) => `${alg} ${custody}`)
  return kinds.filter((kind, index) => kind !== kinds[index - 1])
}

function kindsThroughTwoYears([first, second = first, third = second]: readonly string[]) {
  const kinds = [
    `ES256 ${first}`,
    `RS256 ${first}`,
    `RS256 ${second}`,
    `ES256 ${second}`,
    `ES256 ${third}`,
  ]
  return kinds.filter((kind, index) => kind !== kinds[index - 1])
}
