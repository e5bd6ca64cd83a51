import { describe, expect, test } from 'vitest'
import { signingKeyPolicy } from '../../../../src/adapters/signers/kms/key-policy.ts'
import { KMS_ALGORITHMS } from '../../../../src/adapters/signers/kms/kms-algorithms.ts'

const CONTROL = 'arn:aws:iam::999988887777:role/signet-control'
const TOKEN = 'arn:aws:iam::999988887777:role/signet-token'

interface Statement {
  readonly Sid: string
  readonly Effect: string
  readonly Principal: { readonly AWS: string | readonly string[] }
  readonly Action: string | readonly string[]
  readonly Resource: string
  readonly Condition?: unknown
}

function statementsOf(policy: string): readonly Statement[] {
  return (JSON.parse(policy) as { readonly Statement: readonly Statement[] }).Statement
}

function actionsOf({ Action }: Statement): readonly string[] {
  return [Action].flat()
}

test('is this one', () => {
  const policy = signingKeyPolicy([CONTROL, TOKEN], 'RSASSA_PKCS1_V1_5_SHA_256')
  expect(JSON.parse(policy)).toEqual({
    Version: '2012-10-17',
    Id: 'signet-signing-key',
    Statement: [
      {
        Sid: 'AccountAdministers',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::999988887777:root' },
        Action: [
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
        ],
        Resource: '*',
      },
      {
        Sid: 'SignersSign',
        Effect: 'Allow',
        Principal: { AWS: [CONTROL, TOKEN] },
        Action: 'kms:Sign',
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256',
            'kms:MessageType': 'DIGEST',
          },
        },
      },
    ],
  })
})

test.each(['aws', 'aws-cn', 'aws-us-gov'])(
  'is for the partition %s of its signers',
  (partition) => {
    const signer = `arn:${partition}:iam::111122223333:user/ci/signet`
    const [account, signers] = statementsOf(signingKeyPolicy([signer], 'ECDSA_SHA_256'))
    expect(account?.Principal).toEqual({ AWS: `arn:${partition}:iam::111122223333:root` })
    expect(signers?.Principal).toEqual({ AWS: [signer] })
  },
)

describe.each(Object.values(KMS_ALGORITHMS))('for $signingAlgorithm', ({ signingAlgorithm }) => {
  const policy = signingKeyPolicy([CONTROL], signingAlgorithm)
  const statements = statementsOf(policy)

  test('lets the signers sign a digest with it, and nobody else sign', () => {
    const signing = statements.filter((each) => actionsOf(each).includes('kms:Sign'))
    expect(signing).toMatchObject([
      {
        Principal: { AWS: [CONTROL] },
        Condition: {
          StringEquals: { 'kms:SigningAlgorithm': signingAlgorithm, 'kms:MessageType': 'DIGEST' },
        },
      },
    ])
  })

  test('names each action: none with a wildcard, and none that hands out the right to sign', () => {
    const actions = statements.flatMap(actionsOf)
    expect(actions.filter((action) => !/^kms:[A-Za-z]+$/.test(action))).toEqual([])
    expect(actions).not.toContain('kms:CreateGrant')
    expect(new Set(actions).size).toBe(actions.length)
  })

  test('keeps the key administrable, or KMS would not make it', () => {
    const [account = { Action: [] } as unknown as Statement] = statements
    expect(actionsOf(account)).toContain('kms:PutKeyPolicy')
  })

  test('only allows, and fits into what KMS takes', () => {
    expect(statements.map(({ Effect }) => Effect)).toEqual(['Allow', 'Allow'])
    expect(policy.length).toBeLessThan(32_768)
  })
})
