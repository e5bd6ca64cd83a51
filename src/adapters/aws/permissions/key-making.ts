/**
 * To make keys, to find those that were forgotten, and to end them.
 */

import {
  GIVES_NO_OTHER_TAG,
  givesTagOf,
  hasTagOf,
  IS_SIGNING_KEY,
  isWrappedFor,
  KEY_SPECS,
} from './key-conditions.ts'
import type { IamStatement } from './iam-statement.ts'
import { everyKey, type Place } from './place.ts'

/**
 * `wrappingKeyArn`: as for signing.
 *
 * No `kms:PutKeyPolicy`: a key gets its policy with `kms:CreateKey`, which leaves the changing of it to administrators, and
 * is asked for with `BypassPolicyLockoutSafetyCheck` for that reason.
 */
export function keyMakingStatements(
  place: Place,
  wrappingKeyArn: string | undefined,
): readonly IamStatement[] {
  return [
    making(place),
    tagging(place),
    ...lookingUp(place),
    ending(place),
    ...(wrappingKeyArn === undefined ? [] : [makingWrapped(place, wrappingKeyArn)]),
  ]
}

function making(place: Place): IamStatement {
  return {
    sid: 'MakeKeys',
    actions: ['kms:CreateKey'],
    // It is of no key yet.
    resources: ['*'],
    conditions: {
      StringEquals: { ...givesTagOf(place), ...IS_SIGNING_KEY },
      'ForAllValues:StringEquals': GIVES_NO_OTHER_TAG,
    },
  }
}

/**
 * KMS wants it of whoever makes a key with tags, and IAM cannot tell that from the tagging of a key that is there. So it
 * comes to no key of another deployment, and to none that encrypts: where the key's properties are known they have to fit.
 *
 * What is left: a key of somebody else that signs, has no tag of Signet and leaves its tagging to IAM (as the default key
 * policy does) could be marked as ours, and then be disabled. Only an account of its own rules that out.
 */
function tagging(place: Place): IamStatement {
  return {
    sid: 'TagKeysThatAreMade',
    actions: ['kms:TagResource'],
    resources: [everyKey(place)],
    conditions: {
      StringEquals: givesTagOf(place),
      'ForAllValues:StringEquals': GIVES_NO_OTHER_TAG,
      StringEqualsIfExists: { ...hasTagOf(place), ...IS_SIGNING_KEY },
    },
  }
}

/**
 * Whose a key is, its tags say, so those of every key are read. A public key is read right after it was made, before its tags
 * count.
 */
function lookingUp(place: Place): readonly IamStatement[] {
  return [
    { sid: 'ListKeys', actions: ['kms:ListKeys'], resources: ['*'] },
    { sid: 'ReadTags', actions: ['kms:ListResourceTags'], resources: [everyKey(place)] },
    {
      sid: 'ReadSigningKeys',
      actions: ['kms:DescribeKey', 'kms:GetPublicKey'],
      resources: [everyKey(place)],
      conditions: { StringEquals: IS_SIGNING_KEY },
    },
  ]
}

/** Never the key that wraps, were it tagged as all the rest of a stack: with it everything that it wrapped would be lost. */
function ending(place: Place): IamStatement {
  return {
    sid: 'EndOwnKeys',
    actions: ['kms:DisableKey', 'kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion'],
    resources: [everyKey(place)],
    conditions: { StringEquals: { ...hasTagOf(place), ...IS_SIGNING_KEY } },
  }
}

function makingWrapped(place: Place, wrappingKeyArn: string): IamStatement {
  return {
    sid: 'MakeWrappedKeys',
    actions: ['kms:GenerateDataKeyPairWithoutPlaintext'],
    resources: [wrappingKeyArn],
    conditions: { StringEquals: { ...isWrappedFor(place), 'kms:DataKeyPairSpec': KEY_SPECS } },
  }
}
