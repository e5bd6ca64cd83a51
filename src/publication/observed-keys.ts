/**
 * The members of a JWK Set that a relying party can verify signatures with (RFC 7517 §5).
 *
 * Takes what makes the public key and nothing else, so a private member that stands beside it goes no further.
 */

import { EC_CURVES } from '../crypto/published-algorithms.ts'
import type { PublicJwk } from '../crypto/public-jwk.ts'
import type { JsonObject } from '../json.ts'
import type { ObservedKey } from './observation.ts'

/** Members of other types, for other uses or without their parameters are left out, as §5 has relying parties do. */
export function observedKeys(members: readonly JsonObject[]): ObservedKey[] {
  return members.flatMap((jwk) => {
    const { kid, alg } = jwk
    const publicJwk = publicJwkIn(jwk)
    if (!isText(kid) || !isText(alg) || publicJwk === undefined || !isForVerifying(jwk)) return []
    return [{ kid, alg, publicJwk }]
  })
}

function publicJwkIn({ kty, crv, n, e, x, y }: JsonObject): PublicJwk | undefined {
  if (kty === 'RSA') return isText(n) && isText(e) ? { kty, n, e } : undefined
  const curve = EC_CURVES.find((name) => name === crv)
  if (kty !== 'EC' || curve === undefined || !isText(x) || !isText(y)) return undefined
  return { kty, crv: curve, x, y }
}

/** RFC 7517 §4.2 and §4.3: a relying party looks for its key among these. */
function isForVerifying({ use = 'sig', key_ops: operations = ['verify'] }: JsonObject): boolean {
  return use === 'sig' && Array.isArray(operations) && operations.includes('verify')
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
