/**
 * All that the access key of a Worker may do: a Worker makes, ends and uses keys itself, and keeps its documents elsewhere.
 */

import type { IamStatement } from './iam-statement.ts'
import { keyMakingStatements } from './key-making.ts'
import type { Place } from './place.ts'
import { signingStatements } from './signing.ts'

/** `wrappingKeyArn`: of the key itself; `undefined` without custody `kms-wrapped`. */
export function workerStatements(
  place: Place,
  wrappingKeyArn: string | undefined,
): readonly IamStatement[] {
  return [
    ...keyMakingStatements(place, wrappingKeyArn),
    ...signingStatements(place, wrappingKeyArn),
  ]
}
