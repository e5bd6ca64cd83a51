/**
 * One fetch of a subject issuer's keys, from its identifier alone (OpenID Connect Discovery 1.0 §4).
 *
 * Believes the discovery document of the issuer alone, and lets it send us no further than the policy says. Keeps nothing.
 */

import { type Deadline, endsWithin } from '../deadline.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import {
  ISSUER_IDENTIFIER_CHARS_MAX,
  KEY_SET_KEYS_MAX,
  KEYS_PER_KID_MAX,
  SUBJECT_ISSUER_MS_MAX,
} from '../limits.ts'
import { shown } from '../printable.ts'
import type { ObservationProblem } from '../publication/observation.ts'
import { askPublicly, type PublicAnswer } from '../publication/public-answer.ts'
import { keySetAgeSeconds } from './cache-age.ts'
import type { RemoteIssuer } from './key-sets.ts'
import { keyUrl } from './key-url.ts'
import { crowdedKid, withoutRepeats } from './keys-of-a-kid.ts'
import { readVerificationKey } from './read-verification-key.ts'
import type { VerificationKey } from './verification-key.ts'

/** Whole, since two URLs may differ at their ends. */
const SHOWN_URL_CHARS_MAX = 2 * ISSUER_IDENTIFIER_CHARS_MAX

export type KeySetProblem =
  | Exclude<ObservationProblem, 'no_ring_version'>
  /** A URL that is not asked: no https, with credentials, or of a host that is not public. */
  | 'url_refused'
  /** A JWK Set, in which nothing verifies signatures. */
  | 'no_usable_key'
  /** More keys of one `kid` than are tried for a token. */
  | 'crowded_kid'

export interface KeySetFailure {
  readonly ok: false
  readonly problem: KeySetProblem
  /** For the operator: what was asked, what came instead, what to do. */
  readonly message: string
}

export interface FetchedKeySet {
  readonly ok: true
  readonly keys: readonly VerificationKey[]
  /** For how long its sender lets it be kept, within our bounds. */
  readonly ageSeconds: number
}

export interface FetchKeySetOptions {
  readonly fetch: typeof fetch
  readonly deadline: Deadline
  /** Whether issuers may be on this machine, and there without TLS: in development. */
  readonly allowLoopback: boolean
}

type Ask = (url: URL) => Promise<PublicAnswer | KeySetFailure>

/** Never rejects for what the documents or the way to them are like; both together have `SUBJECT_ISSUER_MS_MAX`. */
export async function fetchKeySet(
  remote: RemoteIssuer,
  options: FetchKeySetOptions,
): Promise<FetchedKeySet | KeySetFailure> {
  // Without its receiver, as Workers demand it.
  const { fetch: send, deadline, allowLoopback } = options
  const tooLate = new AbortController()
  let asked = remote.issuer
  const ask: Ask = async ({ href }) => {
    asked = href
    const answer = await askPublicly(href, send, tooLate.signal)
    if (answer.ok) return answer
    const { problem, message } = answer
    // No header is asked for here.
    return problem === 'no_ring_version' ? failed('unreachable', message) : failed(problem, message)
  }
  const fetched = readBoth(remote, ask, allowLoopback)
  if (await endsWithin(SUBJECT_ISSUER_MS_MAX, fetched, deadline)) return fetched
  tooLate.abort()
  return failed(
    'timed_out',
    `${asked} was not there in full when the ${SUBJECT_ISSUER_MS_MAX / 1000} s for the discovery document and the keys were over: see what makes it slow`,
  )
}

async function readBoth(
  remote: RemoteIssuer,
  ask: Ask,
  allowLoopback: boolean,
): Promise<FetchedKeySet | KeySetFailure> {
  const { issuer } = remote
  const discoveryUrl = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const own = keyUrl('the discovery document of an issuer', discoveryUrl, allowLoopback)
  if (!own.ok) return failed('url_refused', own.message)
  const { url } = own
  const discovery = await ask(url)
  if (!discovery.ok) return discovery
  const jwksUri = jwksUriIn(discovery.json, issuer, url)
  if (!jwksUri.ok) return jwksUri
  const jwks = keyUrl(`the jwks_uri in ${url.href}`, jwksUri.given, allowLoopback)
  if (!jwks.ok) return failed('wrong_jwks_uri', jwks.message)
  const host = remote.jwksHost ?? url.host
  if (jwks.url.host !== host) {
    return failed(
      'wrong_jwks_uri',
      `the jwks_uri in ${url.href} must be on the host ${shown(host)}, got ${shown(jwks.url.host)}: if this issuer has its keys there, name that host as jwksHost in the policy`,
    )
  }
  const answer = await ask(jwks.url)
  return answer.ok ? keySetIn(answer, jwks.url) : answer
}

interface GivenJwksUri {
  readonly ok: true
  readonly given: unknown
}

function jwksUriIn(json: unknown, issuer: string, { href }: URL): GivenJwksUri | KeySetFailure {
  if (!isJsonObject(json)) {
    return failed(
      'not_a_discovery_document',
      `${href} answered with something else than a JSON object, which a discovery document is: see what answers there`,
    )
  }
  // Byte by byte (§4.3).
  if (json['issuer'] === issuer) return { ok: true, given: json['jwks_uri'] }
  return failed(
    'wrong_issuer',
    `${href} must name the issuer ${shown(issuer, SHOWN_URL_CHARS_MAX)}, got ${shown(json['issuer'], SHOWN_URL_CHARS_MAX)}: see that the policy has the issuer as its tokens have it`,
  )
}

async function keySetIn(
  { json, headers }: PublicAnswer,
  url: URL,
): Promise<FetchedKeySet | KeySetFailure> {
  const members: unknown = isJsonObject(json) ? json['keys'] : undefined
  if (!Array.isArray(members)) {
    return failed(
      'not_a_jwk_set',
      `${url.href} answered with something else than a JWK Set ({"keys":[…]}): see what answers there`,
    )
  }
  if (members.length > KEY_SET_KEYS_MAX) {
    return failed(
      'too_large',
      `${url.href} has ${members.length} keys, more than the ${KEY_SET_KEYS_MAX} that are read: see where they come from`,
    )
  }
  const keys = withoutRepeats(await usableKeys(members.filter(isJsonObject)))
  const crowded = crowdedKid(keys)
  if (crowded !== undefined) {
    return failed(
      'crowded_kid',
      `${url.href} has more than ${KEYS_PER_KID_MAX} keys of the kid ${shown(crowded)}, of which each would be tried for a token: have the issuer give each key a kid of its own`,
    )
  }
  if (keys.length > 0) return { ok: true, keys, ageSeconds: keySetAgeSeconds(headers) }
  return failed(
    'no_usable_key',
    `${url.href} has no key that verifies signatures (RSA of at least 2048 bits, or EC on a NIST curve) among ${members.length}: see what the issuer publishes`,
  )
}

/** RFC 7517 §5: what is not understood is left out. */
async function usableKeys(members: readonly JsonObject[]): Promise<VerificationKey[]> {
  const outcomes = await Promise.all(members.map(readVerificationKey))
  return outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []))
}

function failed(problem: KeySetProblem, message: string): KeySetFailure {
  return { ok: false, problem, message }
}
