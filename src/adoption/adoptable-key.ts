/**
 * From text to keys that may be adopted: each is read by WebCrypto, which checks that it is one, and named.
 *
 * All or none: one bad key refuses the set.
 */

import type { Bytes } from '../crypto/base64url.ts'
import { fingerprintOf } from '../crypto/fingerprint.ts'
import { EC_CURVES, PUBLISHED_ALGORITHMS } from '../crypto/published-algorithms.ts'
import type { PublishedKey } from '../issuers/key-record.ts'
import type { JsonObject } from '../json.ts'
import { firstFew, shown } from '../printable.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { kidProblem, offeredJwk } from './offered-key.ts'
import { parseOfferedText } from './offered-text.ts'
import type { PemBlock } from './pem.ts'

export interface AdoptableKey extends PublishedKey {
  /** base64url(SHA-256(DER SubjectPublicKeyInfo)). */
  readonly fingerprint: string
}

/** `kid`: explicit, for the one key of a PEM. */
export async function readAdoptableKeys(
  text: string,
  kid: string | undefined,
): Promise<Outcome<AdoptableKey[]>> {
  const offered = parseOfferedText(text)
  if (!offered.ok) return offered
  if (offered.value.type === 'pem') return readPem(offered.value.blocks, kid)
  if (kid !== undefined) {
    return refused(
      'invalid_request',
      'an explicit kid is for one PEM key, got JSON, in which a key has its own: leave it out, or write it into the JSON',
    )
  }
  return allOrNone(offered.value.keys, readJwk, (jwk) => jwk['kid'])
}

async function readPem(
  blocks: readonly PemBlock[],
  kid: string | undefined,
): Promise<Outcome<AdoptableKey[]>> {
  if (kid !== undefined && blocks.length !== 1) {
    return refused(
      'invalid_request',
      `an explicit kid is for one PEM key, got ${blocks.length}: adopt them as a JWK Set, in which each has its own`,
    )
  }
  const problem = kidProblem(kid)
  if (problem !== undefined) return refused('invalid_request', `the key ${problem}`)
  return allOrNone(blocks, async ({ spki }) => {
    const jwk = await jwkOfSpki(spki)
    return jwk === undefined
      ? unreadable()
      : readJwk({ ...jwk, ...(kid === undefined ? {} : { kid }) })
  })
}

/** The first problem of each key that has one. */
async function allOrNone<T>(
  items: readonly T[],
  read: (item: T) => Promise<Outcome<AdoptableKey>>,
  kidOf: (item: T) => unknown = () => undefined,
): Promise<Outcome<AdoptableKey[]>> {
  const outcomes = await Promise.all(items.map(read))
  const problems = outcomes.flatMap((outcome, index) => {
    if (outcome.ok) return []
    const kid = kidOf(items[index] as T)
    const name = typeof kid === 'string' ? ` (kid ${shown(kid)})` : ''
    return [`key ${index + 1}${name} ${outcome.refusal.message}`]
  })
  if (problems.length === 0) {
    return accepted(outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : [])))
  }
  return refused('invalid_request', firstFew(problems, '; '))
}

async function readJwk(jwk: JsonObject): Promise<Outcome<AdoptableKey>> {
  const offered = offeredJwk(jwk)
  if (!offered.ok) return offered
  const { alg, publicJwk } = offered.value
  const fingerprint = await fingerprintOf(publicJwk, alg)
  if (fingerprint === undefined) return unreadable()
  const { kid = fingerprint } = offered.value
  return accepted({ kid, alg, publicJwk, fingerprint })
}

/** Tries what we take, since only the key itself says which it is. */
async function jwkOfSpki(spki: Bytes): Promise<JsonObject | undefined> {
  const candidates = [
    PUBLISHED_ALGORITHMS.RS256,
    PUBLISHED_ALGORITHMS.ES256,
    PUBLISHED_ALGORITHMS.ES384,
    PUBLISHED_ALGORITHMS.ES512,
  ]
  for (const { import: parameters } of candidates) {
    try {
      const key = await crypto.subtle.importKey('spki', spki, parameters, true, ['verify'])
      const { kty, crv, n, e, x, y } = await crypto.subtle.exportKey('jwk', key)
      return kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }
    } catch {
      // It is of another type.
    }
  }
  return undefined
}

function unreadable(): Outcome<never> {
  return refused(
    'invalid_request',
    `must be an RSA public key of at least 2048 bits or an EC public key on ${EC_CURVES.join(', ')}, got a key of another type, or none: have the cluster sign with one of these`,
  )
}
