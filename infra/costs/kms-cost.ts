/**
 * What AWS KMS costs in a month, by custody and algorithm.
 */

import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import { SIGNERS_MAX } from '../../src/limits.ts'
import { MONTH_SECONDS, ROTATIONS, type Use } from './assumptions.ts'
import { costOf } from './price.ts'
import { KMS } from './prices.ts'

export type KmsCustody = 'kms' | 'kms-wrapped'

export interface KeysInKms {
  readonly custody: KmsCustody
  readonly algorithm: SigningAlgorithm
  /** Of each issuer: the one that signs and its successor are two, and for a day after each rotation there is a third. */
  readonly keysPerIssuer: number
}

/** Of a host on which so many processes know an issuer at a time, for so long each. */
export interface Processes {
  readonly atOnce: number
  readonly seconds: number
}

export function kmsCost(keys: KeysInKms, use: Use, processes: Processes): number {
  if (keys.custody === 'kms-wrapped') return wrappedCost(keys.algorithm, use, processes)
  const sign = keys.algorithm === 'RS256' ? KMS.signRsa2048 : KMS.signEcc
  return costOf(KMS.key, use.issuers * keys.keysPerIssuer) + costOf(sign, use.exchanges)
}

/** One symmetric key for the installation, and a pair for each key: how many an issuer has makes no difference. */
function wrappedCost(algorithm: SigningAlgorithm, use: Use, processes: Processes): number {
  const pair = algorithm === 'RS256' ? KMS.pairRsa2048 : KMS.pairEcc
  return (
    costOf(KMS.key, 1) +
    costOf(pair, use.issuers * ROTATIONS) +
    costOf(KMS.decrypt, decryptions(use, processes))
  )
}

/** Each process opens a key once; of more issuers than it has room for it opens most of them anew. */
function decryptions({ issuers, exchanges }: Use, { atOnce, seconds }: Processes): number {
  const first = issuers * atOnce * (MONTH_SECONDS / seconds)
  const again = exchanges * Math.max(0, 1 - SIGNERS_MAX / issuers)
  return Math.min(exchanges, first + again)
}
