/**
 * The public documents of an issuer, read as a relying party reads them (OpenID Connect Discovery 1.0 §4): from its
 * identifier alone, by way of whatever caches there are.
 *
 * Nothing here asks for a fresh copy: one that only we would be given proves nothing.
 */

import type { Clock } from '../clock.ts'
import { type Deadline, endsWithin } from '../deadline.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { ISSUER_IDENTIFIER_CHARS_MAX, OBSERVATION_MS_MAX } from '../limits.ts'
import { shown } from '../printable.ts'
import {
  type NotObserved,
  notObserved,
  type Observation,
  type Observed,
  OBSERVED_KEYS_MAX,
} from './observation.ts'
import { observedKeys } from './observed-keys.ts'
import { askPublicly, type PublicAnswer } from './public-answer.ts'

export interface ObservationDeps {
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly deadline: Deadline
}

/** Whole, since two URLs may differ at their ends. */
const SHOWN_URL_CHARS_MAX = 2 * ISSUER_IDENTIFIER_CHARS_MAX

type Ask = (url: string) => Promise<PublicAnswer | NotObserved>

/** Never rejects for what the documents or the way to them are like; both together have `OBSERVATION_MS_MAX`. */
export async function observePublication(issuer: string, deps: ObservationDeps): Promise<Observed> {
  // Without its receiver, as Workers demand it.
  const { fetch: send, clock, deadline } = deps
  const tooLate = new AbortController()
  let asked = issuer
  const ask: Ask = (url) => {
    asked = url
    return askPublicly(url, send, tooLate.signal)
  }
  const observed = readBoth(issuer, ask, clock)
  if (await endsWithin(OBSERVATION_MS_MAX, observed, deadline)) return observed
  tooLate.abort()
  return notObserved(
    'timed_out',
    `${asked} was not there in full when the ${OBSERVATION_MS_MAX / 1000} s for both public documents were over, and relying parties wait no longer: see what makes it slow`,
  )
}

async function readBoth(issuer: string, ask: Ask, clock: Clock): Promise<Observed> {
  const discoveryUrl = `${issuer}/.well-known/openid-configuration`
  const jwksUrl = `${issuer}/.well-known/jwks.json`
  const discovery = await ask(discoveryUrl)
  if (!discovery.ok) return discovery
  const problem = discoveryProblem(discovery.json, { issuer, discoveryUrl, jwksUrl })
  if (problem !== undefined) return problem
  const answer = await ask(jwksUrl)
  if (!answer.ok) return answer
  return observationIn(answer, jwksUrl, clock.now())
}

interface Expected {
  readonly issuer: string
  readonly discoveryUrl: string
  readonly jwksUrl: string
}

function discoveryProblem(json: unknown, expected: Expected): NotObserved | undefined {
  const { issuer, discoveryUrl, jwksUrl } = expected
  if (!isJsonObject(json)) {
    return notObserved(
      'not_a_discovery_document',
      `${discoveryUrl} answered with something else than a JSON object, which a discovery document is: see that the issuer's host answers there, and not a page of its CDN or proxy`,
    )
  }
  if (json['issuer'] !== issuer) {
    return notObserved(
      'wrong_issuer',
      `${discoveryUrl} must name the issuer ${shown(issuer, SHOWN_URL_CHARS_MAX)}, got ${shown(json['issuer'], SHOWN_URL_CHARS_MAX)}: see that this URL leads to the host of this issuer`,
    )
  }
  if (json['jwks_uri'] === jwksUrl) return undefined
  return notObserved(
    'wrong_jwks_uri',
    `${discoveryUrl} must have the jwks_uri ${shown(jwksUrl, SHOWN_URL_CHARS_MAX)}, got ${shown(json['jwks_uri'], SHOWN_URL_CHARS_MAX)}: see that the document is the one of this issuer's host, and was not changed on its way`,
  )
}

function observationIn({ json, headers }: PublicAnswer, url: string, at: number): Observed {
  const members = isJsonObject(json) ? membersOf(json) : undefined
  if (members === undefined) {
    return notObserved(
      'not_a_jwk_set',
      `${url} answered with something else than a JWK Set ({"keys":[…]}): see that the issuer's host answers there, and not a page of its CDN or proxy`,
    )
  }
  if (members.length > OBSERVED_KEYS_MAX) {
    return notObserved(
      'too_large',
      `${url} has ${members.length} keys, more than the ${OBSERVED_KEYS_MAX} that AWS takes at most: see where they come from`,
    )
  }
  const given = headers.get('Signet-Ring-Version') ?? undefined
  const ringVersion = ringVersionOf(given)
  if (ringVersion === undefined) {
    return notObserved(
      'no_ring_version',
      `${url} must come with the header Signet-Ring-Version, a whole number of at least 1, got ${shown(given)}: have its CDN or proxy pass the header on`,
    )
  }
  const observation: Observation = { at, ringVersion, keys: observedKeys(members) }
  return { ok: true, observation }
}

/** `undefined` where some member is no JWK at all: there are relying parties that refuse such a set. */
function membersOf({ keys }: JsonObject): readonly JsonObject[] | undefined {
  return Array.isArray(keys) && keys.every(isJsonObject) ? keys : undefined
}

/** Digits that a number holds exactly. */
function ringVersionOf(text = ''): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
