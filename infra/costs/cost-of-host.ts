/**
 * What a whole host costs in a month: KMS and the rest, by where it runs and how its issuers keep their keys.
 */

import type { Custody } from '../../src/signers/key-manager.ts'
import {
  documentRequests,
  documentRequestsMax,
  INSTANCE_SECONDS,
  INSTANCES,
  ISOLATE_SECONDS,
  ISOLATES,
  type Use,
} from './assumptions.ts'
import { awsCost, type AwsUse } from './aws-cost.ts'
import { cloudflareCost } from './cloudflare-cost.ts'
import { type KeysInKms, kmsCost, type Processes } from './kms-cost.ts'

export type HostKind = 'aws' | 'cloudflare'

/** How the keys of every issuer are kept: `KeysInKms` where KMS has a part in it. */
export type Keys = KeysInKms | { readonly custody: Exclude<Custody, 'kms' | 'kms-wrapped'> }

export const PROCESSES: Readonly<Record<HostKind, Processes>> = {
  aws: { atOnce: INSTANCES, seconds: INSTANCE_SECONDS },
  cloudflare: { atOnce: ISOLATES, seconds: ISOLATE_SECONDS },
}

export function hostCost(host: HostKind, keys: Keys, use: Use): number {
  const rest = host === 'aws' ? awsCost(usedBy(keys, use)) : cloudflareCost(usedBy(keys, use))
  return kmsPart(host, keys, use) + sum(Object.values(rest))
}

/** Of issuers that only publish nothing is exchanged here: their tokens come from clusters, all the time. */
export function usedBy({ custody }: Keys, use: Use): AwsUse {
  const isSignedByKms = custody === 'kms'
  return custody === 'none'
    ? { ...use, exchanges: 0, documents: documentRequestsMax(use.issuers), isSignedByKms }
    : { ...use, documents: documentRequests(use), isSignedByKms }
}

/** The most issuers for which custody `kms` costs at most `usd` a month more than `kms-wrapped`. */
export function issuersWithin(
  usd: number,
  keys: Omit<KeysInKms, 'custody'>,
  exchanges: number,
): number {
  const isWithin = (issuers: number): boolean => {
    const use = { issuers, exchanges }
    const dear = hostCost('aws', { ...keys, custody: 'kms' }, use)
    return dear - hostCost('aws', { ...keys, custody: 'kms-wrapped' }, use) <= usd
  }
  let issuers = 0
  while (isWithin(issuers + 1)) issuers += 1
  return issuers
}

function kmsPart(host: HostKind, keys: Keys, use: Use): number {
  return 'algorithm' in keys ? kmsCost(keys, use, PROCESSES[host]) : 0
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
