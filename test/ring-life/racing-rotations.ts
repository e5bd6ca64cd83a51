/**
 * A first rotation, each of whose moments meets ten runs at once, wherever jobs run.
 */

import { expect } from 'vitest'
import type { RotationReport } from '../../src/keyring/rotation-report.ts'
import { expectRotated, goThroughRotation, SHORT_POLICY } from './first-rotation.ts'
import { expectSwept } from './killed-rotation.ts'
import { lifeUntil } from './mortal-calls.ts'
import { ringLife } from './ring-life.ts'
import { createdIssuer } from './ring-operator.ts'
import { PLACES, type RingWorld } from './ring-world.ts'

const RUNS = 10

/** Every run ends well. Resolves to what was done more than once. */
export async function racingRotations(world: RingWorld): Promise<string[]> {
  const [custody] = world.custodies
  const operator = await createdIssuer(world, { ...SHORT_POLICY, custody })
  const life = ringLife(world, operator)
  const done: string[] = []

  const runsAt = Array.from({ length: RUNS }, (_, index) => PLACES[index % PLACES.length])
  const jobs = () => runsAt.map((place = PLACES[0]) => world.job(place, lifeUntil()).rotation)

  await goThroughRotation(world, life, async ({ job }) => {
    if (job === 'sweep') {
      await Promise.all(jobs().map((rotation) => rotation.sweep(operator.id)))
      return
    }
    const { revision } = await life.ring()
    const keysBefore = (await world.keptKeys(operator.id)).length
    const reports = await Promise.all(jobs().map((rotation) => rotation.run(operator.id)))
    const actions = reports.flatMap(actionsOf)
    done.push(...actions)
    // Whoever comes late may find the next thing to do, and do that.
    const changes = reports.filter((report) => actionsOf(report).length > 0).length
    const creations = actions.filter((action) => action.startsWith('create'))
    const made = custody === 'kms' ? creations.length : 0
    // A key that a service keeps takes a write before it is made, and one after.
    expect((await life.ring()).revision).toBe(revision + changes + made)
    expect(await world.keptKeys(operator.id)).toHaveLength(keysBefore + made)
  })
  await expectRotated(life)
  await expectSwept(world, operator)
  return done.filter((action, index) => done.indexOf(action) < index)
}

function actionsOf(report: RotationReport | undefined): string[] {
  if (report === undefined) throw new Error('a run has found no issuer')
  return report.actions.map(({ type, ...action }) => `${type} ${'kid' in action ? action.kid : ''}`)
}
