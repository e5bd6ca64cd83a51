/**
 * The judge of the fakes: what IAM allows, by the rules of its user guide, and what nobody here can judge.
 */

import { describe, expect, test } from 'vitest'
import { conditionsHold, type IamConditions } from '../../support/aws/iam-conditions.ts'
import { type IamStatement, judge, type ResourcePolicy } from '../../support/aws/iam-policy.ts'
import { contextFrom } from '../../support/aws/iam-requests.ts'
import { iamWorld } from '../../support/aws/iam-world.ts'

const context = contextFrom(
  {
    'aws:SourceArn': ['arn:aws:cloudfront::111122223333:distribution/E1'],
    'kms:MessageType': ['DIGEST'],
    'aws:TagKeys': ['a', 'b'],
    'aws:SecureTransport': ['true'],
    's3:TlsVersion': ['1.3'],
    's3:prefix': undefined,
  },
  { 'aws:ResourceTag/': { team: 'payments' } },
)

test.each<[holds: boolean, conditions: IamConditions]>([
  [true, {}],
  [true, { StringEquals: { 'kms:MessageType': 'DIGEST' } }],
  [true, { StringEquals: { 'KMS:messagetype': ['RAW', 'DIGEST'] } }],
  [false, { StringEquals: { 'kms:MessageType': 'digest' } }],
  [false, { StringEquals: { 's3:prefix': 'a' } }],
  [true, { StringEqualsIfExists: { 's3:prefix': 'a' } }],
  [true, { StringNotEquals: { 's3:prefix': 'a' } }],
  [false, { StringNotEquals: { 'kms:MessageType': ['RAW', 'DIGEST'] } }],
  [true, { StringLike: { 'kms:MessageType': 'D?G*' } }],
  [false, { StringLike: { 'kms:MessageType': 'D.G*' } }],
  [false, { StringNotLike: { 'kms:MessageType': 'DIG*' } }],
  [true, { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::*:distribution/E?' } }],
  [false, { ArnEquals: { 'aws:SourceArn': 'arn:aws:cloudfront:*:distribution/E1' } }],
  [true, { Bool: { 'aws:SecureTransport': 'true' } }],
  [false, { Bool: { 'aws:SecureTransport': false } }],
  [false, { NumericLessThan: { 's3:TlsVersion': '1.2' } }],
  [true, { NumericLessThan: { 's3:TlsVersion': 1.4 } }],
  [true, { Null: { 's3:prefix': 'true' } }],
  [false, { Null: { 's3:prefix': 'false' } }],
  [false, { Null: { 's3:prefix': 'true', 'kms:MessageType': 'true' } }],
  [true, { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c'] } }],
  [false, { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }],
  [true, { 'ForAllValues:StringEquals': { 's3:prefix': ['a'] } }],
  [true, { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b', 'x'] } }],
  [false, { 'ForAnyValue:StringEquals': { 's3:prefix': ['a'] } }],
  [true, { StringEquals: { 'aws:ResourceTag/team': 'payments' } }],
  [false, { StringEquals: { 'aws:ResourceTag/other': 'payments' } }],
  [
    false,
    { StringEquals: { 'kms:MessageType': 'DIGEST' }, Bool: { 'aws:SecureTransport': 'false' } },
  ],
])('it is %s that %j', (holds, conditions) => {
  expect(conditionsHold(conditions, context)).toBe(holds)
})

test.each<[conditions: IamConditions, message: string]>([
  [{ DateLessThan: { 's3:prefix': 'a' } }, 'no fake judges the operator DateLessThan'],
  [{ StringEquals: { 'aws:Unknown': 'a' } }, 'no fake knows the condition key aws:unknown'],
  [
    { StringEquals: { 'aws:TagKeys': 'a' } },
    'StringEquals needs ForAllValues or ForAnyValue: many values',
  ],
])('nobody judges %j', (conditions, message) => {
  expect(() => conditionsHold(conditions, context)).toThrow(message)
})

const ACCOUNT = '111122223333'
const ROLE = {
  type: 'role',
  arn: `arn:aws:iam::${ACCOUNT}:role/r`,
  account: ACCOUNT,
} as const
const RESOURCE = 'arn:aws:s3:::bucket/signet/issuers/a'
const CALL = { action: 's3:GetObject', resource: RESOURCE, context }

const allow = (more: Partial<IamStatement> = {}): IamStatement => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::bucket/signet/*',
  ...more,
})
const open = (more: Partial<IamStatement> = {}) => allow({ Principal: { AWS: ROLE.arn }, ...more })
const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` }

const policies = (statement: IamStatement) => ({
  policies: [{ Statement: [statement] }],
  needed: false,
})

interface Its {
  readonly its?: readonly IamStatement[]
  readonly needed?: boolean
}

describe('a call is allowed', () => {
  test.each<[title: string, allowed: boolean, own: IamStatement[], resource: Its]>([
    ['by nobody', false, [], {}],
    ['by IAM', true, [allow()], {}],
    ['by an action in another case', true, [allow({ Action: 'S3:getobject' })], {}],
    ['by a list', true, [allow({ Action: ['s3:PutObject', 's3:Get*'] })], {}],
    ['not for another action', false, [allow({ Action: 's3:PutObject' })], {}],
    ['not for another resource', false, [allow({ Resource: 'arn:aws:s3:::bucket/other/*' })], {}],
    [
      'not for a resource in another case',
      false,
      [allow({ Resource: RESOURCE.toUpperCase() })],
      {},
    ],
    [
      'not when its condition does not hold',
      false,
      [allow({ Condition: { Null: { 's3:prefix': 'false' } } })],
      {},
    ],
    ['not when IAM denies it', false, [allow(), allow({ Effect: 'Deny' })], {}],
    ['by the resource that names the caller', true, [], { its: [open()] }],
    ['not by a resource that names the account', false, [], { its: [open({ Principal: root })] }],
    [
      'not when the resource denies everybody',
      false,
      [allow()],
      { its: [open({ Effect: 'Deny', Principal: '*' })] },
    ],
    [
      'not when it denies the account',
      false,
      [allow()],
      { its: [open({ Effect: 'Deny', Principal: root })] },
    ],
    [
      'when it denies a service alone',
      true,
      [allow()],
      { its: [open({ Effect: 'Deny', Principal: { Service: 'a.amazonaws.com' } })] },
    ],
    ['not by IAM where a key does not leave it to the account', false, [allow()], { needed: true }],
    [
      'by IAM where a key leaves it to the account',
      true,
      [allow()],
      { its: [open({ Principal: root })], needed: true },
    ],
    ['by the key alone', true, [], { its: [open()], needed: true }],
  ])('%s', (_title, allowed, own, { its = [], needed = false }) => {
    const resource: ResourcePolicy = { policies: [{ Statement: its }], needed }
    const caller = { principal: ROLE, policies: [{ Statement: own }] }
    expect(judge(CALL, caller, resource).allowed).toBe(allowed)
  })

  test('to a service that the resource names', () => {
    const caller = {
      principal: { type: 'service', name: 'a.amazonaws.com', source: 'arn' },
      policies: [],
    } as const
    const named = open({ Principal: { Service: 'a.amazonaws.com' } })
    expect(judge(CALL, caller, policies(named)).allowed).toBe(true)
    expect(judge(CALL, caller, policies(open({ Principal: root }))).allowed).toBe(false)
  })

  test.each<[statement: object, message: string]>([
    [{ ...allow(), NotAction: 'a' }, 'no fake judges the member NotAction of a statement'],
    [{ Effect: 'Allow', Action: 's3:*' }, 'a statement without a resource trusts'],
  ])('by nobody who is not judged here: %j', (statement, message) => {
    const caller = { principal: ROLE, policies: [{ Statement: [statement as IamStatement] }] }
    expect(() => judge(CALL, caller)).toThrow(message)
  })
})

test('a world knows callers by their keys, what was used and what was denied', () => {
  const Action = ['s3:GetObject', 's3:PutObject']
  const caller = { name: 'http', principal: ROLE, policies: [{ Statement: [allow({ Action })] }] }
  const world = iamWorld(new Map([['AKIA1', caller]]))
  const known = world.callerOf('AWS4-HMAC-SHA256 Credential=AKIA1/20270115/eu/s3/aws4_request, x')
  expect(known?.name).toBe('http')
  expect(
    world.callerOf('AWS4-HMAC-SHA256 Credential=AKIA2/20270115/eu/s3/aws4_request, x'),
  ).toBeUndefined()
  expect(world.unused()).toHaveLength(2)
  expect(world.would(known, CALL)).toBe(true)
  expect(world.unused()).toHaveLength(2)
  expect(world.may(known, CALL)).toBe(true)
  expect(world.unused()).toStrictEqual([
    { caller: 'http', action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/signet/*' },
  ])
  const denied = { ...CALL, action: 's3:DeleteObject' }
  expect([world.may(known, denied), world.may(undefined, CALL)]).toStrictEqual([false, false])
  expect(world.denials).toStrictEqual([
    { caller: 'http', action: 's3:DeleteObject', resource: RESOURCE },
    { caller: 'nobody', action: 's3:GetObject', resource: RESOURCE },
  ])
})
