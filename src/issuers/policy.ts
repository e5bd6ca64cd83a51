/**
 * The issuer's policy: the settings of its ring and its tokens, and the relations between them.
 *
 * Parsed once; a policy that exists holds every relation. Each problem names the setting to change.
 */

import { ALGORITHMS, SIGNING_ALGORITHMS, type SigningAlgorithm } from '../crypto/algorithms.ts'
import {
  CLOCK_SKEW_SECONDS,
  EXPIRY_LEEWAY_SECONDS,
  PUBLISHED_KEYS_MAX,
  RELYING_PARTY_CACHE_MIN_SECONDS,
  STALE_IF_ERROR_SECONDS,
} from '../limits.ts'
import { shown } from '../printable.ts'
import type { PublishedKey } from './key-record.ts'
import { CUSTODIES, type Custody } from '../signers/key-manager.ts'

export interface IssuerPolicy {
  readonly algorithm: SigningAlgorithm
  readonly custody: Custody
  /** How long a key signs before the next one does. */
  readonly rotationPeriodSeconds: number
  /** From a key's publication to its first signature. */
  readonly propagationDelaySeconds: number
  /** The longest lifetime of a token. */
  readonly tokenTtlMaxSeconds: number
  /** `max-age` of the discovery document and the JWK Set; caches that others share keep them for less. */
  readonly jwksMaxAgeSeconds: number
}

/** How long the host may serve an old document, whatever its `max-age`. */
export interface PublicationBounds {
  /** Staleness of the store that the documents are served from, and of the copies in memory. */
  readonly documentStalenessSeconds: number
  /** For how long the last good document is served while storage does not answer. */
  readonly lastGoodSeconds: number
}

const DAY = 86_400

/** A cache may hand out a copy at the end of its time, and another keeps that for as long again. */
export const CACHES_IN_A_ROW = 2

/** Each duration setting: default, least and most, in seconds. */
export const DURATION_SETTINGS = {
  rotationPeriodSeconds: { default: 90 * DAY, min: 3600, max: 3650 * DAY },
  propagationDelaySeconds: { default: DAY, min: 0, max: 365 * DAY },
  tokenTtlMaxSeconds: { default: DAY, min: 600, max: DAY },
  jwksMaxAgeSeconds: { default: 600, min: 60, max: DAY },
} as const

/** The settings that mean something to an issuer without keys of its own. */
const PUBLISH_ONLY_SETTINGS: readonly (keyof IssuerPolicy)[] = ['custody', 'jwksMaxAgeSeconds']

export type DurationSetting = keyof typeof DURATION_SETTINGS

export const DEFAULT_POLICY: IssuerPolicy = {
  algorithm: 'RS256',
  custody: 'sealed',
  rotationPeriodSeconds: DURATION_SETTINGS.rotationPeriodSeconds.default,
  propagationDelaySeconds: DURATION_SETTINGS.propagationDelaySeconds.default,
  tokenTtlMaxSeconds: DURATION_SETTINGS.tokenTtlMaxSeconds.default,
  jwksMaxAgeSeconds: DURATION_SETTINGS.jwksMaxAgeSeconds.default,
}

/**
 * How long a superseded key stays published: until no token of its can still be valid anywhere. A host that serves its last
 * good document goes by what that says of hand-overs and lifetimes, which may have changed since.
 */
export function retentionSeconds(policy: IssuerPolicy, bounds: PublicationBounds): number {
  return (
    policy.tokenTtlMaxSeconds +
    EXPIRY_LEEWAY_SECONDS +
    bounds.documentStalenessSeconds +
    bounds.lastGoodSeconds +
    policy.jwksMaxAgeSeconds +
    2 * CLOCK_SKEW_SECONDS
  )
}

