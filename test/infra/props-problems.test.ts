import { App, aws_s3 as s3, Stack, Token } from 'aws-cdk-lib'
import { describe, expect, test } from 'vitest'
import { SignetIssuerHost } from '../../infra/issuer-host/issuer-host.ts'
import type { SignetIssuerHostProps } from '../../infra/issuer-host/issuer-host-props.ts'
import { propsProblems } from '../../infra/issuer-host/props-problems.ts'

const GOOD = {
  domainNames: ['oidc.signet.internal'],
  certificateArn:
    'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
} as const

function bucketNamed(name: string): s3.IBucket {
  return s3.Bucket.fromBucketName(new Stack(new App(), 'Logs'), 'Logs', name)
}

const A_LIST = ['oidc.signet.internal', 'old.signet.internal', '4.signet.internal'] as const

test.each<[string, Partial<SignetIssuerHostProps>]>([
  ['the least', {}],
  ['several names', { domainNames: A_LIST }],
  [
    'a hundred names',
    { domainNames: Array.from({ length: 100 }, (_, n) => `${n}.signet.internal`) },
  ],
  ['the longest label', { domainNames: [`${'a'.repeat(63)}.signet.internal`] }],
  ['a deployment', { deployment: 'prod-eu-1' }],
  ['custody of wrapped keys', { defaultCustody: 'kms-wrapped' }],
  ['no wrapped keys', { wrappedKeys: false, defaultCustody: 'kms' }],
  ['the shortest times', { rotationMinutes: 1, noncurrentDocumentDays: 1 }],
  ['the largest rotate', { functions: { rotate: { memoryMb: 10_240, timeoutSeconds: 900 } } }],
  ['the slowest http', { functions: { http: { timeoutSeconds: 29, concurrency: 1 } } }],
  [
    'the longest silence',
    { alarmThresholds: { rotationSilenceMinutes: 1440, crashes: 1_000_000 } },
  ],
  ['the shortest', { rotationMinutes: 1, alarmThresholds: { rotationSilenceMinutes: 2 } }],
  ['rotations that are as rare as may be', { rotationMinutes: 30 }],
  ['two names of buckets', { bucketNames: { documents: 'documents', staticCopies: 'copies' } }],
  ['one name of a bucket', { bucketNames: { documents: 'documents' } }],
  [
    'a silence nobody knows yet',
    { alarmThresholds: { rotationSilenceMinutes: Token.asNumber({ Ref: 'Silence' }) } },
  ],
  [
    'access logs elsewhere',
    { accessLogs: bucketNamed('logs'), bucketNames: { documents: 'documents' } },
  ],
  ['one request a second', { throttle: { tokens: { ratePerSecond: 1, burst: 1 } } }],
  ['names nobody knows yet', { domainNames: Token.asList({ Ref: 'Names' }) }],
  ['a name nobody knows yet', { domainNames: [Token.asString({ Ref: 'Name' })] }],
  ['a certificate nobody knows yet', { certificateArn: Token.asString({ Ref: 'Certificate' }) }],
  ['a deployment nobody knows yet', { deployment: Token.asString({ Ref: 'Deployment' }) }],
  ['a number nobody knows yet', { rotationMinutes: Token.asNumber({ Ref: 'Minutes' }) }],
])('takes %s', (_what, props) => {
  expect(propsProblems({ ...GOOD, ...props })).toEqual([])
})

const NAME =
  'domainNames must be host names in lower case such as "oidc.your-domain", without scheme, port or wildcard, got'

