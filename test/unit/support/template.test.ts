import { expect, test } from 'vitest'
import { type PhysicalNames, resolved } from '../../support/aws/template.ts'

type Texts = Readonly<Record<string, string>>
const REFS: Texts = { 'AWS::Region': 'eu-central-1', Bucket: 'a-bucket' }
const ATTRIBUTES: Texts = { 'Role.Arn': 'arn:of-role', 'Api.Deep.Er': 'deep' }
const NAMES: PhysicalNames = {
  ref: (id) => REFS[id],
  attribute: (id, name) => ATTRIBUTES[`${id}.${name}`],
}

test.each<[value: unknown, expected: unknown]>([
  ['text', 'text'],
  [
    [1, null, true],
    [1, null, true],
  ],
  [{ Ref: 'Bucket' }, 'a-bucket'],
  [{ a: { Ref: 'AWS::Region' } }, { a: 'eu-central-1' }],
  [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
  [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:of-role'],
  [{ 'Fn::GetAtt': 'Api.Deep.Er' }, 'deep'],
  [{ 'Fn::Join': ['/', ['a', { Ref: 'Bucket' }]] }, 'a/a-bucket'],
  [{ 'Fn::Select': ['1', { 'Fn::Split': ['-', { Ref: 'AWS::Region' }] }] }, 'central'],
  [{ 'Fn::Sub': 'x-${Bucket}-${Role.Arn}-${!Bucket}' }, 'x-a-bucket-arn:of-role-${Bucket}'],
  [{ 'Fn::Sub': ['${Own}', { Own: { Ref: 'Bucket' } }] }, 'a-bucket'],
  // A member that only looks like a function.
  [
    { Ref: 'Bucket', Other: 1 },
    { Ref: 'Bucket', Other: 1 },
  ],
])('%j becomes %j', (value, expected) => {
  expect(resolved(value, NAMES)).toStrictEqual(expected)
})

test.each<[value: unknown, message: string]>([
  [{ Ref: 'Other' }, 'nobody has chosen a name for Other'],
  [{ 'Fn::GetAtt': ['Role', 'Id'] }, 'nobody has chosen the Id of Role'],
  [{ 'Fn::Sub': '${Other}' }, 'nobody has chosen a name for Other'],
  [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'no test resolves the intrinsic function Fn::FindInMap'],
])('%j is refused', (value, message) => {
  expect(() => resolved(value, NAMES)).toThrow(new TypeError(message))
})
