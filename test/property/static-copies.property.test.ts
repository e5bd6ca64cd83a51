/**
 * Static copies over histories in which anything fails, ends or meets somebody else at any point.
 */

import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { activeKey } from '../../src/keyring/key-status.ts'
import { RESERVATION_SECONDS } from '../../src/limits.ts'
import {
  type Change,
  changed,
  CHANGES,
  ran,
  type Shown,
  type Trouble,
  type World,
  worldOf,
} from '../support/property-static-copies.ts'
import { BOUNDS, DAY, HOUR } from '../support/rotation-fixtures.ts'
import { FATES } from '../support/rotation-shell.ts'
import { wantedCopies } from '../support/static-copies.ts'

const KEYS_NAME = 'oidc.example.com/prod/.well-known/jwks.json'

interface Run {
  readonly type: 'run'
  readonly trouble: Trouble | undefined
  readonly shown: Shown
}

type Step =
  | Run
  | { readonly type: 'wait'; readonly seconds: number }
  | { readonly type: 'change'; readonly change: Change }

const often = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const anyTrouble: fc.Arbitrary<Trouble> = fc.record({
  at: fc.nat({ max: 16 }),
  what: often<Trouble['what']>(
    ...FATES,
    ...CHANGES,
    'run',
    'run',
    'runs',
    'policy',
    'put is late',
    'deleted at lost put',
  ),
})
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('run' as const),
      trouble: fc.option(anyTrouble, { nil: undefined }),
      shown: often<Shown>('stored', 'stored', 'stored', 'never written'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('wait'),
      seconds: often(1, 60, 900, RESERVATION_SECONDS + 1, HOUR, 3 * HOUR, DAY, 10 * DAY),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('change'),
      change: often<Change>(...CHANGES, 'policy'),
    }),
  },
)

/** A key that signs is in the copies, but for one that signs since it was made: nothing signed before it. */
async function signerProblems({ shell, copies }: World): Promise<string[]> {
  const stored = await shell.stored()
  if (stored?.kind !== 'issuer') return []
  const active = activeKey(stored.ring.keys, shell.clock.seconds)
  if (active?.activatesAt === undefined || active.activatesAt <= active.publishedAt) return []
  const body = copies.all.get(KEYS_NAME)?.body ?? 'no copy'
  return body.includes(`"${active.kid}"`) ? [] : [`${active.kid} signs and is not in ${body}`]
}

/** What a run has taken the public documents to prove. */
async function proofs({ shell }: World): Promise<ReadonlySet<string>> {
  const stored = await shell.stored()
  if (stored?.kind !== 'issuer') return new Set()
  const { settling, ring } = stored
  const ofKeys = ring.keys.flatMap(({ kid, firstSeenAt, activatesAt, publishedAt }) => [
    ...(firstSeenAt === undefined ? [] : [`${kid} was seen`]),
    ...((activatesAt ?? 0) > publishedAt ? [`${kid} takes over`] : []),
  ])
  return new Set([
    ...ofKeys,
    ...(settling?.seenAt === undefined ? [] : [`policy ${settling.revision} was seen`]),
  ])
}

/** What was shown of a revision that was never written has proved nothing. */
async function runProblems(world: World, { trouble, shown }: Run): Promise<string[]> {
  const { copies, late } = world
  const isQuiet = trouble === undefined
  // What was given up for lost at the last run has taken effect by now, if it ever does.
  if (isQuiet) await late.arrive()
  const [before, lostBefore] = [await proofs(world), late.lost()]
  world.shown = shown
  await ran(world, trouble)
  world.shown = 'stored'
  const isLost = trouble?.what === 'deleted at lost put' && late.lost() > lostBefore
  if (isLost) await late.arrive()
  const after = shown === 'stored' ? [] : await proofs(world)
  const proved = [...after].filter((each) => !before.has(each))
  return [...proved, ...(world.isDeleted && (isQuiet || isLost) ? copies.all.keys() : [])]
}

/** What was wrong at any time. */
async function problemsOf(world: World, steps: readonly Step[]): Promise<string[]> {
  const { shell, copies, backwards } = world
  const problems: string[] = []
  for (const step of steps) {
    if (step.type === 'wait') shell.clock.seconds += step.seconds
    if (step.type === 'change') await changed(world, step.change)
    if (step.type === 'run') problems.push(...(await runProblems(world, step)))
    problems.push(...(await signerProblems(world)))
  }
  await world.late.arrive()
  await ran(world)
  // Looks at each of them, where a run goes by the JWK Set.
  await shell.rotation.sweep('prod')
  const stored = await shell.document().catch(() => undefined)
  const wanted = stored && (await wantedCopies(stored, BOUNDS, shell.clock.seconds))
  const isRight = isDeepStrictEqual(Object.fromEntries(copies.all), wanted ?? {})
  return [...problems, ...backwards, ...(isRight ? [] : ['they are not what they should be'])]
}

describe.each([
  ['sealed', false],
  ['kms', false],
  ['sealed', true],
] as const)(
  'static copies of keys of custody %s, with etags that are hashes: %s',
  (custody, hashed) => {
    test('have each key that signs, nothing of a deleted issuer, and never an older revision', async () => {
      const history = fc.array(anyStep, { minLength: 4, maxLength: 24 })
      await fc.assert(
        fc.asyncProperty(history, async (steps) => {
          expect(await problemsOf(await worldOf(custody, hashed), steps)).toEqual([])
        }),
        { numRuns: 60 },
      )
    })

    test('let no key sign that they lack, for as long as they cannot be written', async () => {
      const world = await worldOf(custody, hashed)
      const { shell } = world
      await ran(world)
      const [first] = (await shell.document()).ring.keys
      shell.control.fateOf = (name) => (name === 'put copy' ? 'fails' : undefined)
      const problems: string[] = []
      for (let hour = 0; hour < 24 * 12; hour += 1) {
        await shell.rotation.run('prod').catch(() => {})
        problems.push(...(await signerProblems(world)))
        shell.clock.seconds += HOUR
      }
      expect(problems).toEqual([])
      const { keys } = (await shell.document()).ring
      expect([keys.length, activeKey(keys, shell.clock.seconds)?.kid]).toEqual([2, first?.kid])
    })

    test('let a ring go through its whole life', async () => {
      const world = await worldOf(custody, hashed)
      const { shell } = world
      const problems: string[] = []
      for (let hour = 0; hour < 24 * 25; hour += 1) {
        await ran(world)
        problems.push(...(await signerProblems(world)))
        shell.clock.seconds += HOUR
      }
      expect(problems).toEqual([])
      const { ring } = await shell.document()
      expect(ring.former.length).toBeGreaterThan(0)
    })
  },
)
