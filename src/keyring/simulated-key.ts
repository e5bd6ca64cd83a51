/**
 * The moments of one key over its whole life in a simulated ring, those after it left the ring among them.
 */

import type { SigningAlgorithm } from '../crypto/algorithms.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { retentionInForce } from '../issuers/policy-in-force.ts'
import type { KeyCustody } from '../signers/key-manager.ts'
import { retirementAt, scheduledKeys } from './key-status.ts'

export interface SimulatedKey {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly custody: KeyCustody
  readonly publishedAt: number
  readonly firstSeenAt?: number
  /** Of a key that signs, or will. */
  readonly activatesAt?: number
  readonly supersededAt?: number
  /** When it leaves the JWK Set. */
  readonly retiresAt?: number
  readonly revokedAt?: number
  /** When it left the ring. */
  readonly prunedAt?: number
}

/** Brings the records of the keys that are in the ring up to date. */
export function recordKeys(
  records: Map<string, SimulatedKey>,
  document: IssuerDocument,
  bounds: PublicationBounds,
  now: number,
): void {
  const { keys } = document.ring
  const retention = retentionInForce(document, bounds, now)
  const scheduled = new Map(scheduledKeys(keys).map((entry) => [entry.key, entry]))
  for (const key of keys) {
    const { kid, alg, custody, publishedAt, firstSeenAt, revokedAt } = key
    const { activatesAt, supersededAt } = scheduled.get(key) ?? {}
    const { prunedAt } = records.get(kid) ?? {}
    records.set(kid, {
      kid,
      alg,
      custody,
      publishedAt,
      ...(firstSeenAt === undefined ? {} : { firstSeenAt }),
      ...(activatesAt === undefined ? {} : { activatesAt }),
      ...(supersededAt === undefined
        ? {}
        : { supersededAt, retiresAt: retirementAt(supersededAt, retention) }),
      ...(revokedAt === undefined ? {} : { revokedAt }),
      ...(prunedAt === undefined ? {} : { prunedAt }),
    })
  }
}
