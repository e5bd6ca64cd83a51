/**
 * What each function on AWS Lambda may do: every action on every resource, as a table.
 */

import { expect, test } from 'vitest'
import {
  controlStatements,
  httpStatements,
  rotateStatements,
} from '../../../../../src/adapters/aws/permissions/function-roles.ts'
import {
  type IamStatement,
  policyDocument,
} from '../../../../../src/adapters/aws/permissions/iam-statement.ts'
import { issuerKey } from '../../../../../src/issuers/issuer-repository.ts'
import { type IssuerLocation, locationKey } from '../../../../../src/locations/issuer-location.ts'
import { policyKey } from '../../../../../src/policies/policy-repository.ts'

const PLACE = {
  partition: 'aws',
  region: 'eu-central-1',
  account: '111122223333',
  deployment: 'signet',
}
const BUCKET = 'arn:aws:s3:::documents'
const COPIES = 'arn:aws:s3:::copies'
const KEYS = 'arn:aws:kms:eu-central-1:111122223333:key/*'
const WRAPPING_KEY =
  'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555'
const ROTATE = 'arn:aws:lambda:eu-central-1:111122223333:function:signet-rotate'
const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:failed'
const COMMON = { place: PLACE, documentsBucketArn: BUCKET, wrappingKeyArn: WRAPPING_KEY }

const http = httpStatements({ ...COMMON, logGroupName: '/signet/http' })
const control = controlStatements({
  ...COMMON,
  logGroupName: '/signet/control',
  rotateFunctionArn: ROTATE,
})
const rotate = rotateStatements({
  ...COMMON,
  logGroupName: '/signet/rotate',
  staticCopiesBucketArn: COPIES,
  deadLetterQueueArn: QUEUE,
})

/** A line for each action on each resource. */
function grants(statements: readonly IamStatement[]): string[] {
  return statements
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => `${action} ${resource}`)),
    )
    .toSorted()
}

function logOf(name: string): string[] {
  const group = `arn:aws:logs:eu-central-1:111122223333:log-group:/signet/${name}:*`
  return [`logs:CreateLogStream ${group}`, `logs:PutLogEvents ${group}`]
}

const READS = ['issuers', 'locations', 'policies'].map(
  (kind) => `s3:GetObject ${BUCKET}/signet/${kind}/*`,
)
const SIGNS = [`kms:Sign ${KEYS}`, `kms:Decrypt ${WRAPPING_KEY}`]

test('http reads and signs, and no more', () => {
  expect(grants(http)).toEqual(
    [...READS, `s3:ListBucket ${BUCKET}`, ...SIGNS, ...logOf('http')].toSorted(),
  )
})

test('control writes documents, signs as http does, and asks rotate', () => {
  expect(grants(control)).toEqual(
    [
      ...READS,
      ...READS.map((line) => line.replace('GetObject', 'PutObject')),
      `s3:ListBucket ${BUCKET}`,
      ...SIGNS,
      `lambda:InvokeFunction ${ROTATE}`,
      ...logOf('control'),
    ].toSorted(),
  )
})

test('rotate writes issuers and static copies, and makes and ends keys', () => {
  expect(grants(rotate)).toEqual(
    [
      `s3:GetObject ${BUCKET}/signet/issuers/*`,
      `s3:PutObject ${BUCKET}/signet/issuers/*`,
      `s3:ListBucket ${BUCKET}`,
      `s3:GetObject ${COPIES}/*/.well-known/*`,
      `s3:PutObject ${COPIES}/*/.well-known/*`,
      `s3:DeleteObject ${COPIES}/*/.well-known/*`,
      `s3:ListBucket ${COPIES}`,
      'kms:CreateKey *',
      `kms:TagResource ${KEYS}`,
      'kms:ListKeys *',
      `kms:ListResourceTags ${KEYS}`,
      `kms:DescribeKey ${KEYS}`,
      `kms:GetPublicKey ${KEYS}`,
      `kms:DisableKey ${KEYS}`,
      `kms:ScheduleKeyDeletion ${KEYS}`,
      `kms:CancelKeyDeletion ${KEYS}`,
      `kms:GenerateDataKeyPairWithoutPlaintext ${WRAPPING_KEY}`,
      ...SIGNS,
      `sqs:SendMessage ${QUEUE}`,
      ...logOf('rotate'),
    ].toSorted(),
  )
})

test('without a wrapping key, static copies and a queue none is named', () => {
  const alone = rotateStatements({
    ...COMMON,
    wrappingKeyArn: undefined,
    logGroupName: '/signet/rotate',
    staticCopiesBucketArn: undefined,
  })
  expect(grants(alone).join('\n')).not.toMatch(/copies|sqs|Decrypt|DataKeyPair|11111111/)
})

test.each([
  ['http', http],
  ['control', control],
  ['rotate', rotate],
])('%s has one name for each statement, and no action by a pattern', (_name, statements) => {
  const sids = statements.map(({ sid }) => sid)
  expect(new Set(sids).size).toBe(sids.length)
  for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/)
  expect(statements.flatMap(({ actions }) => actions).join(' ')).not.toMatch(/[*?]/)
  expect(JSON.stringify(policyDocument(statements)).length).toBeLessThan(10_240)
})

test('documents are named as they are stored', () => {
  const keys = [issuerKey('*'), locationKey('*' as IssuerLocation), policyKey('*')]
  expect(grants(http).filter((line) => line.startsWith('s3:GetObject'))).toEqual(
    keys.map((key) => `s3:GetObject ${BUCKET}/signet/${key}`),
  )
})

/** What is said of KMS. */
function signing(statements: readonly IamStatement[]): readonly IamStatement[] {
  return statements.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')))
}

test('http and control sign under the same conditions', () => {
  expect(signing(control)).toEqual(signing(http))
  expect(signing(http).every(({ conditions }) => conditions !== undefined)).toBe(true)
})
