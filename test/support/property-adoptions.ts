/**
 * Arbitrary histories of what operators do with an issuer, and a naive model of what it publishes.
 *
 * The model knows of each kid what it names and until when it is published, and nothing of records and rings.
 */

import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { Adoption } from '../../src/control/adopt-issuer-keys.ts'
import type { Outcome } from '../../src/refusal.ts'
import { NOW, type Operators, operators, refusalOf, valueOf } from './fixtures.ts'
import { CLUSTER_KEYS, materialOf, OWN_KEY, ownKeyManager } from './property-keys.ts'

/** One member of an offered set. */
export interface Entry {
  readonly key: number
  readonly kid: 'derived' | 'a' | 'b' | 'own'
  readonly isRs384: boolean
}

type IfMatch = 'any' | 'current' | 'stale'
export type Step = { readonly wait: number; readonly ifMatch: IfMatch } & (
  | { readonly type: 'adopt'; readonly entries: readonly Entry[]; readonly retention: number }
  | { readonly type: 'update'; readonly maxAge: number }
  | { readonly type: 'delete' }
)

/** The index behind the cluster's keys is that of our own. */
const OWN_INDEX = CLUSTER_KEYS.length
const OFFERABLE = [...CLUSTER_KEYS, OWN_KEY]

export const anyEntry: fc.Arbitrary<Entry> = fc.record({
  key: fc.oneof(
    { weight: 12, arbitrary: fc.nat({ max: OWN_INDEX - 1 }) },
    { weight: 1, arbitrary: fc.constant(OWN_INDEX) },
  ),
  kid: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('derived' as const, 'a' as const, 'b' as const) },
    { weight: 1, arbitrary: fc.constant('own' as const) },
  ),
  isRs384: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
})
const common = {
  /** The clock also steps back a little. */
  wait: fc.oneof(fc.constantFrom(-2, 0, 1, 4, 5, 6), fc.integer({ min: 0, max: 120 })),
  ifMatch: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('any' as const, 'current' as const) },
    { weight: 1, arbitrary: fc.constant('stale' as const) },
  ),
}
const adoption: fc.Arbitrary<Step> = fc.record({
  ...common,
  type: fc.constant('adopt' as const),
  entries: fc.array(anyEntry, { maxLength: 3 }),
  retention: fc.constantFrom(0, 1, 5, 60, 100),
})
const update: fc.Arbitrary<Step> = fc.record({
  ...common,
  type: fc.constant('update' as const),
  maxAge: fc.integer({ min: 60, max: 63 }),
})
const deletion: fc.Arbitrary<Step> = fc.record({ ...common, type: fc.constant('delete' as const) })
export const anyHistory = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: adoption },
    { weight: 3, arbitrary: update },
    { weight: 1, arbitrary: deletion },
  ),
  { minLength: 1, maxLength: 12, size: 'max' },
)
export const anyCustody = fc.constantFrom('sealed' as const, 'none' as const)
export type Custody = 'sealed' | 'none'

function kidOf({ key, kid }: Entry): string {
  if (kid === 'own') return OWN_KEY.kid
  return kid === 'derived' ? (OFFERABLE[key]?.kid ?? '') : kid
}

/** The key and the algorithm that a member names. */
function meaningOf({ key, isRs384 }: Entry): string {
  const jwk = OFFERABLE[key]?.publicJwk
  return `${isRs384 && jwk?.kty === 'RSA' ? 'RS384 ' : ''}${materialOf(jwk ?? {})}`
}

export function adoptionOf(entries: readonly Entry[], retentionSeconds: number): Adoption {
  const keys = entries.map((each) => ({
    ...OFFERABLE[each.key]?.publicJwk,
    use: 'sig',
    ...(each.kid === 'derived' ? {} : { kid: kidOf(each) }),
    ...(meaningOf(each).startsWith('RS384') ? { alg: 'RS384' } : {}),
  }))
  return { text: JSON.stringify({ keys }), kid: undefined, retentionSeconds }
}

interface Published {
  readonly means: string
  readonly until: number
}

type Reply = 'accepted' | 'invalid_request' | 'revision_conflict' | 'issuer_deleted'

