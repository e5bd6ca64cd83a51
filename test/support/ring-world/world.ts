/**
 * One issuer in a simulated world: storage, keys and the public side under the real repository and the real rotation.
 */

import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import { parseStoredIssuer } from '../../../src/issuers/issuer-codec.ts'
import { publicCopyOf, type StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { leftoversOf, usesSlot } from '../../../src/issuers/leftovers.ts'
import type { PublicationBounds } from '../../../src/issuers/policy.ts'
import { rotationHere } from '../../../src/keyring/rotation-here.ts'
import type { Rotation } from '../../../src/keyring/rotation.ts'
import { CLOCK_SKEW_SECONDS, LAST_GOOD_SECONDS, MEMORY_COPY_SECONDS } from '../../../src/limits.ts'
import { type Observation, notObserved } from '../../../src/publication/observation.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import type { Look } from './history.ts'
import { type KeyService, keyService, type ServiceKey } from './key-service.ts'
import { lookAt } from './public-side.ts'
import { type Actor, type Ending, type Simulation, simulation } from './simulation.ts'
import { type Timeline, timeline } from './timeline.ts'

export const ISSUER_ID = 'prod'
const WORLD_BEGINS = 1_800_000_000

const DAY_SECONDS = 86_400

/** Declared staleness of the stores that documents are served from. */
const STALENESS_SECONDS = { s3: 0, kv: 300 } as const

/** An observation that somebody made, at its true time. */
export interface Sighting {
  readonly at: number
  readonly observation: Observation
}

/** What somebody did, and how it ended for him. */
export interface Run {
  readonly name: string
  readonly startedAt: number
  ending: Ending | undefined
}

export interface World {
  readonly simulation: Simulation
  readonly timeline: Timeline
  readonly bounds: PublicationBounds
  readonly keys: KeyService
  readonly sightings: readonly Sighting[]
  readonly runs: readonly Run[]
  /** What is wrong in itself, whatever came before and after. */
  readonly objections: readonly string[]
  /** What nobody asked the history about: writes so far. */
  readonly puts: () => number
  storeFor(actor: Actor): DocumentStore
  rotationFor(actor: Actor, look: Look): Rotation
  /** Sees the public documents and remembers that. */
  look(look: Look, seenAt: number): ReturnType<typeof lookAt>['observed']
  spawn(
    name: string,
    options: Parameters<Simulation['spawn']>[1],
    work: (actor: Actor) => Promise<unknown>,
  ): Run
}

export interface WorldOptions {
  readonly store: 's3' | 'kv'
  readonly mismatched: readonly number[]
}

export function world({ store: kind, mismatched }: WorldOptions): World {
  const sim = simulation(WORLD_BEGINS)
  const store = memoryStore()
  const time = timeline()
  const sightings: Sighting[] = []
  const runs: Run[] = []
  const objections: string[] = []
  const count = { puts: 0 }
  const bounds: PublicationBounds = {
    documentStalenessSeconds: STALENESS_SECONDS[kind] + MEMORY_COPY_SECONDS,
    lastGoodSeconds: LAST_GOOD_SECONDS,
  }
  const object = (text: string): void => {
    if (!objections.includes(text)) objections.push(text)
  }
  const keys = keyService({
    now: () => sim.now(),
    mismatched: new Set(mismatched),
    onCreation: (key) => {
      const stored = time.latest()?.stored
      if (!key.isForeign && !isKnown(stored, key)) object('(5) a key is made that nobody can find')
    },
    onDeletion: (key) => {
      if (key.isForeign) object('(5) a key of another installation is deleted')
      const stored = time.latest()?.stored
      if (isNamed(stored, key)) object('(5) a key that the ring names is deleted')
      const left = stored && leftoversOf(stored).find(({ slot }) => slot === key.binding.slot)
      if (left !== undefined && left.forgottenAt + DAY_SECONDS > sim.now() + CLOCK_SKEW_SECONDS) {
        object('(5) a key is deleted that was forgotten less than a day ago')
      }
    },
  })

  function written(body: string, by: string): void {
    const stored = parseStoredIssuer(ISSUER_ID, body)
    const before = time.latest()?.stored
    time.add({ stored, at: sim.now(), by })
    if (before !== undefined && stored.revision !== before.revision + 1) {
      object('a write skips a revision')
    }
    const copy = JSON.stringify(publicCopyOf(stored))
    for (const key of keys.keys) {
      if (body.includes(key.secret)) object('(5) a private key is in the document')
      if (copy.includes(key.keyRef) || copy.includes(key.binding.slot)) {
        object('(5) the way to a private key is in the public copy')
      }
      if (key.custody === 'kms' && !key.isForeign && !isKnown(stored, key)) {
        object('(5) a key is forgotten that nobody can find')
      }
      if (isGone(key) && isNamed(stored, key)) object('(5) a key that the ring names is deleted')
    }
  }

  /** Told to be deleted, and nobody may take it back any more. */
  function isGone({ deletedAt = Infinity }: ServiceKey): boolean {
    return deletedAt <= sim.now()
  }

  function storeFor(actor: Actor): DocumentStore {
    return {
      ...store,
      get: (key) => actor.effect(() => store.get(key), { fails: unavailable }),
      put: (key, body, condition) =>
        actor.effect(
          async () => {
            const outcome = await store.put(key, body, condition)
            if (outcome === 'written') {
              count.puts += 1
              written(body, actor.name)
            }
            return outcome
          },
          { fails: unavailable, conflicts: () => 'conflict' },
        ),
    }
  }

  function look(how: Look, seenAt: number): ReturnType<typeof lookAt>['observed'] {
    const puts = count.puts
    const { observed, at } = lookAt({ timeline: time, bounds }, how, seenAt, sim.now())
    if (observed.ok) sightings.push({ at, observation: observed.observation })
    if (count.puts !== puts) object('(6) a read has written')
    return observed
  }

  return {
    simulation: sim,
    timeline: time,
    bounds,
    keys,
    sightings,
    runs,
    objections,
    puts: () => count.puts,
    storeFor,
    look,
    rotationFor: (actor, how) =>
      rotationHere({
        issuers: issuerRepository(storeFor(actor)),
        keyManagers: keys.managersFor(actor),
        bounds,
        observe: () =>
          actor.effect(() => look(how, actor.clock.now()), {
            fails: () => notObserved('unreachable', 'no connection'),
          }),
        clock: actor.clock,
        log: () => {},
      }),
    spawn: (name, options, work) => {
      const run: Run = { name, startedAt: sim.now(), ending: undefined }
      runs.push(run)
      async function end(): Promise<void> {
        const ending = await sim.spawn(name, options, work)
        run.ending = ending
        if (ending.type !== 'failed' || isExpected(ending.error)) return
        object(`a ${name} ends with ${describe(ending.error)}`)
      }
      void end()
      return run
    },
  }
}

/** Whether a ring or a sweep finds it. */
function isKnown(stored: StoredIssuer | undefined, key: ServiceKey): boolean {
  if (key.deletedAt !== undefined) return true
  if (stored === undefined) return false
  const { slot } = key.binding
  return usesSlot(stored, slot) || leftoversOf(stored).some((each) => each.slot === slot)
}

function isNamed(stored: StoredIssuer | undefined, { keyRef, binding }: ServiceKey): boolean {
  if (stored?.kind !== 'issuer') return false
  const { reservation } = stored.ring
  const named = stored.ring.keys.some((key) => key.keyRef === keyRef)
  return named || reservation?.slot === binding.slot
}

function unavailable(): never {
  throw new Fault('storage_unavailable', 'the store does not answer')
}

/** What the ports of the world fail with. */
function isExpected(error: unknown): boolean {
  return error instanceof Fault && error.code !== 'document_corrupt'
}

function describe(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message} ${error.stack ?? ''}`
    : String(error)
}
