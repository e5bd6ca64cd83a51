/**
 * Stored documents that the real objects take.
 */

import { formatStoredIssuer } from '../../../src/issuers/issuer-codec.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { issuerIdOfKey } from '../../../src/issuers/issuer-repository.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import type { KeyRef } from '../../../src/signers/key-manager.ts'

const CREATED_AT = 1_800_000_000

/** A key reference that a search finds wherever it went. */
export const MARKED_KEY_REF = 'sealed-v1.marked-key-reference' as KeyRef

/** A tombstone, for it has a member that takes any text. */
export function tombstoneBody(key: string, text: string): string {
  const id = issuerIdOfKey(key)
  return formatStoredIssuer({
    version: 3,
    kind: 'tombstone',
    id,
    issuer: `https://oidc.example.com/${id}`,
    revision: 2,
    createdAt: CREATED_AT,
    deletedAt: CREATED_AT + 1,
    reason: text,
    kids: ['kid-1'],
    leftovers: [],
    writeNonce: 'nonce-2',
  })
}

/** An issuer with one active key. */
export function issuerBody(key: string, revision: number): string {
  const id = issuerIdOfKey(key)
  const stored: IssuerDocument = {
    version: 3,
    kind: 'issuer',
    id,
    issuer: `https://oidc.example.com/${id}`,
    revision,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT + revision,
    writeNonce: `nonce-${revision}`,
    policy: DEFAULT_POLICY,
    ring: {
      keys: [
        {
          kid: 'kid-1',
          alg: 'ES256',
          publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
          publishedAt: CREATED_AT,
          publishedRevision: 1,
          activatesAt: CREATED_AT,
          custody: 'sealed',
          keyRef: MARKED_KEY_REF,
          slot: 'marked-slot',
        },
      ],
      adopted: [],
      former: [],
      leftovers: [],
    },
  }
  return formatStoredIssuer(stored)
}
