import { describe, expect, test } from 'vitest'
import { type IamPolicy, type IamPrincipal, judge } from '../support/aws/iam-policy.ts'
import { readable, readableOne } from './readable.ts'
import { synthesized, TEST_SETTINGS } from '../support/synthesized.ts'

const { template } = await synthesized()

const DOCUMENTS = 'HostDocumentsBucket'
const COPIES = 'HostStaticCopiesBucket'

const PRIVATE = {
  BucketEncryption: {
    // No key of KMS: documents are read while KMS is not.
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ],
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  Tags: [{ Key: 'application', Value: 'signet' }],
}

test('there are two buckets, and neither has a name', () => {
  expect(readable(template, 'AWS::S3::Bucket').map(({ id }) => id)).toEqual([DOCUMENTS, COPIES])
})

test('documents are private, and their earlier versions are kept for a while', () => {
  expect(readableOne(template, 'AWS::S3::Bucket', DOCUMENTS)).toEqual({
    ...PRIVATE,
    VersioningConfiguration: { Status: 'Enabled' },
    LifecycleConfiguration: {
      Rules: [
        {
          Id: 'earlier-versions',
          Status: 'Enabled',
          NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        },
      ],
    },
  })
})

test('static copies are private and have no versions', () => {
  expect(readableOne(template, 'AWS::S3::Bucket', COPIES)).toEqual(PRIVATE)
})

test('names and days are what they are set to', async () => {
  const { template: named } = await synthesized({
    ...TEST_SETTINGS,
    bucketNames: { documents: 'our-documents', staticCopies: 'our-copies' },
    noncurrentDocumentDays: 7,
  })
  expect(readableOne(named, 'AWS::S3::Bucket', DOCUMENTS)).toMatchObject({
    BucketName: 'our-documents',
    LifecycleConfiguration: { Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 7 } }] },
  })
  expect(readableOne(named, 'AWS::S3::Bucket', COPIES)).toMatchObject({ BucketName: 'our-copies' })
})

