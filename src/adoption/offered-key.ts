/**
 * A key as it was offered for adoption: what of it is usable, and what is wrong with it otherwise.
 *
 * Form alone, decided without touching the key: private and symmetric material is refused before anything reads it.
 * No message repeats a member's value but `kty`, `crv`, `alg`, `use` and `kid`.
 */

import { decodeBase64Url } from '../crypto/base64url.ts'
import {
  algorithmsOf,
  EC_CURVES,
  isPublishedAlgorithm,
  PUBLISHED_ALGORITHM_NAMES,
  type PublishedAlgorithmName,
} from '../crypto/published-algorithms.ts'
import type { PublicJwk } from '../crypto/public-jwk.ts'
import type { JsonObject } from '../json.ts'
import { KID_CHARS_MAX } from '../limits.ts'
import { shown } from '../printable.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { rsaProblem } from './rsa-strength.ts'

/** A public key with what was said of it. */
export interface OfferedKey {
  readonly publicJwk: PublicJwk
  /** Unset: as Kubernetes derives it. */
  readonly kid: string | undefined
  readonly alg: PublishedAlgorithmName
}

/** RFC 7518 §6.2.2, §6.3.2; RFC 8037 §2. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv'] as const
/** What a JWS header and a URL can hold alike. */
const KID = /^[\x21-\x7e]+$/
const NAME_CHARS_MAX = 20
const COORDINATE_BYTES = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const

/** `jwk`: one member of a JWK Set. Members that nobody knows are left out (RFC 7517 §4). */
export function offeredJwk(jwk: JsonObject): Outcome<OfferedKey> {
  const { kid, alg } = jwk
  const problem = materialProblem(jwk) ?? useProblem(jwk) ?? kidProblem(kid)
  if (problem !== undefined) return refused('invalid_request', problem)
  const publicJwk = publicJwkIn(jwk)
  if (!publicJwk.ok) return publicJwk
  const possible = algorithmsOf(publicJwk.value)
  const chosen = alg === undefined ? possible[0] : possible.find((name) => name === alg)
  if (chosen === undefined) return refused('invalid_request', algProblem(alg, possible))
  return accepted({ publicJwk: publicJwk.value, kid: kid as string | undefined, alg: chosen })
}

export function kidProblem(kid: unknown): string | undefined {
  if (kid === undefined) return undefined
  if (typeof kid === 'string' && kid.length <= KID_CHARS_MAX && KID.test(kid)) return undefined
  return `must have a kid of 1 to ${KID_CHARS_MAX} printable ASCII characters without spaces, got ${shown(kid)}: give the one that its tokens carry, or leave the member out to have it derived as Kubernetes does`
}

function materialProblem(jwk: JsonObject): string | undefined {
  if (jwk['kty'] === 'oct' || 'k' in jwk) {
    return 'is symmetric: whoever can verify with it can sign with it; give an RSA or EC public key'
  }
  const secret = PRIVATE_MEMBERS.find((member) => member in jwk)
  if (secret === undefined) return undefined
  return `holds private material (member ${secret}), which must never leave whoever signs with it: give the public key alone, and replace this one if it was sent anywhere`
}

function useProblem({ use, key_ops: operations }: JsonObject): string | undefined {
  if (use !== undefined && use !== 'sig') {
    return `must be for signatures (use "sig"), got use ${shownName(use)}: leave it out of the set`
  }
  if (operations === undefined) return undefined
  if (Array.isArray(operations) && operations.includes('verify')) return undefined
  return 'must be for verifying (key_ops with "verify"), got other key_ops: leave it out of the set'
}

function algProblem(alg: unknown, possible: readonly PublishedAlgorithmName[]): string {
  if (isPublishedAlgorithm(alg)) {
    return `has alg ${alg}, which does not go with its type: a key like this verifies ${possible.join(', ')}`
  }
  return `has alg ${shownName(alg)}, allowed are ${PUBLISHED_ALGORITHM_NAMES.join(', ')}: AWS takes no other`
}

function publicJwkIn(jwk: JsonObject): Outcome<PublicJwk> {
  const { kty, crv } = jwk
  if (kty === 'RSA') {
    const [n, e] = [numberIn(jwk, 'n'), numberIn(jwk, 'e')]
    if (n === undefined || e === undefined) return incomplete('n and e')
    const problem = rsaProblem(n.bytes, e.bytes)
    if (problem !== undefined) return refused('invalid_request', problem)
    return accepted({ kty, n: n.text, e: e.text })
  }
  if (kty !== 'EC') {
    const given = kty === undefined ? 'no kty' : `kty ${shownName(kty)}`
    return refused(
      'invalid_request',
      `must be an RSA key of at least 2048 bits or an EC key on ${EC_CURVES.join(', ')}, got ${given}`,
    )
  }
  const curve = EC_CURVES.find((name) => name === crv)
  if (curve === undefined) {
    return refused(
      'invalid_request',
      `must be on one of the curves ${EC_CURVES.join(', ')}, got ${shownName(crv)}`,
    )
  }
  const [x, y] = [numberIn(jwk, 'x'), numberIn(jwk, 'y')]
  const length = COORDINATE_BYTES[curve]
  if (x?.bytes.length !== length || y?.bytes.length !== length) return incomplete('x and y')
  return accepted({ kty, crv: curve, x: x.text, y: y.text })
}

/** Names of the field are short; anything longer may be a secret in the wrong place. */
function shownName(value: unknown): string {
  return typeof value === 'string' && value.length > NAME_CHARS_MAX ? 'a longer text' : shown(value)
}

function incomplete(members: string): Outcome<never> {
  return refused(
    'invalid_request',
    `must have ${members} in base64url as RFC 7518 §6 has them, got something else: export the key anew`,
  )
}

interface EncodedNumber {
  readonly text: string
  readonly bytes: Uint8Array
}

function numberIn(jwk: JsonObject, name: string): EncodedNumber | undefined {
  const text = jwk[name]
  if (typeof text !== 'string' || text === '') return undefined
  try {
    return { text, bytes: decodeBase64Url(text) }
  } catch {
    return undefined
  }
}
