/**
 * Stored exchange policies, compiled. One that this version does not take is compiled once too: whoever asks for a token
 * then would have it done each time.
 */

import { Fault } from '../errors.ts'
import { compilePolicy } from '../policies/compile-policy.ts'
import type { CompiledPolicy } from '../policies/compiled-policy.ts'
import { parseStoredPolicy } from '../policies/policy-codec.ts'
import { problemSentence } from '../policies/policy-problem.ts'
import { firstFew } from '../printable.ts'
import type { StoredDocument } from '../storage/document-store.ts'

export interface StoredPolicies {
  /** Rejects with fault `document_corrupt`. */
  compiled(id: string, policy: StoredDocument | undefined): Promise<CompiledPolicy | undefined>
}

interface PastFault {
  readonly etag: string
  readonly fault: Fault
}

/** A sentence each, and hardly ever one. */
const FAULTS_MAX = 1000

export function storedPolicies(faultsMax: number = FAULTS_MAX): StoredPolicies {
  const faults = new Map<string, PastFault>()

  function remember(id: string, past: PastFault): void {
    faults.delete(id)
    faults.set(id, past)
    const [oldest] = faults.keys()
    if (faults.size > faultsMax && oldest !== undefined) faults.delete(oldest)
  }

  return {
    compiled: async (id, policy) => {
      if (policy === undefined) return undefined
      const past = faults.get(id)
      if (past?.etag === policy.etag) throw past.fault
      try {
        return await compiledOf(id, policy.body)
      } catch (error) {
        if (error instanceof Fault) remember(id, { etag: policy.etag, fault: error })
        throw error
      }
    },
  }
}

async function compiledOf(id: string, body: string): Promise<CompiledPolicy> {
  const compiled = await compilePolicy(parseStoredPolicy(id, body).policy)
  if (compiled.ok) return compiled.policy
  const sentences = firstFew(compiled.problems.map(problemSentence), '; ')
  throw new Fault(
    'document_corrupt',
    `the exchange policy of issuer ${id} is none that this version takes: ${sentences}; set it anew`,
  )
}
