/**
 * The key policy of a signing key: who may sign is said by the key itself, so that no IAM policy of the account can give
 * that to anyone else.
 */

import type { KmsSigningAlgorithm } from '../../aws/kms-api.ts'

/**
 * What the account's administrators may do, by IAM: everything but sign and grant it to others. They may replace the policy,
 * which CloudTrail shows: KMS makes no key whose policy nobody could change.
 */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:GetKeyPolicy',
  'kms:GetPublicKey',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
]

/** `signers`: ARNs of IAM principals of the key's own account, at least one. */
export function signingKeyPolicy(
  signers: readonly [string, ...string[]],
  algorithm: KmsSigningAlgorithm,
): string {
  const [, partition, , , account] = signers[0].split(':')
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'signet-signing-key',
    Statement: [
      {
        Sid: 'AccountAdministers',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: ADMINISTRATION,
        Resource: '*',
      },
      {
        Sid: 'SignersSign',
        Effect: 'Allow',
        Principal: { AWS: signers },
        Action: 'kms:Sign',
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:SigningAlgorithm': algorithm, 'kms:MessageType': 'DIGEST' },
        },
      },
    ],
  })
}