/** The least time from a key's publication to its first signature: until no cache between can still lack it. */
export function leastPropagationDelaySeconds(
  { jwksMaxAgeSeconds }: Pick<IssuerPolicy, 'jwksMaxAgeSeconds'>,
  { documentStalenessSeconds, lastGoodSeconds }: PublicationBounds,
): number {
  return (
    CACHES_IN_A_ROW * Math.max(jwksMaxAgeSeconds, RELYING_PARTY_CACHE_MIN_SECONDS) +
    CACHES_IN_A_ROW * STALE_IF_ERROR_SECONDS +
    documentStalenessSeconds +
    lastGoodSeconds +
    2 * CLOCK_SKEW_SECONDS
  )
}

/** The most keys of its own that an issuer publishes at once: the active one, its successor, and those retained. */
export function ownKeysMax(policy: IssuerPolicy, bounds: PublicationBounds): number {
  if (policy.custody === 'none') return 0
  return 2 + Math.ceil(retentionSeconds(policy, bounds) / policy.rotationPeriodSeconds)
}

/**
 * Every setting out of its bounds and every broken relation, each a sentence; empty for a good policy.
 * `adopted`: the adopted keys that are published beside those of our own.
 */
export function policyProblems(
  policy: IssuerPolicy,
  bounds: PublicationBounds,
  adopted: readonly PublishedKey[] = [],
): string[] {
  const problems = [...settingProblems(policy)]
  // Without keys of its own an issuer neither rotates nor signs.
  if (problems.length > 0 || policy.custody === 'none') return problems
  return relationProblems(policy, bounds, adopted)
}

/** What is wrong with giving these settings to an issuer of this custody, or `undefined`. */
export function uselessSettingsProblem(
  custody: Custody,
  given: Partial<IssuerPolicy>,
): string | undefined {
  if (custody !== 'none') return undefined
  const known: readonly string[] = PUBLISH_ONLY_SETTINGS
  const useless = Object.keys(given).filter((name) => !known.includes(name))
  if (useless.length === 0) return undefined
  return `an issuer that only publishes has no key of its own, so it takes ${known.join(', ')} alone, got ${useless.join(', ')}: leave it out`
}

function* settingProblems(policy: IssuerPolicy): Iterable<string> {
  if (!SIGNING_ALGORITHMS.includes(policy.algorithm)) {
    yield `algorithm must be one of ${SIGNING_ALGORITHMS.join(', ')}, got ${shown(policy.algorithm)}`
  }
  if (!CUSTODIES.includes(policy.custody)) {
    yield `custody must be one of ${CUSTODIES.join(', ')}, got ${shown(policy.custody)}`
  }
  for (const [name, { min, max }] of Object.entries(DURATION_SETTINGS)) {
    const value = policy[name as DurationSetting]
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      yield `${name} must be a whole number of seconds from ${min} to ${max}, got ${shown(value)}`
    }
  }
}

function relationProblems(
  policy: IssuerPolicy,
  bounds: PublicationBounds,
  adopted: readonly PublishedKey[],
): string[] {
  const problems: string[] = []
  const delay = policy.propagationDelaySeconds
  const delayMin = leastPropagationDelaySeconds(policy, bounds)
  if (delay < delayMin) {
    problems.push(
      `propagationDelaySeconds must be at least ${delayMin} (twice the JWK Set max-age and stale-if-error, the staleness of the documents, the last good copy and twice the clock skew), got ${delay}: raise it or lower jwksMaxAgeSeconds`,
    )
  }
  const period = policy.rotationPeriodSeconds
  if (period <= delay) {
    problems.push(
      `rotationPeriodSeconds must be more than propagationDelaySeconds (${delay}), got ${period}: raise it or lower propagationDelaySeconds`,
    )
  }
  const own = ownKeysMax(policy, bounds)
  const { kty } = ALGORITHMS[policy.algorithm]
  const keyCount = own + adopted.filter(({ publicJwk }) => publicJwk.kty === kty).length
  if (keyCount > PUBLISHED_KEYS_MAX) {
    const ofThem = keyCount === own ? '' : `, ${keyCount - own} of them adopted`
    problems.push(
      `rotationPeriodSeconds must leave at most ${PUBLISHED_KEYS_MAX} ${kty} keys published at once (AWS reads 100), got ${period} which leaves ${keyCount}${ofThem}: raise it or lower tokenTtlMaxSeconds`,
    )
  }
  return problems
}
