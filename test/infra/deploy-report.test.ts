import { beforeAll, describe, expect, test } from 'vitest'
import { policyLines } from '../../infra/deploy/policy-text.ts'
import { resourceReport } from '../../infra/deploy/resource-report.ts'
import { templateText } from '../../infra/deploy/template-text.ts'
import type { Template } from '../support/aws/template.ts'
import { synthesized } from '../support/synthesized.ts'

test.each([
  ['plain', 'plain'],
  [10, '10'],
  [true, 'true'],
  [undefined, ''],
  [['a', { Ref: 'B' }], 'a, {B}'],
  [{ Ref: 'AWS::Region' }, '{Region}'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '{Bucket.Arn}'],
  [
    { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'B' }]] },
    'arn:{Partition}:s3:::{B}',
  ],
  [{ 'Fn::Join': [',', ['a', 'b']] }, 'a,b'],
  [{ 'Fn::Sub': 'https://${Api}.${AWS::URLSuffix}' }, 'https://{Api}.{URLSuffix}'],
  [{ 'Fn::Select': [0, { Ref: 'Names' }] }, '{Names}[0]'],
  [{ 'Fn::If': ['C', 'a', 'b'] }, '{"Fn::If":["C","a","b"]}'],
  [{ a: 1, b: 2 }, '{"a":1,"b":2}'],
])('%j reads %s', (value, text) => {
  expect(templateText(value)).toBe(text)
})

test('a statement has everything that it says', () => {
  const statement = {
    Sid: 'Name',
    Effect: 'Deny',
    Principal: { AWS: ['a', 'b'], Service: 's.amazonaws.com' },
    Action: ['s3:PutObject', 's3:GetObject'],
    Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
    Condition: { Null: { 's3:if-match': 'true' }, StringEquals: { 'a:b': ['c', 'd'] } },
  }
  const all = { Effect: 'Allow', Principal: '*', NotAction: 's3:*', NotResource: 'x' }
  expect(policyLines({ Statement: [statement, all] })).toEqual([
    'deny (Name)',
    '    who  AWS a',
    '    who  AWS b',
    '    who  Service s.amazonaws.com',
    '    do   s3:PutObject',
    '    do   s3:GetObject',
    '    on   {Bucket.Arn}',
    '    if   s3:if-match Null true',
    '    if   a:b StringEquals c, d',
    'allow',
    '    who  *',
    '    do anything but s3:*',
    '    on anything but x',
  ])
})

test('a statement with a member that has no words here is shown as it is', () => {
  const statement = { Effect: 'Allow', Action: 'a', NotPrincipal: '*' }
  expect(policyLines({ Statement: statement })).toEqual([
    'allow',
    '    do   a',
    '    and  NotPrincipal *',
  ])
})

describe('the report on the app', () => {
  let template: Template
  let report: string

  beforeAll(async () => {
    template = (await synthesized()).template
    report = resourceReport(template)
  })

  test('has each resource, and what is kept', () => {
    const lines = report.split('\n')
    for (const [id, { Type }] of Object.entries(template.Resources)) {
      expect(
        lines.some((line) => line.trim().split(/ {2,}/).slice(0, 2).join() === `${Type},${id}`),
      ).toBe(true)
    }
    expect(
      lines.filter((line) => line.endsWith('(kept when the stack is deleted)')).length,
    ).toBeGreaterThan(5)
  })

  test('has every action of every policy', () => {
    const lines = report.split('\n')
    const actions = [
      ...JSON.stringify(template).matchAll(/"Action":(\[[^\]]+\]|"[^"]+")/g),
    ].flatMap(([, given = '""']) => JSON.parse(given) as string | string[])
    const shown = lines.flatMap((line) => / do {3}(\S+)$/.exec(line)?.[1] ?? [])
    expect(shown.toSorted()).toEqual(actions.toSorted())
    expect(actions.length).toBeGreaterThan(60)
  })

  test('has the outputs', () => {
    expect(report).toMatch(
      / {2}PublicUrl +https:\/\/oidc\.signet\.internal {2}\(Below which new issuers are made\)/,
    )
  })
})
