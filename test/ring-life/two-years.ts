/**
 * Two years of a ring: what its operators do when, and when jobs run, run twice, or do not run.
 */

import { expect } from 'vitest'
import type { RingView } from '../../src/control/ring-view.ts'
import type { IssuerPolicy } from '../../src/issuers/policy.ts'
import { newCluster } from './cluster-tokens.ts'
import { DAY, HOUR, MINUTE, seededRandom } from './controlled-time.ts'
import { ownKeys } from './ring-operator.ts'
import type { RingLife } from './ring-life.ts'
import { type Place, PLACES, type RingWorld } from './ring-world.ts'

/** An act of the operators. */
interface Act {
  readonly day: number
  readonly act: (life: RingLife, world: RingWorld) => Promise<void>
}

/** Days without any job. */
interface Gap {
  readonly from: number
  readonly until: number
}

export interface Years {
  readonly days: number
  readonly acts: readonly Act[]
  readonly gaps: readonly Gap[]
}

const WEEK = 7 * DAY
const CLUSTER_TOKEN_SECONDS = 365 * DAY

/** A new issuer's policy: each week a key, documents that are kept for an hour, tokens of an hour. */
export const FIRST_POLICY = {
  algorithm: 'ES256',
  rotationPeriodSeconds: WEEK,
  jwksMaxAgeSeconds: HOUR,
  tokenTtlMaxSeconds: HOUR,
} as const

export function twoYears({ custodies }: Pick<RingWorld, 'custodies'>): Years {
  const [first, second = first, third = second] = custodies
  return {
    days: 735,
    acts: [
      { day: 60, act: change({ tokenTtlMaxSeconds: DAY }) },
      { day: 90, act: change({ jwksMaxAgeSeconds: 5 * MINUTE }) },
      { day: 120, act: adoptCluster },
      { day: 200, act: change({ algorithm: 'RS256', rotationPeriodSeconds: 30 * DAY }) },
      { day: 260, act: change({ custody: second }) },
      { day: 300, act: change({ algorithm: 'ES256', tokenTtlMaxSeconds: HOUR / 2 }) },
      { day: 303, act: change({ rotationPeriodSeconds: WEEK }) },
      // Taken back before the successor of the other kind could sign.
      { day: 340, act: change({ algorithm: 'RS256' }) },
      { day: 341, act: change({ algorithm: 'ES256' }) },
      { day: 400, act: change({ custody: third, jwksMaxAgeSeconds: HOUR }) },
      { day: 433, act: outageAtHandOver },
      { day: 460, act: change({ tokenTtlMaxSeconds: DAY }) },
      {
        day: 480,
        act: lowerAtHandOver({ tokenTtlMaxSeconds: HOUR / 2, jwksMaxAgeSeconds: MINUTE }),
      },
      { day: 500, act: change({ rotationPeriodSeconds: 90 * DAY, propagationDelaySeconds: WEEK }) },
    ],
    gaps: [
      { from: 150, until: 180 },
      { from: 402, until: 405 },
      { from: 600, until: 690 },
    ],
  }
}

export function change(policy: Partial<IssuerPolicy>): Act['act'] {
  return ({ operator }) => operator.change(policy)
}

async function adoptCluster(life: RingLife, { clock }: RingWorld): Promise<void> {
  const cluster = await newCluster()
  await life.operator.adopt(cluster.jwks)
  const { policy, publication } = await life.ring()
  // Whoever has a set from before knows the key once that set is too old.
  const caches = 2 * Math.max(policy.jwksMaxAgeSeconds, 10 * MINUTE)
  await life.advanceTo(clock.seconds + caches + publication.documentStalenessSeconds)
  life.hold(await cluster.token(life.operator.issuer, clock.seconds, CLUSTER_TOKEN_SECONDS))
}

/** Resolves to the moment of a hand-over, some minutes before it. */
async function shortlyBeforeHandOver(life: RingLife, { clock }: RingWorld): Promise<number> {
  let handOver = nextHandOver(await life.ring(), clock.seconds)
  for (let runs = 1; runs <= 10 && handOver === Infinity; runs += 1) {
    await life.advanceTo(clock.seconds + HOUR)
    await life.job('rotate', PLACES[0])
    handOver = nextHandOver(await life.ring(), clock.seconds)
  }
  expect(handOver).toBeLessThan(clock.seconds + WEEK)
  await life.advanceTo(handOver - 5 * MINUTE)
  return handOver
}

