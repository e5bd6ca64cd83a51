/**
 * The symmetric KMS key of custody `kms-wrapped`, under which private keys are encrypted.
 *
 * Who may use it is said by the key itself, as with signing keys: the account administers it by IAM, and can neither decrypt
 * nor give that to anyone else without replacing the policy, which CloudTrail shows.
 *
 * It never has the tag `signet:deployment`: by that tag the function that rotates knows the keys it may destroy.
 */

import { Aws, type aws_iam as iam, aws_kms as kms, RemovalPolicy } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { KEY_SPECS } from '../../src/adapters/aws/permissions/key-conditions.ts'
import { DEPLOYMENT_TAG } from '../../src/adapters/signers/key-tags.ts'
import { LAMBDA_NAMES, type OfEachFunction } from './each-function.ts'

export interface WrappingKeyProps {
  readonly deployment: string
  /** All three sign, and so decrypt; `rotate` makes keys. */
  readonly roles: OfEachFunction<iam.IRole>
}

/** Everything but to use the key and to grant that; with what CloudFormation needs to keep the key as it is described here. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
]

export class WrappingKey extends Construct {
  readonly keyArn: string

  constructor(scope: Construct, id: string, props: WrappingKeyProps) {
    super(scope, id)
    // Not the construct of the CDK: its own policy lets every IAM policy of the account decrypt.
    const key = new kms.CfnKey(this, 'Key', {
      description: `Signet: wraps private keys of installation ${props.deployment}`,
      enableKeyRotation: true,
      keyPolicy: wrappingKeyPolicy(props),
    })
    key.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    this.keyArn = key.attrArn
  }
}

function wrappingKeyPolicy({ deployment, roles }: WrappingKeyProps): object {
  const ofThisDeployment = { [`kms:EncryptionContext:${DEPLOYMENT_TAG}`]: deployment }
  return {
    Version: '2012-10-17',
    Id: 'signet-wrapping-key',
    Statement: [
      {
        Sid: 'AccountAdministers',
        Effect: 'Allow',
        Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
        Action: ADMINISTRATION,
        Resource: '*',
      },
      {
        Sid: 'SignersUnwrap',
        Effect: 'Allow',
        Principal: { AWS: LAMBDA_NAMES.map((name) => roles[name].roleArn) },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringEquals: ofThisDeployment },
      },
      {
        Sid: 'RotationMakesKeys',
        Effect: 'Allow',
        Principal: { AWS: roles.rotate.roleArn },
        Action: 'kms:GenerateDataKeyPairWithoutPlaintext',
        Resource: '*',
        Condition: {
          StringEquals: { ...ofThisDeployment, 'kms:DataKeyPairSpec': KEY_SPECS },
        },
      },
    ],
  }
}
