/**
 * The end of bounded retries: a document that could not be written.
 */

import { Fault } from '../errors.ts'
import { ROTATION_ATTEMPTS_MAX } from '../limits.ts'

/** Others changed the ring again and again in between, or each attempt took too long. */
export function overtaken(id: string): Fault {
  return new Fault(
    'storage_unavailable',
    `the ring of issuer ${id} could not be written in ${ROTATION_ATTEMPTS_MAX} attempts: others changed it at the same moment, or the attempts were too slow`,
  )
}
