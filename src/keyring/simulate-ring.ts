/**
 * The life of a ring under its policy, with the planner that rotates real ones and a job that always runs.
 *
 * Pure: no key is made. The job sees the public documents as old as their bounds allow, so what is simulated is the latest
 * that a ring without outages does.
 */

import { buildJwkSet } from '../documents/jwk-set.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { retentionInForce } from '../issuers/policy-in-force.ts'
import type { Observation } from '../publication/observation.ts'
import type { KeyRef } from '../signers/key-manager.ts'
import { withAction, withNewKey } from './changed-ring.ts'
import { needsObservation } from './needs-observation.ts'
import { planRotation } from './plan-rotation.ts'
import { publishedRing } from './published-ring.ts'
import type { RotationAction } from './rotation-plan.ts'
import { reportedAction, type ReportedAction } from './rotation-report.ts'
import { recordKeys, type SimulatedKey } from './simulated-key.ts'
import { KID_CHARS, standInJwk } from './stand-in-keys.ts'

export interface SimulationOptions {
  readonly bounds: PublicationBounds
  /** Of the first run. */
  readonly from: number
  readonly until: number
  /** From one run to the next. */
  readonly everySeconds: number
}

export type SimulatedMoment =
  /** What a run did; a key that it made has a name of its own. */
  | { readonly at: number; readonly what: 'run'; readonly action: ReportedAction }
  /** What comes by itself. */
  | { readonly at: number; readonly what: 'signs' | 'retires' | 'revoked'; readonly kid: string }

export interface RingSimulation {
  /** In their order, from `from` to `until`. */
  readonly moments: readonly SimulatedMoment[]
  /** Every key that was in the ring, in the order of their publication. */
  readonly keys: readonly SimulatedKey[]
  /** How often a key took over. */
  readonly rotations: number
  /** Adopted keys among them. */
  readonly publishedMax: number
  /** The largest JWK Set, about. */
  readonly jwkSetBytesMax: number
}

interface Version {
  readonly writtenAt: number
  readonly document: IssuerDocument
}

/** What a simulation has come to. */
interface Course {
  /** The present one last. */
  readonly versions: [Version, ...Version[]]
  readonly done: SimulatedMoment[]
  readonly keys: Map<string, SimulatedKey>
  publishedMax: number
  jwkSetBytesMax: number
  made: number
}

/** `document`: with keys whose references open nothing, since none is opened. */
export function simulateRing(document: IssuerDocument, options: SimulationOptions): RingSimulation {
  const { from, until, everySeconds, bounds } = options
  const course: Course = {
    versions: [{ writtenAt: -Infinity, document }],
    done: [],
    keys: new Map(),
    publishedMax: 0,
    jwkSetBytesMax: 0,
    made: 0,
  }
  recordKeys(course.keys, document, bounds, from)
  recordSize(course, document, bounds, from)
  for (let now = from; now <= until; now += everySeconds) run(course, bounds, now)
  const last = present(course)
  recordKeys(course.keys, last, bounds, until)
  const keys = [...course.keys.values()]
  const derived = keys
    .flatMap((key) => [...momentsOf(key)])
    .filter(({ at }) => at >= from && at <= until)
  return {
    // What comes by itself is there when a run of the same moment looks.
    moments: [...derived, ...course.done].toSorted((a, b) => a.at - b.at),
    keys,
    rotations: derived.filter(({ what }) => what === 'signs').length,
    publishedMax: course.publishedMax,
    jwkSetBytesMax: course.jwkSetBytesMax,
  }
}

function present({ versions }: Course): IssuerDocument {
  return (versions.at(-1) ?? versions[0]).document
}

/** One run of the job: as `rotate-issuer.ts`, where every write is the first and every key is made. */
function run(course: Course, bounds: PublicationBounds, now: number): void {
  const before = present(course)
  const observations = needsObservation(before, bounds, now) ? [observe(course, bounds, now)] : []
  const { actions } = planRotation(before, { observations, bounds }, now)
  if (actions.length === 0) return
  let document: IssuerDocument = { ...before, revision: before.revision + 1, updatedAt: now }
  for (const action of actions) document = perform(course, document, action, now)
  course.versions.push({ writtenAt: now, document })
  // Those that leave are recorded as they were.
  recordKeys(course.keys, before, bounds, now)
  recordKeys(course.keys, document, bounds, now)
  recordSize(course, document, bounds, now)
}

function perform(
  course: Course,
  document: IssuerDocument,
  action: RotationAction,
  now: number,
): IssuerDocument {
  if (action.type === 'create') {
    course.made += 1
    const kid = `new-${course.made}`
    const created = { kid, keyRef: '' as KeyRef, publicJwk: standInJwk(action.alg) }
    course.done.push({ at: now, what: 'run', action: { ...action, kid } })
    return withNewKey(
      document,
      { slot: kid, alg: action.alg, custody: action.custody },
      created,
      now,
    )
  }
  course.done.push({ at: now, what: 'run', action: reportedAction(action) })
  if (action.type === 'prune') {
    const leaving = course.keys.get(action.kid)
    if (leaving !== undefined) course.keys.set(action.kid, { ...leaving, prunedAt: now })
  }
  return withAction(document, action, now)
}

/** The public documents as old as they may be. */
function observe({ versions }: Course, bounds: PublicationBounds, now: number): Observation {
  const shownAt = now - bounds.documentStalenessSeconds
  const { document } = versions.findLast(({ writtenAt }) => writtenAt <= shownAt) ?? versions[0]
  return {
    at: now,
    ringVersion: document.revision,
    keys: publishedRing(document.ring, retentionInForce(document, bounds, shownAt), shownAt),
  }
}

function recordSize(
  course: Course,
  document: IssuerDocument,
  bounds: PublicationBounds,
  now: number,
): void {
  const published = publishedRing(document.ring, retentionInForce(document, bounds, now), now)
  const named = published.map((key) => ({ ...key, kid: key.kid.padEnd(KID_CHARS, '-') }))
  const { length: bytes } = JSON.stringify(buildJwkSet(named))
  course.publishedMax = Math.max(course.publishedMax, published.length)
  course.jwkSetBytesMax = Math.max(course.jwkSetBytesMax, bytes)
}

function* momentsOf(key: SimulatedKey): Iterable<SimulatedMoment> {
  const { kid, activatesAt, supersededAt, retiresAt, revokedAt, prunedAt = Infinity } = key
  if (activatesAt !== undefined && activatesAt !== supersededAt && activatesAt < prunedAt) {
    yield { at: activatesAt, what: 'signs', kid }
  }
  if (revokedAt !== undefined) yield { at: revokedAt, what: 'revoked', kid }
  else if (retiresAt !== undefined) yield { at: retiresAt, what: 'retires', kid }
}
