/**
 * Trust in an issuer, as CloudFormation gets it, and which tokens it lets in.
 */

import { readdir, readFile } from 'node:fs/promises'
import { Aws, aws_iam as iam, aws_s3 as s3, Duration } from 'aws-cdk-lib'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { trustPolicyChars } from '../../infra/iam-trust/trust-policy.ts'
import { conditionsHold } from '../support/aws/iam-conditions.ts'
import type { TrustedRoleProps } from '../../infra/iam-trust/iam-trust-props.ts'
import {
  ISSUER,
  LATER,
  templateOf,
  type TrustPolicy,
  trustPolicyOf,
  trustStack,
} from './iam-trust-stack.ts'

const ACCOUNT = '111122223333'
const READER = { namespace: 'reports', name: 'reader' }
const READER_SUBJECT = 'system:serviceaccount:reports:reader'
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.signet.internal/prod`

test('the template of a provider and two roles, byte by byte', async () => {
  const made = trustStack({
    clientIds: ['sts.amazonaws.com', 'reports'],
    thumbprints: ['0123456789abcdef0123456789abcdef01234567'],
    tags: { team: 'platform', Umgebung: 'Prüfung' },
  })
  made.trust.role('Reader', { serviceAccounts: [READER], audience: 'sts.amazonaws.com' })
  made.trust.role('Reports', {
    roleName: 'signet-reports',
    description: 'Reports by pods and by a pipeline',
    path: '/signet/',
    maxSessionDuration: Duration.hours(2),
    serviceAccounts: [READER, { namespace: 'reports', name: 'writer.v2' }],
    subjects: ['repo:our-org/reports:ref:refs/heads/main'],
    audience: 'reports',
    allowSessionTags: true,
    allowSourceIdentity: true,
  })
  const { Resources } = templateOf(made).toJSON()
  const template = JSON.stringify({ Resources }, null, 2)
  await expect(`${template}\n`).toMatchFileSnapshot('../golden/infra/iam-trust.json')
})

test('a provider as plain as can be: no thumbprint, no tags, no function of its own', () => {
  const template = templateOf(trustStack())
  template.templateMatches({
    Resources: {
      TrustProvider14F0D648: {
        Type: 'AWS::IAM::OIDCProvider',
        Properties: { Url: ISSUER, ClientIdList: ['sts.amazonaws.com'] },
      },
    },
  })
  const { Resources } = template.toJSON() as { Resources: Record<string, { Properties: object }> }
  expect(Object.values(Resources)).toHaveLength(1)
  expect(Object.keys(Resources['TrustProvider14F0D648']?.Properties ?? {})).toEqual([
    'ClientIdList',
    'Url',
  ])
})

test('members say what a stack needs of it', () => {
  const { stack, trust } = trustStack()
  expect(trust).toMatchObject({
    issuerUrl: ISSUER,
    providerName: 'oidc.signet.internal/prod',
    clientIds: ['sts.amazonaws.com'],
  })
  expect(stack.resolve(trust.providerArn)).toEqual({
    'Fn::GetAtt': ['TrustProvider14F0D648', 'Arn'],
  })
  const role = trust.role('Role', { serviceAccounts: [READER] })
  expect(stack.resolve(role.roleArn)).toEqual({ 'Fn::GetAtt': ['TrustRole46DA3C9E', 'Arn'] })
})

test.each([
  ['a known ARN', PROVIDER, PROVIDER],
  ['one that is known later', LATER, { Ref: 'AWS::StackName' }],
])('an existing provider by %s is trusted, and none is made', (_title, arn, expected) => {
  const made = trustStack({ existingProviderArn: arn })
  const [statement] = trustPolicyOf({ serviceAccounts: [READER] }, made).Statement
  expect(statement?.Principal).toEqual({ Federated: expected })
  templateOf(made).resourceCountIs('AWS::IAM::OIDCProvider', 0)
})

test("a role has what the CDK gives it, and grants are the CDK's own", () => {
  const made = trustStack()
  const boundary = iam.ManagedPolicy.fromManagedPolicyArn(
    made.stack,
    'Boundary',
    `arn:aws:iam::${ACCOUNT}:policy/bound`,
  )
  const role = made.trust.role('Role', { serviceAccounts: [READER], permissionsBoundary: boundary })
  s3.Bucket.fromBucketName(made.stack, 'Bucket', 'reports').grantRead(role)
  const template = templateOf(made)
  const [{ Properties } = {}] = Object.values(template.findResources('AWS::IAM::Role'))
  expect(Properties.PermissionsBoundary).toBe(`arn:aws:iam::${ACCOUNT}:policy/bound`)
  expect(Object.keys(template.findResources('AWS::IAM::Policy'))).toHaveLength(1)
})

function actionsOf(
  props: Pick<TrustedRoleProps, 'allowSessionTags' | 'allowSourceIdentity'>,
): readonly unknown[] {
  return trustPolicyOf({ serviceAccounts: [READER], ...props }).Statement.map(
    ({ Action }) => Action,
  )
}

test('a role trusts in one statement, whatever its tokens may ask for', () => {
  expect(actionsOf({})).toEqual(['sts:AssumeRoleWithWebIdentity'])
  expect(actionsOf({ allowSessionTags: false })).toEqual(['sts:AssumeRoleWithWebIdentity'])
  expect(actionsOf({ allowSessionTags: true })).toEqual([
    ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
  ])
  expect(actionsOf({ allowSourceIdentity: true })).toEqual([
    ['sts:AssumeRoleWithWebIdentity', 'sts:SetSourceIdentity'],
  ])
})

/** As STS has it: the provider is found by `iss`, and conditions see its audience and subject. */
function letsIn(policy: TrustPolicy, claims: Readonly<Record<string, unknown>>): boolean {
  const provider = String(claims['iss']).replace('https://', '').toLowerCase()
  const context = new Map([
    [`${provider}:aud`, [claims['aud']].flat().map(String)],
    [`${provider}:sub`, [String(claims['sub'])]],
  ])
  return policy.Statement.some(({ Condition }) =>
    conditionsHold(Condition, (key) => context.get(key)),
  )
}

describe('the trust policy lets in', () => {
  test.each([
    ['the service account', {}, true],
    ['the other subject', { sub: 'spiffe://cluster/ci' }, true],
    ['a name that begins alike', { sub: `${READER_SUBJECT}-2` }, false],
    ['a name in another case', { sub: READER_SUBJECT.toUpperCase() }, false],
    ['another namespace', { sub: 'system:serviceaccount:default:reader' }, false],
    ['a pattern as subject', { sub: 'system:serviceaccount:reports:*' }, false],
    ['no subject', { sub: '' }, false],
    ['another audience', { aud: 'vault' }, false],
    ['another issuer of the host', { iss: 'https://oidc.signet.internal/dev' }, false],
    ['the host itself', { iss: 'https://oidc.signet.internal' }, false],
  ])('%s: %s', (_title, change, expected) => {
    const trust = { serviceAccounts: [READER], subjects: ['spiffe://cluster/ci'] }
    const claims = { iss: ISSUER, aud: 'sts.amazonaws.com', sub: READER_SUBJECT, ...change }
    expect(letsIn(trustPolicyOf(trust), claims)).toBe(expected)
  })

  test("a real pod's token, and no other", async () => {
    const token = await readFile(new URL('../fixtures/irsa-token.jwt', import.meta.url), 'utf8')
    const claims = decodeJwt(token.trim())
    const account = { namespace: 'k8s-namespace', name: 'service-account-name' }
    const trusting = (name: string) =>
      trustPolicyOf(
        { serviceAccounts: [{ ...account, name }] },
        trustStack({ issuerUrl: String(claims.iss) }),
      )
    expect(letsIn(trusting(account.name), claims)).toBe(true)
    expect(letsIn(trusting('another'), claims)).toBe(false)
  })
})

/** Subjects so that the policy has exactly so many characters; `providerArn` as it will be. */
function subjectsFor(chars: number, providerArn: string): string[] {
  const tokens = { issuerUrl: ISSUER, providerArn, audience: 'sts.amazonaws.com', actions: [] }
  const subjects = ['a', 'b', 'c', 'd'].map((first) => first.padEnd(400, 'x'))
  const missing = chars - trustPolicyChars({ ...tokens, subjects: [...subjects, ''] })
  return [...subjects, 'e'.padEnd(missing, 'x')]
}

/** As IAM would count what CloudFormation sends. */
function charsOf(policy: TrustPolicy, providerArn: string): number {
  const text = JSON.stringify(policy, (key, value: unknown) =>
    key === 'Federated' ? providerArn : value,
  )
  return text.replaceAll(/\s/g, '').length
}

function arnIn(partition: string): string {
  return PROVIDER.replace('arn:aws:', `arn:${partition}:`)
}

describe('the size of a trust policy', () => {
  test.each([
    ['in a region that is known', 'eu-central-1', 'aws'],
    ['in China', 'cn-north-1', 'aws-cn'],
    ['in a region that is not known yet, at worst', Aws.REGION, 'aws-us-gov'],
  ])('%s is what IAM counts, to the character', (_title, region, partition) => {
    const made = () =>
      trustStack({}, region === Aws.REGION ? {} : { env: { account: ACCOUNT, region } })
    const fits = trustPolicyOf({ subjects: subjectsFor(2048, arnIn(partition)) }, made())
    expect(charsOf(fits, arnIn(partition))).toBe(2048)
    const subjects = subjectsFor(2049, arnIn(partition))
    expect(() => made().trust.role('Role', { subjects })).toThrow(
      'Stack/Trust/Role: the trust policy must have at most 2048 characters as IAM counts them, got 2049 for 5 subjects: make several roles',
    )
  })

  test('with an existing provider its own ARN counts', () => {
    const made = () => trustStack({ existingProviderArn: PROVIDER })
    expect(
      charsOf(trustPolicyOf({ subjects: subjectsFor(2048, PROVIDER) }, made()), PROVIDER),
    ).toBe(2048)
    const subjects = subjectsFor(2049, PROVIDER)
    expect(() => made().trust.role('Role', { subjects })).toThrow('got 2049 for 5 subjects')
  })

  test('white space does not count', () => {
    const subjects = subjectsFor(2048, PROVIDER).map((each) => `${each} ${each.at(0)}`)
    const made = () => trustStack({ existingProviderArn: PROVIDER })
    expect(() => made().trust.role('Role', { subjects })).toThrow('got 2053 for')
  })

  test('a quota that was raised is used', () => {
    const made = trustStack({ trustPolicyCharsMax: 4096, existingProviderArn: PROVIDER })
    const policy = trustPolicyOf({ subjects: subjectsFor(2049, PROVIDER) }, made)
    expect(charsOf(policy, PROVIDER)).toBe(2049)
  })
})

test('it needs nothing of the host: neither its stack nor its functions', async () => {
  const imported: (string | undefined)[] = []
  for (const folder of ['iam-trust', 'examples']) {
    const directory = new URL(`../../infra/${folder}/`, import.meta.url)
    for (const file of await readdir(directory)) {
      const source = await readFile(new URL(file, directory), 'utf8')
      imported.push(...[...source.matchAll(/from '(.+)'/g)].map(([, module]) => module))
    }
  }
  expect(imported).toContain('../iam-trust/iam-trust.ts')
  expect(imported.join(' ')).not.toMatch(/issuer-host|functions\/|adapters|settings|signet-stack/)
})
