/**
 * What IAM is asked about a request to one of the fakes: the actions that it needs, on what, and with which condition keys.
 *
 * AWS Service Authorization Reference, "Actions, resources, and condition keys" of Amazon S3, AWS KMS and AWS Lambda. A key
 * that is not listed here throws: a condition over it would be judged by nobody.
 */

import type { FakeRequest } from './fake-service.ts'
import type { IamContext } from './iam-conditions.ts'
import type { IamCall } from './iam-policy.ts'

/** Of a key that a request is about; nothing where it is made. */
export interface KeyFacts {
  readonly arn: string
  readonly spec: string
  readonly usage: string
  readonly tags: Readonly<Record<string, string>>
}

type Values = Readonly<Record<string, readonly string[] | undefined>>

/** `families`: keys that have a name in them, such as that of a tag, by what stands before it. */
export function contextFrom(
  values: Values,
  families: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): IamContext {
  const known = new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]))
  return (key) => {
    if (known.has(key)) return known.get(key)
    for (const [start, members] of Object.entries(families)) {
      if (!key.startsWith(start.toLowerCase())) continue
      const found = Object.entries(members).find(
        ([name]) => `${start}${name}`.toLowerCase() === key,
      )
      return found && [found[1]]
    }
    throw new TypeError(`no fake knows the condition key ${key}`)
  }
}

const BUCKET_ARN = 'arn:aws:s3:::'

function one(value: string | null | undefined): readonly string[] | undefined {
  return value === null || value === undefined ? undefined : [value]
}

/** S3's operations by the requests that the fake has; more than one where the service needs more. */
export function s3Calls(operation: string, { target, headers }: FakeRequest): IamCall[] {
  const [path = '', query = ''] = target.split('?')
  const resource = `${BUCKET_ARN}${decodeURIComponent(path.slice(1))}`
  const parameters = new URLSearchParams(query)
  const context = contextFrom({
    's3:if-match': one(headers['if-match']),
    's3:if-none-match': one(headers['if-none-match']),
    // Bucket policies that enforce conditions leave multipart uploads out by it.
    's3:ObjectCreationOperation': operation === 'PutObject' ? ['true'] : undefined,
    's3:TlsVersion': ['1.3'],
    's3:prefix': one(parameters.get('prefix')),
    's3:delimiter': one(parameters.get('delimiter')),
    's3:max-keys': one(parameters.get('max-keys')),
    's3:x-amz-acl': undefined,
    's3:x-amz-server-side-encryption': one(headers['x-amz-server-side-encryption']),
  })
  switch (operation) {
    case 'GetObject':
    case 'HeadObject':
      return [{ action: 's3:GetObject', resource, context }]
    case 'PutObject': {
      const put = { action: 's3:PutObject', resource, context }
      // S3 user guide, "Conditional writes": If-Match needs s3:GetObject too.
      return headers['if-match'] === undefined ? [put] : [put, { ...put, action: 's3:GetObject' }]
    }
    case 'DeleteObject':
      return [{ action: 's3:DeleteObject', resource, context }]
    case 'ListObjectsV2':
      return [{ action: 's3:ListBucket', resource: resource.replace(/\/$/, ''), context }]
    default:
      throw new TypeError(`nobody says which permission ${operation} of S3 needs`)
  }
}

/** Of the bucket of a request, what decides whether a missing object is 404 or 403. */
export function listBucketCall({ target }: FakeRequest): IamCall {
  const [, bucket = ''] = target.split('/')
  const context = contextFrom({
    's3:prefix': undefined,
    's3:delimiter': undefined,
    's3:max-keys': undefined,
    's3:TlsVersion': ['1.3'],
    's3:if-match': undefined,
    's3:if-none-match': undefined,
    's3:ObjectCreationOperation': undefined,
  })
  return { action: 's3:ListBucket', resource: `${BUCKET_ARN}${bucket}`, context }
}

type KmsInput = Readonly<Record<string, unknown>>
interface Tag {
  readonly TagKey: string
  readonly TagValue: string
}

/** `key`: what the request is about, if there is one. `account`: whose keys these are, as the start of an ARN. */
export function kmsCalls(
  operation: string,
  input: KmsInput,
  { key, account }: { readonly key: KeyFacts | undefined; readonly account: string },
): IamCall[] {
  const requestTags = Object.fromEntries(
    ((input['Tags'] ?? []) as readonly Tag[]).map(({ TagKey, TagValue }) => [TagKey, TagValue]),
  )
  const context = kmsContext(input, key, requestTags)
  if (operation === 'CreateKey') {
    const made = { action: 'kms:CreateKey', resource: '*', context }
    if (Object.keys(requestTags).length === 0) return [made]
    // KMS developer guide, "Tagging keys": tags at creation need kms:TagResource too, on a key that is not there yet.
    return [made, { action: 'kms:TagResource', resource: `${account}:key/made-now`, context }]
  }
  // KMS permissions reference: there is no resource to list keys by.
  if (operation === 'ListKeys') return [{ action: 'kms:ListKeys', resource: '*', context }]
  return [{ action: `kms:${operation}`, resource: key?.arn ?? `${account}:key/unknown`, context }]
}

function kmsContext(
  input: KmsInput,
  key: KeyFacts | undefined,
  requestTags: Readonly<Record<string, string>>,
): IamContext {
  const given = (member: string) => {
    const value = input[member]
    // Text, numbers and booleans alone.
    return value === undefined ? undefined : [value as string]
  }
  const encryptionContext = (input['EncryptionContext'] ?? {}) as Readonly<Record<string, string>>
  const tagKeys = Object.keys(requestTags)
  return contextFrom(
    {
      'kms:SigningAlgorithm': given('SigningAlgorithm'),
      'kms:MessageType': given('Message') && (given('MessageType') ?? ['RAW']),
      'kms:KeySpec': key === undefined ? given('KeySpec') : [key.spec],
      'kms:KeyUsage': key === undefined ? given('KeyUsage') : [key.usage],
      'kms:DataKeyPairSpec': given('KeyPairSpec'),
      'kms:EncryptionContextKeys':
        input['EncryptionContext'] === undefined ? undefined : Object.keys(encryptionContext),
      'kms:ScheduleKeyDeletionPendingWindowInDays': given('PendingWindowInDays'),
      'kms:BypassPolicyLockoutSafetyCheck': [
        `${(input['BypassPolicyLockoutSafetyCheck'] ?? false) as boolean}`,
      ],
      'kms:MultiRegion': ['false'],
      'kms:ViaService': undefined,
      'kms:GrantIsForAWSResource': undefined,
      'aws:TagKeys': tagKeys.length === 0 ? undefined : tagKeys,
    },
    {
      'kms:EncryptionContext:': encryptionContext,
      'aws:RequestTag/': requestTags,
      'aws:ResourceTag/': key?.tags ?? {},
    },
  )
}

export function invokeCall(functionArn: string): IamCall {
  const context = contextFrom({
    'lambda:FunctionArn': [functionArn],
  })
  return { action: 'lambda:InvokeFunction', resource: functionArn, context }
}
