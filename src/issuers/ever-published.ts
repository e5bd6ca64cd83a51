/**
 * Whether relying parties can know an issuer.
 */

import type { KeyRing } from './issuer-document.ts'

/** Whether it has or had any key in public, of its own or of a cluster. */
export function hasEverPublished({ keys, adopted, former }: KeyRing): boolean {
  return keys.length + adopted.length + former.length > 0
}
