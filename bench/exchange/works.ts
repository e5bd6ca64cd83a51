/**
 * What a server does alone when the bench asks for it, by name.
 */

import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'

/** The parts of an exchange that are measured alone, in the order in which they come. */
export const STEPS = ['form', 'parse', 'verify', 'policy', 'sign', 'audit'] as const
export type Step = (typeof STEPS)[number]

export function limitWork(alg: SigningAlgorithm): string {
  return `limit ${alg}`
}

export function stepWork(alg: SigningAlgorithm, step: Step): string {
  return `${step} ${alg}`
}
