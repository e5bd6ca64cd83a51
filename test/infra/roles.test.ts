/**
 * What each role of a deployment may do, action by action: one that is added without being written down here fails.
 */

import { describe, expect, test } from 'vitest'
import { ALLOWED, type Row } from './allowed.ts'
import { at, readable, readableOne } from './readable.ts'
import { synthesized, TEST_SETTINGS } from '../support/synthesized.ts'

const { template } = await synthesized()
const { template: unwrapped } = await synthesized({ ...TEST_SETTINGS, wrappedKeys: false })

interface Statement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Row[2]
}

/** One row an action, in an order of their own. */
function rowsOf(statements: readonly Statement[]): Row[] {
  return sorted(
    statements.flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().map((action): Row => {
        const resources = [Resource].flat()
        return Condition === undefined ? [action, resources] : [action, resources, Condition]
      }),
    ),
  )
}

function sorted(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (`${a[0]} ${a[1][0]}` < `${b[0]} ${b[1][0]}` ? -1 : 1))
}

function statementsFor(role: string, policies: ReturnType<typeof readable>): readonly Statement[] {
  return policies
    .filter(({ properties }) => JSON.stringify(properties['Roles']) === JSON.stringify([role]))
    .flatMap(({ properties }) => at(properties, 'PolicyDocument', 'Statement') as Statement[])
}

describe('roles', () => {
  test('are these, whose policies are all in policies of the stack', () => {
    const roles = readable(template, 'AWS::IAM::Role')
    expect(roles.map(({ id }) => id)).toEqual(Object.keys(ALLOWED).toSorted())
    for (const { properties } of roles) {
      expect(properties).not.toHaveProperty('Policies')
      expect(properties).not.toHaveProperty('ManagedPolicyArns')
    }
    for (const type of ['RolePolicy', 'ManagedPolicy', 'User', 'Group', 'UserPolicy']) {
      expect(readable(template, `AWS::IAM::${type}`)).toEqual([])
    }
  })

  test.each(Object.entries(ALLOWED))('%s may do this and nothing else', (role, rows) => {
    const statements = statementsFor(role, readable(template, 'AWS::IAM::Policy'))
    expect(statements.map(({ Effect }) => Effect)).toEqual(statements.map(() => 'Allow'))
    expect(rowsOf(statements)).toEqual(sorted(rows))
  })

  test('each has a policy of its own, so that none shares what another may', () => {
    const policies = readable(template, 'AWS::IAM::Policy')
    expect(policies.map(({ properties }) => properties['Roles'])).toEqual([
      ['HostRolesControl'],
      ['HostRolesHttp'],
      ['HostRolesRotate'],
      ['HostSchedulesRole'],
    ])
  })

  test('are taken by the service alone whose they are', () => {
    const trusts = readable(template, 'AWS::IAM::Role').map(({ id, properties }) => [
      id,
      at(properties, 'AssumeRolePolicyDocument', 'Statement'),
    ])
    const byLambda = [
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
    ]
    expect(Object.fromEntries(trusts)).toEqual({
      HostRolesHttp: byLambda,
      HostRolesControl: byLambda,
      HostRolesRotate: byLambda,
      HostSchedulesRole: [
        {
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': '111122223333',
              'aws:SourceArn': 'HostSchedulesGroup.Arn',
            },
          },
        },
      ],
    })
  })

  test('are allowed nothing by a wildcard of actions, and nobody else is', () => {
    const allowing = statementsIn(template.Resources).filter(({ Effect }) => Effect === 'Allow')
    expect(allowing.length).toBeGreaterThan(20)
    expect(allowing.filter(({ Action }) => [Action].flat().join().includes('*'))).toEqual([])
  })

  test('do not depend on anything, so that nothing has them replaced', () => {
    for (const role of ['Http', 'Control', 'Rotate']) {
      const properties = readableOne(template, 'AWS::IAM::Role', `HostRoles${role}`)
      expect(Object.keys(properties).toSorted()).toEqual([
        'AssumeRolePolicyDocument',
        'Description',
        'Tags',
      ])
    }
    const roles = Object.entries(template.Resources).filter(([id]) => id.startsWith('HostRoles'))
    expect(JSON.stringify(roles)).not.toMatch(/"Ref"|"Fn::|DependsOn/)
  })

  test('may nothing with a key that wraps where there is none', () => {
    expect(readable(unwrapped, 'AWS::KMS::Key')).toEqual([])
    const policies = readable(unwrapped, 'AWS::IAM::Policy')
    const wrapping = ['kms:Decrypt', 'kms:GenerateDataKeyPairWithoutPlaintext']
    for (const [role, rows] of Object.entries(ALLOWED)) {
      const expected = rows.filter(([action]) => !wrapping.includes(action))
      expect(rowsOf(statementsFor(role, policies))).toEqual(sorted(expected))
    }
    expect(JSON.stringify(unwrapped)).not.toContain('KMS_WRAPPING_KEY')
  })
})

/** All statements of all policies, of whatever resource. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'Effect' in value && 'Action' in value ? [value as Statement] : []
  return [...own, ...Object.values(value).flatMap(statementsIn)]
}