const ADMINISTRATOR = {
  principal: {
    type: 'role',
    arn: 'arn:aws:iam::111122223333:role/administrator',
    account: '111122223333',
  },
  policies: [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
} as const

const NOBODY = {
  ...ADMINISTRATOR,
  policies: [],
}

const TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' }

interface Asked {
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, string>>
}

function isAllowed(
  bucket: string,
  { action, resource, context = TLS }: Asked,
  caller: { readonly principal: IamPrincipal; readonly policies: readonly IamPolicy[] },
): boolean {
  const { PolicyDocument } = readableOne(template, 'AWS::S3::BucketPolicy', `${bucket}Policy`)
  const call = {
    action,
    resource,
    context: (key: string) => {
      const found = Object.entries(context).find(
        ([name]) => name.toLowerCase() === key.toLowerCase(),
      )
      if (key === 'aws:principalarn' && caller.principal.type === 'role') {
        return [caller.principal.arn]
      }
      return found && [found[1]]
    },
  }
  return judge(call, caller, { policies: [PolicyDocument as IamPolicy], needed: false }).allowed
}

const DOCUMENT = `${DOCUMENTS}.Arn/signet/issuers/prod`

describe('an administrator of the account', () => {
  test.each<[string, Asked]>([
    ['reads a document', { action: 's3:GetObject', resource: DOCUMENT }],
    [
      'makes one that is not there',
      {
        action: 's3:PutObject',
        resource: DOCUMENT,
        context: { ...TLS, 's3:if-none-match': '*' },
      },
    ],
    [
      'replaces one that he has read',
      { action: 's3:PutObject', resource: DOCUMENT, context: { ...TLS, 's3:if-match': 'abc' } },
    ],
    [
      'puts what is no document of this deployment',
      { action: 's3:PutObject', resource: `${DOCUMENTS}.Arn/other/issuers/prod` },
    ],
    [
      'deletes what is no document of this deployment',
      { action: 's3:DeleteObject', resource: `${DOCUMENTS}.Arn/other/issuers/prod` },
    ],
    ['lists', { action: 's3:ListBucket', resource: `${DOCUMENTS}.Arn` }],
  ])('%s', (_what, asked) => {
    expect(isAllowed(DOCUMENTS, asked, ADMINISTRATOR)).toBe(true)
  })

  test.each<[string, Asked]>([
    ['put one whatever is there', { action: 's3:PutObject', resource: DOCUMENT }],
    ['delete one', { action: 's3:DeleteObject', resource: DOCUMENT }],
    ['delete a version of one', { action: 's3:DeleteObjectVersion', resource: DOCUMENT }],
    ['have one replaced by a replica', { action: 's3:ReplicateObject', resource: DOCUMENT }],
    ['have one deleted by a replica', { action: 's3:ReplicateDelete', resource: DOCUMENT }],
    [
      'delete one under a condition',
      { action: 's3:DeleteObject', resource: DOCUMENT, context: { ...TLS, 's3:if-match': 'abc' } },
    ],
    [
      'read one without TLS',
      {
        action: 's3:GetObject',
        resource: DOCUMENT,
        context: { 'aws:SecureTransport': 'false', 's3:TlsVersion': '1.3' },
      },
    ],
    [
      'list by an old TLS',
      {
        action: 's3:ListBucket',
        resource: `${DOCUMENTS}.Arn`,
        context: { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.1' },
      },
    ],
  ])('cannot %s', (_what, asked) => {
    expect(isAllowed(DOCUMENTS, asked, ADMINISTRATOR)).toBe(false)
  })
})

const COPY = `${COPIES}.Arn/oidc.signet.internal/prod/.well-known/jwks.json`

function roleNamed(arn: string): typeof ADMINISTRATOR {
  return { ...ADMINISTRATOR, principal: { ...ADMINISTRATOR.principal, arn } } as never
}

describe('a static copy', () => {
  const WRITING = ['s3:PutObject', 's3:ReplicateObject', 's3:RestoreObject']

  test.each(WRITING)('is written by the role of rotate alone: %s', (action) => {
    const asked = { action, resource: COPY }
    expect(isAllowed(COPIES, asked, roleNamed('HostRolesRotate.Arn'))).toBe(true)
    expect(isAllowed(COPIES, asked, ADMINISTRATOR)).toBe(false)
    const others = ['HostRolesControl.Arn', 'HostRolesHttp.Arn', 'HostRolesRotate.Arn2']
    expect(others.filter((arn) => isAllowed(COPIES, asked, roleNamed(arn)))).toEqual([])
  })

  test.each(WRITING)('is written by no service of its own: %s', (action) => {
    const service = { type: 'service', name: 'cloudfront.amazonaws.com', source: '' } as const
    const caller = { principal: service, policies: ADMINISTRATOR.policies }
    expect(isAllowed(COPIES, { action, resource: COPY }, caller)).toBe(false)
  })

  test('is read and deleted by an administrator, since it can be made anew', () => {
    for (const action of ['s3:GetObject', 's3:DeleteObject']) {
      expect(isAllowed(COPIES, { action, resource: COPY }, ADMINISTRATOR)).toBe(true)
    }
  })
})

describe('the policy of a bucket', () => {
  test('gives nobody anything of the documents', () => {
    const asked = { action: 's3:GetObject', resource: DOCUMENT }
    expect(isAllowed(DOCUMENTS, asked, NOBODY)).toBe(false)
    const { PolicyDocument } = readableOne(template, 'AWS::S3::BucketPolicy', `${DOCUMENTS}Policy`)
    const effects = (PolicyDocument as IamPolicy).Statement.map(({ Effect }) => Effect)
    expect(new Set(effects)).toEqual(new Set(['Deny']))
  })

  test.each([
    ['s3:GetObject', '/oidc.signet.internal/prod/.well-known/jwks.json'],
    ['s3:ListBucket', ''],
  ])('gives %s of the static copies to the distribution alone', (action, key) => {
    const resource = `${COPIES}.Arn${key}`
    const service = { type: 'service', name: 'cloudfront.amazonaws.com', source: '' } as const
    const distribution = 'arn:aws:cloudfront::111122223333:distribution/HostCdnDistribution'
    const asOf = (source: string) => ({
      action,
      resource,
      context: { ...TLS, 'aws:SourceArn': source },
    })
    const cdn = { principal: service, policies: [] }
    expect(isAllowed(COPIES, asOf(distribution), cdn)).toBe(true)
    expect(isAllowed(COPIES, asOf(`${distribution}2`), cdn)).toBe(false)
    expect(isAllowed(COPIES, { action, resource }, NOBODY)).toBe(false)
    expect(isAllowed(COPIES, { ...asOf(distribution), action: 's3:PutObject' }, cdn)).toBe(false)
  })
})
