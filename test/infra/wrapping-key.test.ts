import { describe, expect, test } from 'vitest'
import { KEY_SPECS, OUR_CONTEXT } from './allowed.ts'
import { at, readable, readableOne } from './readable.ts'
import { synthesized } from '../support/synthesized.ts'

const { template } = await synthesized()

describe('the wrapping key', () => {
  test('decrypts for the roles that sign and wraps for the one that makes keys', () => {
    const key = readableOne(template, 'AWS::KMS::Key', 'HostWrappingKey')
    const [administers, ...uses] = at(key, 'KeyPolicy', 'Statement') as unknown[]
    expect(key).toMatchObject({ EnableKeyRotation: true })
    expect(key).not.toHaveProperty('KeyUsage')
    expect(uses).toEqual([
      {
        Sid: 'SignersUnwrap',
        Effect: 'Allow',
        Principal: { AWS: ['HostRolesHttp.Arn', 'HostRolesControl.Arn', 'HostRolesRotate.Arn'] },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringEquals: OUR_CONTEXT },
      },
      {
        Sid: 'RotationMakesKeys',
        Effect: 'Allow',
        Principal: { AWS: 'HostRolesRotate.Arn' },
        Action: 'kms:GenerateDataKeyPairWithoutPlaintext',
        Resource: '*',
        Condition: { StringEquals: { ...OUR_CONTEXT, 'kms:DataKeyPairSpec': KEY_SPECS } },
      },
    ])
    expect(administers).toMatchObject({
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Resource: '*',
    })
  })

  test('is administered by the account, which may neither use it nor have it used', () => {
    const key = readableOne(template, 'AWS::KMS::Key', 'HostWrappingKey')
    const actions = at(key, 'KeyPolicy', 'Statement', 0, 'Action') as string[]
    // What CloudFormation needs to make, change and read it, and what an administrator needs to take a deletion back.
    expect(actions.toSorted()).toEqual([
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
    ])
  })

  test('has no tag by which the function that rotates knows its own keys', () => {
    expect(JSON.stringify(readable(template, 'AWS::KMS::Key'))).not.toContain('"signet:deployment"')
    for (const { Properties } of Object.values(template.Resources)) {
      expect(JSON.stringify(Properties?.['Tags'] ?? [])).not.toContain('signet:')
    }
  })
})
