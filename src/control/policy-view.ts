/**
 * What the control API shows of an exchange policy: all of it, and what of it is worth a word.
 */

import { isPublishedAdoptedKey } from '../keyring/adopted-status.ts'
import { compilePolicy } from '../policies/compile-policy.ts'
import type { ExchangePolicy } from '../policies/exchange-policy.ts'
import { policyRemarks } from '../policies/policy-remarks.ts'
import type { IssuersPolicy } from './policy-operations.ts'

export interface PolicyView {
  /** Of the issuer. */
  readonly id: string
  readonly revision: number
  readonly updatedAt?: number
  readonly policy: ExchangePolicy
  /** Sentences: what has no effect as the issuer is now, and what lets everybody in. */
  readonly remarks: readonly string[]
}

export async function policyView(
  { document, revision, updatedAt, policy }: IssuersPolicy,
  now: number,
): Promise<PolicyView> {
  const hasAdoptedKeys = document.ring.adopted.some((key) => isPublishedAdoptedKey(key, now))
  return {
    id: document.id,
    revision,
    ...(updatedAt === undefined ? {} : { updatedAt }),
    policy,
    remarks: [
      ...policy.entries.flatMap(hasAdoptedKeys ? besideKeysRemark : withoutKeysRemark),
      ...(await ownRemarks(policy)),
    ],
  }
}

/** A policy that an older version took may not compile any more, and is shown all the same. */
async function ownRemarks(policy: ExchangePolicy): Promise<string[]> {
  const compiled = await compilePolicy(policy)
  return compiled.ok ? policyRemarks(policy, compiled.policy) : []
}

function withoutKeysRemark({ name, keys }: ExchangePolicy['entries'][number]): string[] {
  if (!('adopted' in keys)) return []
  return [
    `entry ${name} trusts the adopted keys, and there are none yet: it lets nobody in until the cluster's keys are adopted`,
  ]
}

/** Set before the keys were adopted, by whoever did not see them. */
function besideKeysRemark({ name, keys }: ExchangePolicy['entries'][number]): string[] {
  if ('adopted' in keys) return []
  return [
    `entry ${name} does nothing while this issuer has adopted keys, which speak for the whole of it: give its source an issuer of its own, or drop the adopted keys`,
  ]
}
