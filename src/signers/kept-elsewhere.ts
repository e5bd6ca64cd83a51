/**
 * Which custodies keep a key outside the document that names it.
 */

import type { KeyCustody } from './key-manager.ts'

const KEPT_ELSEWHERE: Readonly<Record<KeyCustody, boolean>> = {
  kms: true,
  'kms-wrapped': false,
  sealed: false,
}

/**
 * Whether a key of this custody is still there when nobody has its reference: until somebody finds it by its tags and has it
 * deleted. Where not, a reference that is never written leaves nothing behind, and forgetting one is destroying its key.
 */
export function isKeptElsewhere(custody: KeyCustody): boolean {
  return KEPT_ELSEWHERE[custody]
}
