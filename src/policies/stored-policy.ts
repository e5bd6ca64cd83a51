/**
 * An exchange policy as it is stored: a document of its own beside its issuer's, so that what operators set and what
 * rotations write never race. `docs/storage-schema.md` describes the stored bytes; `policy-codec.ts` reads and writes them.
 */

import { randomBase64Url } from '../crypto/base64url.ts'
import type { ExchangePolicy } from './exchange-policy.ts'

/** Version of the stored format. */
export const POLICY_FORMAT_VERSION = 1

export interface StoredPolicy {
  readonly version: typeof POLICY_FORMAT_VERSION
  readonly kind: 'exchange-policy'
  /** Of its issuer. */
  readonly id: string
  /** Counts the writes, from 1; not the revision of the issuer. */
  readonly revision: number
  readonly updatedAt: number
  /** Of the last write: tells a write whose answer was lost from one that lost its race. */
  readonly writeNonce: string
  readonly policy: ExchangePolicy
}

const WRITE_NONCE_BYTES = 16

/** The document as its next write has it. `before`: what was set until now, if anything was. */
export function nextPolicy(
  id: string,
  policy: ExchangePolicy,
  before: StoredPolicy | undefined,
  now: number,
): StoredPolicy {
  return {
    version: POLICY_FORMAT_VERSION,
    kind: 'exchange-policy',
    id,
    revision: (before?.revision ?? 0) + 1,
    updatedAt: now,
    writeNonce: randomBase64Url(WRITE_NONCE_BYTES),
    policy,
  }
}
