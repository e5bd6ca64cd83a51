/**
 * All that each function on AWS Lambda may do, and nothing else.
 */

import { documentStatements, staticCopyStatements } from './documents.ts'
import type { IamStatement } from './iam-statement.ts'
import { keyMakingStatements } from './key-making.ts'
import type { Place } from './place.ts'
import { signingStatements } from './signing.ts'

export interface FunctionPermissions {
  readonly place: Place
  readonly documentsBucketArn: string
  /** Of the key itself; `undefined` without custody `kms-wrapped`. */
  readonly wrappingKeyArn: string | undefined
  /** Of the function's own log group. */
  readonly logGroupName: string
}

export interface ControlPermissions extends FunctionPermissions {
  /** Of what `ROTATE_FUNCTION` names: with its alias, if it has one. */
  readonly rotateFunctionArn: string
}

export interface RotatePermissions extends FunctionPermissions {
  /** `undefined` without static copies. */
  readonly staticCopiesBucketArn: string | undefined
  /** Where Lambda leaves the events of failed runs, in the name of the function. Default: nowhere. */
  readonly deadLetterQueueArn?: string
}

/** Reads and signs. It writes no document, and makes and ends no key. */
export function httpStatements(options: FunctionPermissions): readonly IamStatement[] {
  return [
    ...documentStatements(bucketOf(options), { reads: ['issuers', 'locations', 'policies'] }),
    ...signingStatements(options.place, options.wrappingKeyArn),
    logging(options),
  ]
}

/** Writes documents, signs for operators, and has keys made and ended by the function that rotates. */
export function controlStatements(options: ControlPermissions): readonly IamStatement[] {
  return [
    ...documentStatements(bucketOf(options), {
      reads: ['issuers', 'locations', 'policies'],
      writes: ['issuers', 'locations', 'policies'],
    }),
    ...signingStatements(options.place, options.wrappingKeyArn),
    {
      sid: 'HaveKeysRotated',
      actions: ['lambda:InvokeFunction'],
      resources: [options.rotateFunctionArn],
    },
    logging(options),
  ]
}

/** Makes and ends keys, and signs to prove a successor. Whom an issuer trusts it neither reads nor writes. */
export function rotateStatements(options: RotatePermissions): readonly IamStatement[] {
  const { place, wrappingKeyArn, staticCopiesBucketArn, deadLetterQueueArn } = options
  return [
    ...documentStatements(bucketOf(options), { reads: ['issuers'], writes: ['issuers'] }),
    ...(staticCopiesBucketArn === undefined ? [] : staticCopyStatements(staticCopiesBucketArn)),
    ...keyMakingStatements(place, wrappingKeyArn),
    ...signingStatements(place, wrappingKeyArn),
    ...(deadLetterQueueArn === undefined
      ? []
      : [
          {
            sid: 'LeaveFailedRuns',
            actions: ['sqs:SendMessage'],
            resources: [deadLetterQueueArn],
          },
        ]),
    logging(options),
  ]
}

function bucketOf({ documentsBucketArn, place }: FunctionPermissions) {
  return { bucketArn: documentsBucketArn, deployment: place.deployment }
}

/** The group itself is made beforehand, with its retention. */
function logging({ place, logGroupName }: FunctionPermissions): IamStatement {
  const { partition, region, account } = place
  return {
    sid: 'WriteOwnLog',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [`arn:${partition}:logs:${region}:${account}:log-group:${logGroupName}:*`],
  }
}