/** What an issuer publishes, as one would say it on paper. */
export class Model {
  readonly hasOwn: boolean
  revision = 1
  isDeleted = false
  adopted = new Map<string, Published>()
  readonly everPublished: Set<string>

  constructor(hasOwn: boolean) {
    this.hasOwn = hasOwn
    this.everPublished = new Set(hasOwn ? [OWN_KEY.kid] : [])
  }

  /** Each published kid and what it names. */
  publishedAt(now: number): Map<string, string> {
    const own: [string, string][] = this.hasOwn
      ? [[OWN_KEY.kid, materialOf(OWN_KEY.publicJwk)]]
      : []
    const adopted = [...this.adopted].filter(([, { until }]) => until > now)
    return new Map([...own, ...adopted.map(([kid, { means }]) => [kid, means] as const)])
  }

  perform(step: Step, now: number): Reply {
    if (this.isDeleted) return 'issuer_deleted'
    if (step.ifMatch === 'stale') return 'revision_conflict'
    if (step.type === 'adopt') return this.#adopt(step.entries, step.retention, now)
    this.revision += 1
    this.isDeleted = step.type === 'delete'
    return 'accepted'
  }

  #adopt(entries: readonly Entry[], retention: number, now: number): Reply {
    if (entries.length === 0 && !this.hasOwn) return 'invalid_request'
    const meanings = new Map<string, string>()
    for (const each of entries) {
      const [kid, means] = [kidOf(each), meaningOf(each)]
      if (this.hasOwn && (each.key === OWN_INDEX || kid === OWN_KEY.kid)) return 'invalid_request'
      const known = meanings.get(kid) ?? this.publishedAt(now).get(kid)
      if (known !== undefined && known !== means) return 'invalid_request'
      meanings.set(kid, means)
    }
    const before = new Map([...this.adopted].filter(([, { until }]) => until > now))
    const after = new Map(before)
    for (const [kid, { means, until }] of before) {
      after.set(kid, { means, until: Math.min(until, now + retention) })
    }
    for (const [kid, means] of meanings) after.set(kid, { means, until: Infinity })
    if ([...after].every(([kid, { until }]) => before.get(kid)?.until === until)) return 'accepted'
    this.revision += 1
    this.adopted = new Map([...after].filter(([, { until }]) => until > now))
    for (const kid of meanings.keys()) this.everPublished.add(kid)
    return 'accepted'
  }
}

export function revisionFor(ifMatch: IfMatch, model: Model): number | undefined {
  if (ifMatch === 'any') return undefined
  return ifMatch === 'current' ? model.revision : model.revision + 1
}

export async function perform(
  { operations }: Operators,
  step: Step,
  revision: number | undefined,
): Promise<Outcome<unknown>> {
  switch (step.type) {
    case 'adopt':
      return operations.adopt('prod', adoptionOf(step.entries, step.retention), revision)
    case 'update':
      return operations.update('prod', { jwksMaxAgeSeconds: step.maxAge }, revision)
    case 'delete':
      return operations.delete('prod', 'it is over', revision)
  }
}

/** A clock and all that operators can do, and the model of it. */
export async function newIssuer(custody: Custody): Promise<{ real: Operators; model: Model }> {
  const real = operators({ keyManager: ownKeyManager() })
  const settings = custody === 'none' ? { custody } : { custody, algorithm: 'ES256' as const }
  valueOf(await real.operations.create({ id: 'prod', settings }))
  return { real, model: new Model(custody === 'sealed') }
}

/** Runs a history; `look` sees the issuer after each step, at that moment. */
export async function liveThrough(
  custody: Custody,
  history: readonly Step[],
  look: (real: Operators, model: Model, now: number) => Promise<void>,
): Promise<void> {
  const { real, model } = await newIssuer(custody)
  let now = NOW
  for (const step of history) {
    real.wait(step.wait)
    now += step.wait
    const revision = revisionFor(step.ifMatch, model)
    const before = await real.body()
    const outcome = await perform(real, step, revision)
    const reply = model.perform(step, now)
    expect(outcome.ok ? 'accepted' : refusalOf(outcome).reason).toBe(reply)
    if (!outcome.ok) expect(await real.body()).toBe(before)
    await look(real, model, now)
  }
}
