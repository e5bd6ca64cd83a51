/**
 * To sign: with keys of this deployment in KMS, and with those that its wrapping key encrypted.
 */

import { hasTagOf, isWrappedFor, SIGNS_AS_TOKENS_DO } from './key-conditions.ts'
import type { IamStatement } from './iam-statement.ts'
import { everyKey, type Place } from './place.ts'

/**
 * `wrappingKeyArn`: of the key itself, since IAM looks at no alias; `undefined` without custody `kms-wrapped`.
 *
 * A key in KMS signs for the principals that its own policy names (`signers/kms/key-policy.ts`), and no statement of IAM gives
 * that to anyone else: the first one is the bound for keys whose policy an administrator has opened.
 */
export function signingStatements(
  place: Place,
  wrappingKeyArn: string | undefined,
): readonly IamStatement[] {
  return [
    {
      sid: 'SignWithOwnKeys',
      actions: ['kms:Sign'],
      resources: [everyKey(place)],
      conditions: { StringEquals: { ...hasTagOf(place), ...SIGNS_AS_TOKENS_DO } },
    },
    ...(wrappingKeyArn === undefined ? [] : [unwrapping(place, wrappingKeyArn)]),
  ]
}

function unwrapping(place: Place, wrappingKeyArn: string): IamStatement {
  return {
    sid: 'UnwrapOwnKeys',
    actions: ['kms:Decrypt'],
    resources: [wrappingKeyArn],
    conditions: { StringEquals: isWrappedFor(place) },
  }
}
