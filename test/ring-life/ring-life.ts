/**
 * One issuer and everyone around it, step by step: tokens are minted, jobs run, and at every step every token that has not
 * expired is shown to every relying party, whose cache is as old as it may be.
 */

import { expect } from 'vitest'
import type { RingView } from '../../src/control/ring-view.ts'
import { JobFailure, type JobName, runJob } from '../../src/jobs/run-job.ts'
import { MINUTE } from './controlled-time.ts'
import { type Life, lifeUntil } from './mortal-calls.ts'
import { type HeldToken, LEEWAY_SECONDS, type RelyingParty, relyingParty } from './relying-party.ts'
import { mintableSeconds, ownKeys, type RingOperator } from './ring-operator.ts'
import { type Place, PLACES, type RingWorld } from './ring-world.ts'

/** A key that was seen to sign. */
export interface SeenSigner {
  readonly kid: string
  readonly alg: string
  readonly custody: string
  readonly since: number
}

export interface RingLife {
  readonly operator: RingOperator
  readonly parties: readonly RelyingParty[]
  /** The keys that have signed, in their order. */
  readonly signers: readonly SeenSigner[]
  /** How many times a token was judged. */
  readonly judged: () => number
  /** Lets time pass; what is too old for a cache is fetched anew then. `oldest`: every cache is as old as it may be. */
  advanceTo(seconds: number, caches?: 'oldest'): Promise<void>
  /** `view`: of the ring as it is stored. */
  mint(places: readonly Place[], view: RingView): Promise<void>
  /** From then on this token is shown too. */
  hold(token: HeldToken): void
  /** Throws with what is wrong with any token for any party. */
  judgeAll(): Promise<void>
  /** Resolves to whether something was changed, or is waited for; a failure is one where `mayFail`. */
  job(name: JobName, place: Place, options?: JobOptions): Promise<boolean>
  ring(): Promise<RingView>
}

export interface JobOptions {
  readonly mayFail?: boolean
  readonly life?: Life
}

/** Clocks of hosts differ by so much, so that for so long two keys may sign in turn. */
const HAND_OVER_SECONDS = 70

/** `issuer`: just created. */
export function ringLife(world: RingWorld, operator: RingOperator): RingLife {
  const { clock } = world
  const parties = partiesOf(world, operator.issuer)
  const bornAt = clock.seconds
  const signers: SeenSigner[] = []
  let tokens: HeldToken[] = []
  let judged = 0

  /** Who is elsewhere may not have heard of an issuer that was created a moment ago. */
  function present(): readonly RelyingParty[] {
    const heardOf = bornAt + world.stalenessSeconds + MINUTE
    return clock.seconds < heardOf ? parties.filter(({ name }) => name === 'near') : parties
  }

  async function advanceTo(seconds: number, caches?: 'oldest'): Promise<void> {
    const filled = caches === 'oldest' ? parties : []
    const fetches = filled.flatMap((party) => fetchesBefore(world, party, seconds))
    for (const { at, fetch } of fetches.toSorted((a, b) => a.at - b.at)) {
      if (at <= clock.seconds || at < bornAt + world.stalenessSeconds + MINUTE) continue
      clock.seconds = at
      await fetch()
    }
    clock.seconds = Math.max(clock.seconds, seconds)
    for (const party of present()) await party.refresh()
  }

  function noteSigner({ kid, alg }: HeldToken, view: RingView): void {
    const last = signers.at(-1)
    if (last?.kid === kid) return
    if (signers.some((signer) => signer.kid === kid)) {
      const overSince = clock.seconds - (last?.since ?? 0)
      if (overSince > HAND_OVER_SECONDS) throw new Error(`a superseded key signs: ${kid}`)
      return
    }
    const key = ownKeys(view).find((each) => each.kid === kid)
    if (last !== undefined) expectProved(key, view)
    signers.push({ kid, alg, custody: key?.custody ?? '', since: clock.seconds })
  }

  async function mint(places: readonly Place[], view: RingView): Promise<void> {
    for (const place of places) {
      const token = await operator.mint(place, mintableSeconds(view))
      noteSigner(token, view)
      tokens.push(token)
    }
  }

  async function judgeAll(): Promise<void> {
    tokens = tokens.filter(({ expiresAt }) => clock.seconds < expiresAt + LEEWAY_SECONDS)
    for (const party of present()) {
      for (const token of tokens) {
        judged += 1
        const problem = await party.problemOf(token)
        if (problem !== undefined) throw new Error(`${problem} at ${clock.seconds - bornAt} s`)
      }
    }
  }

  return {
    operator,
    parties,
    signers,
    judged: () => judged,
    advanceTo,
    mint,
    hold: (token) => tokens.push(token),
    judgeAll,
    ring: () => operator.ring(),
    job: async (name, place, { mayFail = false, life = lifeUntil() } = {}) => {
      try {
        const run = await runJob(world.job(place, life), name)
        return 'changed' in run && run.changed + run.waiting > 0
      } catch (error) {
        if (!mayFail || !(error instanceof JobFailure)) throw error
        return true
      }
    },
  }
}

/** A key that follows another one has been public for the whole propagation delay. */
function expectProved(
  key: { readonly firstSeenAt?: number; readonly activatesAt?: number } | undefined,
  { policy }: RingView,
): void {
  const { firstSeenAt = Infinity, activatesAt = -Infinity } = key ?? {}
  expect(activatesAt - firstSeenAt).toBeGreaterThanOrEqual(policy.propagationDelaySeconds)
}

function partiesOf(world: RingWorld, issuer: string): readonly RelyingParty[] {
  const knownKeys = new Map<string, string>()
  return PLACES.map((place, index) =>
    relyingParty({
      name: place.name,
      issuer,
      clock: world.clock,
      fetch: (url) => world.request(place, new Request(url)),
      keeps: KEEPING[index] ?? KEEPING[0],
      knownKeys,
    }),
  )
}

type Keeping = (maxAge: number) => number

/** Not at all, for as long as it may, and as jose does whatever it may. */
const KEEPING: readonly [Keeping, Keeping, Keeping] = [
  () => 0,
  (maxAge) => maxAge,
  () => 10 * MINUTE,
]

interface PlannedFetch {
  readonly at: number
  readonly fetch: () => Promise<void>
}

/** What a party and the CDN before it fetch, so that at `seconds` both copies are as old as they may be. */
function fetchesBefore(world: RingWorld, party: RelyingParty, seconds: number): PlannedFetch[] {
  const kept = party.keptSeconds()
  if (kept === 0) return []
  const ownAt = seconds - kept + 1
  const own: PlannedFetch = { at: ownAt, fetch: () => party.fetchAnew() }
  const place = PLACES.find(({ name }) => name === party.name) ?? PLACES[0]
  const cdn = world.cdnAt(place)
  if (cdn === undefined) return [own]
  // The CDN's copy has a second left when the party fetches it.
  return [{ at: ownAt - kept + 1, fetch: () => refill(cdn, party) }, own]
}

async function refill(cdn: { forget(): void }, party: RelyingParty): Promise<void> {
  cdn.forget()
  await party.fetchAnew()
}
