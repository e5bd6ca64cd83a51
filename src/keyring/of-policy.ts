/**
 * Whether a key is of the kind that the policy wants.
 */

import type { PublicKeyRecord } from '../issuers/key-record.ts'
import type { IssuerPolicy } from '../issuers/policy.ts'
import type { KeyCustody } from '../signers/key-manager.ts'

/** Of its algorithm and of its custody, where that is known: the public copy does not have it. */
export function isOfPolicy(
  { alg, custody }: PublicKeyRecord & { readonly custody?: KeyCustody },
  policy: IssuerPolicy,
): boolean {
  return alg === policy.algorithm && (custody === undefined || custody === policy.custody)
}
