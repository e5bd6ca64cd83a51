/**
 * Minting: one token of an issuer, signed by the key that is active now.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { activeKey } from '../keyring/key-status.ts'
import { mintedTtlMaxSeconds } from '../issuers/policy-in-force.ts'
import { TOKEN_CHARS_MAX, TOKEN_TTL_MIN_SECONDS } from '../limits.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { type KeyManagers, openKey } from '../signers/key-managers.ts'
import { buildClaims, type ClaimsSet, type TokenRequest } from './claims.ts'
import { signingInput, signToken } from './compact-jws.ts'

export interface MintedToken {
  readonly token: string
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly claims: ClaimsSet
}

/** RS256 with RSA-2048 signs with 342 characters, the longest of our algorithms; one more is the dot. */
const SIGNATURE_CHARS_MAX = 343

/** Rejects with the faults of keys when the active key cannot be opened or does not sign. */
export async function mintToken(
  document: IssuerDocument,
  request: TokenRequest,
  managers: KeyManagers,
  now: number,
): Promise<Outcome<MintedToken>> {
  if (document.policy.custody === 'none') {
    return refused(
      'publish_only',
      `issuer ${document.id} only publishes a cluster's keys and has none of its own to sign with: its cluster issues the tokens`,
    )
  }
  const ttlProblem = tokenTtlProblem(document, request.ttlSeconds)
  if (ttlProblem !== undefined) return refused('invalid_request', ttlProblem)
  const key = activeKey(document.ring.keys, now)
  if (key === undefined) {
    return refused(
      'no_active_key',
      `issuer ${document.id} has no key that signs now: see its health`,
    )
  }
  const { alg, kid, custody, keyRef, slot } = key
  const claims = buildClaims(document.issuer, request, crypto.randomUUID(), now)
  const input = signingInput({ alg, kid, typ: 'JWT' }, claims)
  const length = input.length + SIGNATURE_CHARS_MAX
  if (length > TOKEN_CHARS_MAX) {
    return refused(
      'invalid_request',
      `a token must have at most ${TOKEN_CHARS_MAX} characters, got claims that make ${length}: leave some out`,
    )
  }
  const signer = await openKey(managers, { custody, keyRef, issuerId: document.id, slot, alg })
  return accepted({ token: await signToken(input, signer), kid, alg, claims })
}

function tokenTtlProblem(issuer: IssuerDocument, ttlSeconds: number): string | undefined {
  const { id, policy } = issuer
  const max = mintedTtlMaxSeconds(issuer)
  if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < TOKEN_TTL_MIN_SECONDS) {
    return `ttlSeconds must be a whole number of seconds, at least ${TOKEN_TTL_MIN_SECONDS}, got ${ttlSeconds}`
  }
  if (ttlSeconds <= max) return undefined
  if (ttlSeconds <= policy.tokenTtlMaxSeconds) {
    return `ttlSeconds must be at most ${max} until the public documents of issuer ${id} have shown its raised maximum of ${policy.tokenTtlMaxSeconds}, got ${ttlSeconds}: ask for less, or wait for its next rotations (signet keys rotate ${id})`
  }
  return `ttlSeconds must be at most ${max} (tokenTtlMaxSeconds of issuer ${id}), got ${ttlSeconds}: ask for less or raise the issuer's maximum`
}
