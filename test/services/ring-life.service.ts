import { describe, expect, test } from 'vitest'
import { DAY } from '../ring-life/controlled-time.ts'
import { expectSwept, killedRotation } from '../ring-life/killed-rotation.ts'
import { racingRotations } from '../ring-life/racing-rotations.ts'
import { ringLife } from '../ring-life/ring-life.ts'
import { createdIssuer } from '../ring-life/ring-operator.ts'
import { FIRST_POLICY, liveThrough } from '../ring-life/two-years.ts'
import { startedServices } from './endpoints.ts'
import { motoRingWorld } from './moto-ring-world.ts'

const SEED = 7
const MS_MAX = 120_000

/** Five weeks, of which two have keys for the other algorithm. */
const WEEKS = {
  days: 36,
  acts: [
    {
      day: 15,
      act: ({ operator }: { readonly operator: { change(policy: object): Promise<void> } }) =>
        operator.change({ algorithm: 'RS256' }),
    },
  ],
  gaps: [{ from: 25, until: 28 }],
}

for (const { url: keys } of startedServices(['moto'])) {
  describe.each(startedServices())(
    'a ring with its documents in $name, its keys in moto',
    ({ url }) => {
      test(
        'is verifiable through five weeks',
        async () => {
          const world = await motoRingWorld(url, keys)
          const operator = await createdIssuer(world, FIRST_POLICY)
          const life = ringLife(world, operator)
          const start = world.clock.seconds
          await liveThrough(world, life, WEEKS, SEED)
          expect(world.clock.seconds - start).toBeGreaterThanOrEqual(36 * DAY)
          expect(life.signers.map(({ alg }) => alg)).toEqual([
            'ES256',
            'ES256',
            'ES256',
            'RS256',
            'RS256',
            'RS256',
          ])
          await expectSwept(world, operator)
        },
        MS_MAX,
      )

      test(
        'does nothing twice for ten runs that race',
        async () => {
          expect(await racingRotations(await motoRingWorld(url, keys))).toEqual([])
        },
        MS_MAX,
      )

      // Before its key is made, and before the key is written into the ring.
      test.each([3, 6])(
        'ends its first rotation although each run dies at call %d',
        async (atCall) => {
          const world = await motoRingWorld(url, keys)
          expect(await killedRotation(world, { atCall, when: 'before' })).toBeGreaterThan(0)
        },
        MS_MAX,
      )
    },
  )
}