describe('refuses', () => {
  test.each<[string, Partial<SignetIssuerHostProps>, string]>([
    [
      'no name',
      { domainNames: [] },
      'domainNames must have 1 to 100 names, got 0: the first is the host of PUBLIC_URL',
    ],
    [
      'more names than CloudFront takes',
      { domainNames: Array.from({ length: 101 }, (_, n) => `${n}.signet.internal`) },
      'domainNames must have 1 to 100 names, got 101: the first is the host of PUBLIC_URL',
    ],
    [
      'a name twice',
      { domainNames: ['a.signet.internal', 'b.signet.internal', 'a.signet.internal'] },
      'domainNames must name each once, got "a.signet.internal" twice',
    ],
    ...[
      'OIDC.signet.internal',
      'https://oidc.signet.internal',
      'oidc.signet.internal:8443',
      'oidc.signet.internal/prod',
      '*.signet.internal',
      'oidc.signet.internal.',
      'oidc_1.signet.internal',
      'localhost',
      '',
      'bücher.signet.internal',
    ].map((name): [string, Partial<SignetIssuerHostProps>, string] => [
      `the name ${JSON.stringify(name)}`,
      { domainNames: ['oidc.signet.internal', name] },
      `${NAME} ${JSON.stringify(name)}`,
    ]),
    [
      'a label that is too long',
      { domainNames: [`${'a'.repeat(64)}.internal`] },
      `${NAME} "${'a'.repeat(64)}.internal"`,
    ],
    [
      'a name that nobody can own',
      { domainNames: ['oidc.example.com'] },
      'domainNames has a name that cannot be used: PUBLIC_URL is the placeholder: set it to the URL at which this host is reached, got "https://oidc.example.com"',
    ],
    [
      'a certificate of another region',
      { certificateArn: GOOD.certificateArn.replace('us-east-1', 'eu-central-1') },
      'certificateArn must be the ARN of a certificate of AWS Certificate Manager in us-east-1, got something else: CloudFront takes certificates of no other region',
    ],
    [
      'a deployment that the functions refuse',
      { deployment: 'Prod' },
      'deployment must be 1 to 32 lower-case letters, digits and inner hyphens, got "Prod": name this installation, and keep the name',
    ],
    [
      'a default custody that is not there',
      { wrappedKeys: false, defaultCustody: 'kms-wrapped' },
      'defaultCustody must be "kms" where wrappedKeys is false, got "kms-wrapped": change one of the two',
    ],
    [
      'http that API Gateway does not wait for',
      { functions: { http: { timeoutSeconds: 30 } } },
      'functions.http.timeoutSeconds must be a whole number from 1 to 29, got 30',
    ],
    [
      'control that API Gateway does not wait for',
      { functions: { control: { timeoutSeconds: 30 } } },
      'functions.control.timeoutSeconds must be a whole number from 1 to 29, got 30',
    ],
    [
      'rotate that is longer than Lambda runs',
      { functions: { rotate: { timeoutSeconds: 901 } } },
      'functions.rotate.timeoutSeconds must be a whole number from 60 to 900, got 901',
    ],
    [
      'memory that Lambda does not have',
      { functions: { rotate: { memoryMb: 127 } } },
      'functions.rotate.memoryMb must be a whole number from 128 to 10240, got 127',
    ],
    [
      'no instance at all',
      { functions: { http: { concurrency: 0 } } },
      'functions.http.concurrency must be a whole number from 1 to 100000, got 0',
    ],
    [
      'a rate of nothing',
      { throttle: { tokens: { ratePerSecond: 0, burst: 1 } } },
      'throttle.tokens.ratePerSecond must be a whole number from 1 to 100000, got 0',
    ],
    [
      'a burst that is no number',
      { throttle: { control: { ratePerSecond: 1, burst: Number.NaN } } },
      'throttle.control.burst must be a whole number from 1 to 100000, got NaN',
    ],
    [
      'rotations that are seldom',
      { rotationMinutes: 31 },
      'rotationMinutes must be a whole number from 1 to 30, got 31',
    ],
    [
      'a silence of more than a day, which is no period of CloudWatch',
      { alarmThresholds: { rotationSilenceMinutes: 1441 } },
      'alarmThresholds.rotationSilenceMinutes must be a whole number from 2 to 1440, got 1441',
    ],
    [
      'a silence that is shorter than two rotations',
      { rotationMinutes: 10, alarmThresholds: { rotationSilenceMinutes: 19 } },
      'alarmThresholds.rotationSilenceMinutes must be at least 20, twice rotationMinutes, got 19: between two rotations that are well there would be an alarm',
    ],
    [
      'a silence that is shorter than two rotations as they are by default',
      { alarmThresholds: { rotationSilenceMinutes: 29 } },
      'alarmThresholds.rotationSilenceMinutes must be at least 30, twice rotationMinutes, got 29: between two rotations that are well there would be an alarm',
    ],
    [
      'an alarm of nothing',
      { alarmThresholds: { tokenMilliseconds: 0 } },
      'alarmThresholds.tokenMilliseconds must be a whole number from 1 to 1000000, got 0',
    ],
    [
      'one bucket for both',
      { bucketNames: { documents: 'ours', staticCopies: 'ours' } },
      'bucketNames must name two buckets, got "ours" for both: the CDN may read all of one and nothing of the other',
    ],
    [
      'access logs among documents',
      { accessLogs: bucketNamed('ours'), bucketNames: { documents: 'ours' } },
      'accessLogs must be another bucket than bucketNames.documents: that one takes no logs',
    ],
    [
      'access logs among static copies',
      { accessLogs: bucketNamed('ours'), bucketNames: { staticCopies: 'ours' } },
      'accessLogs must be another bucket than bucketNames.staticCopies: that one takes no logs',
    ],
    [
      'half a day',
      { noncurrentDocumentDays: 0.5 },
      'noncurrentDocumentDays must be a whole number from 1 to 36500, got 0.5',
    ],
  ])('%s', (_what, props, problem) => {
    expect(propsProblems({ ...GOOD, ...props })).toEqual([problem])
  })

  test('everything at once, before anything is made', () => {
    const stack = new Stack(new App(), 'Test')
    const props = { ...GOOD, deployment: 'Prod', rotationMinutes: 0 }
    expect(() => new SignetIssuerHost(stack, 'Host', props)).toThrow(
      /^deployment must.*\nrotationMinutes must/,
    )
    expect(stack.node.findAll().filter(({ node }) => node.path.startsWith('Test/Host/'))).toEqual(
      [],
    )
  })

  test('an ARN without repeating it', () => {
    const [problem = ''] = propsProblems({ ...GOOD, certificateArn: 'arn:aws:acm:111122223333' })
    expect(problem).not.toContain('111122223333')
  })
})
