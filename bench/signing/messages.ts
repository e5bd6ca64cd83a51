/**
 * What the signing process says to the bench when it is done.
 */

import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'

export interface SigningFigures {
  readonly alg: SigningAlgorithm
  /** `raw`: WebCrypto itself. */
  readonly way: 'raw' | 'sealed' | 'kms-wrapped'
  /** CPU time a signature, of each batch. */
  readonly cpuMicros: readonly number[]
  /** Signatures a second, one after the other, of each batch. */
  readonly perSecond: readonly number[]
}
