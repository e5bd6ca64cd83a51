/**
 * A first rotation, each of whose runs dies at the same call: the next ones finish what it has begun.
 */

import { expect } from 'vitest'
import { MINUTE } from './controlled-time.ts'
import { expectRotated, goThroughRotation, SHORT_POLICY } from './first-rotation.ts'
import { type Death, type Life, lifeUntil } from './mortal-calls.ts'
import { orphansOf } from './orphans.ts'
import { ringLife } from './ring-life.ts'
import { newOperator, ownKeys, type RingOperator } from './ring-operator.ts'
import { PLACES, type RingWorld } from './ring-world.ts'

/** The place of a key that was being made is given up after this long. */
const GIVEN_UP_SECONDS = 21 * MINUTE

/** Resolves to how many of its runs have died. */
export async function killedRotation(world: RingWorld, death: Death): Promise<number> {
  const operator = newOperator(world)
  const { id } = operator
  let deaths = 0

  async function finish(): Promise<void> {
    const run = () => world.job(PLACES[0], lifeUntil()).rotation.run(id)
    await run()
    world.clock.seconds += GIVEN_UP_SECONDS
    await run()
    // What was begun is over: nobody waits for the dead.
    const { reservation } = await operator.ring()
    expect(reservation).toBeUndefined()
  }

  async function dying(work: (life: Life) => Promise<unknown>): Promise<void> {
    const life = lifeUntil(death)
    const failure = await work(life).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (life.hasDied()) deaths += 1
    else if (failure !== undefined) throw failure
  }

  const isThere = await created(world, operator, dying)
  if (!isThere) return deaths
  await finish()
  const life = ringLife(world, operator)
  await goThroughRotation(world, life, async ({ job }) => {
    await dying(async (mortal) => {
      const { rotation } = world.job(PLACES[0], mortal)
      await (job === 'rotate' ? rotation.run(id) : rotation.sweep(id))
    })
    if (job === 'rotate') return finish()
    await world.job(PLACES[0], lifeUntil()).rotation.sweep(id)
  })
  await expectRotated(life)
  await expectSwept(world, operator)
  return deaths
}

/** Whether the issuer is there, although whoever was to make its key died. */
async function created(
  world: RingWorld,
  operator: RingOperator,
  dying: (work: (life: Life) => Promise<unknown>) => Promise<void>,
): Promise<boolean> {
  await dying(async (life) => {
    world.operatorsLife = life
    await operator.create({ ...SHORT_POLICY, custody: world.custodies[0] })
  })
  world.operatorsLife = lifeUntil()
  return (await world.storedBody(operator.id)) !== ''
}

const TWO_DAYS = 2 * 86_400

/** After all that was forgotten was swept, a service keeps what the ring names and nothing else. */
export async function expectSwept(world: RingWorld, operator: RingOperator): Promise<void> {
  const { id } = operator
  world.clock.seconds += TWO_DAYS
  const { rotation } = world.job(PLACES[0], lifeUntil())
  const report = await rotation.sweep(id)
  const outcomes = report?.entries.map(({ outcome }) => outcome) ?? []
  expect(outcomes.filter((each) => each !== 'deletion_scheduled' && each !== 'gone')).toEqual([])
  expect(await orphansOf(world, id)).toEqual([])
  const named = ownKeys(await operator.ring()).filter(({ custody }) => custody === 'kms')
  const kept = (await world.keptKeys(id)).filter(({ isDeleted }) => !isDeleted)
  expect(kept).toHaveLength(named.length)
}