/** When tokens and copies are about that live much longer than the policy will allow. */
function lowerAtHandOver(policy: Partial<IssuerPolicy>): Act['act'] {
  return async (life, world) => {
    await shortlyBeforeHandOver(life, world)
    await life.mint(PLACES, await life.ring())
    await life.operator.change(policy)
  }
}

/** The public documents are not to be read anew from before a hand-over until nearly an hour later. */
async function outageAtHandOver(life: RingLife, world: RingWorld): Promise<void> {
  const handOver = await shortlyBeforeHandOver(life, world)
  for (const place of PLACES) world.cdnAt(place)?.forget()
  for (const party of life.parties) await party.fetchAnew()
  world.outage('begins')
  for (const after of [AROUND_SECONDS, 20 * MINUTE, 50 * MINUTE]) {
    await life.advanceTo(handOver + after)
    await life.mint(PLACES, await life.ring())
    await life.judgeAll()
  }
  world.outage('ends')
}

/** Lives through all of it; everything is judged at each step. Resolves to the number of steps. */
export async function liveThrough(
  world: RingWorld,
  life: RingLife,
  { days, acts, gaps }: Years,
  seed: number,
): Promise<number> {
  const { clock } = world
  const random = seededRandom(seed)
  const start = clock.seconds
  const left = acts.map(({ day, act }) => ({ at: start + day * DAY, act }))
  let nextJob = start + 15 * MINUTE
  let nextSweep = start + DAY
  let steps = 0

  const isQuiet = (at: number): boolean =>
    gaps.some(({ from, until }) => at >= start + from * DAY && at < start + until * DAY)
  const anyPlace = (): Place => PLACES[Math.floor(random() * PLACES.length)] ?? PLACES[0]

  async function runJobs(): Promise<void> {
    const isDisturbed = random() < DISTURBED
    if (isDisturbed) world.disturb?.(random)
    const runs = random() < DOUBLED ? [anyPlace(), anyPlace()] : [anyPlace()]
    const moved = await Promise.all(
      runs.map((place) => life.job('rotate', place, { mayFail: isDisturbed })),
    )
    if (clock.seconds >= nextSweep) {
      await life.job('sweep', anyPlace(), { mayFail: isDisturbed })
      nextSweep = clock.seconds + 2 * DAY
    }
    world.calm()
    nextJob = clock.seconds + pauseAfter(moved.includes(true), random)
  }

  while (clock.seconds < start + days * DAY) {
    const view = await life.ring()
    const stop = nextStop(view, clock.seconds)
    const at = Math.min(stop, nextJob, left[0]?.at ?? Infinity)
    const isStop = at === stop
    const caches = isStop || random() < OLD_CACHES ? 'oldest' : undefined
    await life.advanceTo(Math.max(at, clock.seconds + 1), caches)
    steps += 1
    await life.mint(isStop ? APART : [anyPlace()], view)
    await life.judgeAll()
    if (clock.seconds >= (left[0]?.at ?? Infinity)) await left.shift()?.act(life, world)
    if (clock.seconds < nextJob) continue
    if (isQuiet(clock.seconds)) nextJob = clock.seconds + DAY
    else await runJobs()
    await life.judgeAll()
  }
  return steps
}

const DISTURBED = 0.08
const DOUBLED = 0.2
/** Of the steps at which nothing changes; at the others they are as old as they may be. */
const OLD_CACHES = 0.2

/** Soon where something goes on, else some hours or some days. */
function pauseAfter(goesOn: boolean, random: () => number): number {
  const [least, most] = goesOn ? [15 * MINUTE, 12 * HOUR] : [8 * HOUR, 5 * DAY]
  return Math.floor(least + random() * (most - least))
}

/** Shortly before and shortly after a hand-over, where hosts differ, and shortly after a key has left. */
function nextStop(view: RingView, now: number): number {
  const stops = ownKeys(view).flatMap(({ activatesAt = 0, retiresAt = 0 }) => [
    activatesAt - AROUND_SECONDS,
    activatesAt + AROUND_SECONDS,
    retiresAt + AROUND_SECONDS,
  ])
  return Math.min(...stops.filter((stop) => stop > now))
}

const AROUND_SECONDS = 20
/** The places whose clocks differ most. */
const APART = PLACES.slice(1)

/** Infinity while none is decided. */
function nextHandOver(view: RingView, now: number): number {
  const moments = ownKeys(view).map(({ activatesAt = 0 }) => activatesAt)
  return Math.min(...moments.filter((moment) => moment > now))
}
