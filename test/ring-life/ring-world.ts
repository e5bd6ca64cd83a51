/**
 * What the life of a ring wants of an installation: places in the world where it is reached, jobs, and a clock.
 *
 * Each runtime with its stores has a maker; the suite runs unchanged on all of them.
 */

import type { Host } from '../../src/host/host.ts'
import type { JobDeps } from '../../src/jobs/run-job.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'
import type { RingClock } from './controlled-time.ts'
import { type CachingProxy, cachingProxy } from './caching-proxy.ts'
import { type Life, lifeUntil } from './mortal-calls.ts'

/** Where relying parties, operators and jobs are. */
export interface Place {
  readonly name: 'near' | 'far' | 'between'
  /** Of the clocks there, from the true one: no two are further apart than clocks may be. */
  readonly clockOffset: number
  /** What is stored is seen so late there: at once, as late as the store declares, or anything between at each read. */
  readonly lateness: 'none' | 'most' | 'any'
  /** Whether a CDN stands before the public documents. */
  readonly hasCdn: boolean
}

export const PLACES: readonly [Place, Place, Place] = [
  { name: 'near', clockOffset: 0, lateness: 'none', hasCdn: false },
  { name: 'far', clockOffset: -30, lateness: 'most', hasCdn: true },
  { name: 'between', clockOffset: 30, lateness: 'any', hasCdn: false },
]

/** A key that a service keeps. */
export interface KeptKey {
  readonly slot: string
  readonly isDeleted: boolean
}

export interface WorldParts {
  readonly name: string
  /** Those that issuers may have, in the order in which a ring goes through them. */
  readonly custodies: readonly [KeyCustody, ...KeyCustody[]]
  readonly publicUrl: string
  readonly controlSecret: string
  /** What the public documents are read from is at most so old. */
  readonly stalenessSeconds: number
  readonly clock: RingClock
  /** An instance of what serves requests at a place. `jobs`: what a job of this installation has. */
  readonly hostAt: (place: Place, jobs: () => JobDeps) => Host | Promise<Host>
  /** A job's ports, of a run of its own. `fetch`: the public documents as they are seen somewhere. */
  readonly jobOf: (place: Place, fetch: typeof globalThis.fetch, life: Life) => JobDeps
  /** The stored document of an issuer. */
  readonly storedBody: (id: string) => Promise<string>
  /** The keys of this issuer that a service keeps; nothing where none does. */
  readonly keptKeys: (id: string) => Promise<readonly KeptKey[]>
  /** Has one of the next calls of a job fail, and says how; nothing where calls do not. */
  readonly disturb?: (random: () => number) => void
  /** Ends what `disturb` began. */
  readonly calm?: () => void
  /** From now on what the public documents are read from does not answer, or does so again. */
  readonly outage: (state: 'begins' | 'ends') => void
}

export interface RingWorld extends Omit<WorldParts, 'hostAt' | 'jobOf' | 'calm'> {
  /** A request as it is answered at a place, by way of its CDN where it has one. */
  request(place: Place, request: Request): Promise<Response>
  /** Those of a run; `life`: of its process. */
  job(place: Place, life: Life): JobDeps
  cdnAt(place: Place): CachingProxy | undefined
  calm(): void
  /** The process that makes keys where an operator's request needs one. */
  operatorsLife: Life
}

export function ringWorld(parts: WorldParts): RingWorld {
  const { clock, controlSecret, hostAt, jobOf, calm = () => {} } = parts
  const hosts = new Map<Place, Promise<Host>>()
  const cdns = new Map<Place, CachingProxy>()
  for (const place of PLACES) {
    const answer = async (request: Request): Promise<Response> =>
      (await hostOf(place)).fetch(request)
    if (place.hasCdn) cdns.set(place, cachingProxy(answer, clock))
  }
  let looks = 0

  function hostOf(place: Place): Promise<Host> {
    const host = hosts.get(place) ?? made(place)
    hosts.set(place, host)
    return host
  }

  async function made(place: Place): Promise<Host> {
    return hostAt(place, () => world.job(place, world.operatorsLife))
  }

  const world: RingWorld = {
    ...parts,
    calm,
    operatorsLife: lifeUntil(),
    request: async (place, request) => {
      const isControl = new URL(request.url).pathname.startsWith('/control')
      if (isControl) request.headers.set('Authorization', `Bearer ${controlSecret}`)
      const cdn = isControl ? undefined : cdns.get(place)
      return cdn === undefined ? (await hostOf(place)).fetch(request) : cdn.answer(request)
    },
    // Each look may be answered from anywhere, wherever the job runs.
    job: (place, life) =>
      jobOf(
        place,
        async (input, init) => {
          looks += 1
          const seenFrom = PLACES[looks % PLACES.length] ?? PLACES[0]
          life.before()
          const response = await world.request(seenFrom, new Request(input, init))
          life.after()
          return response
        },
        life,
      ),
    cdnAt: (place) => cdns.get(place),
  }
  return world
}
