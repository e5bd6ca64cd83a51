import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { signet, temporaryDirectory } from '../support/signet.ts'
import { awsEnvironment, CREDENTIALS, keyVariables, REGION } from './aws-environment.ts'
import { type GuardedCredentials, type GuardedHost, guardedHost } from './aws-guarded-host.ts'
import { clusterSet, rsa } from './cluster-keys.ts'
import { signetHere } from './in-process.ts'

const directory = await temporaryDirectory()
afterAll(() => directory[Symbol.asyncDispose]())

const NOTHING = { issuers: [], next: null }
const ISSUER = {
  id: 'prod',
  issuer: 'https://oidc.example/prod',
  revision: 7,
  createdAt: 1,
  updatedAt: 1,
  policy: {
    algorithm: 'RS256',
    custody: 'kms',
    rotationPeriodSeconds: 86_400,
    propagationDelaySeconds: 3600,
    tokenTtlMaxSeconds: 3600,
    jwksMaxAgeSeconds: 300,
  },
  keys: [],
}

function hostFor(
  credentials: GuardedCredentials,
  answerOf: (path: string, method: string) => object = () => NOTHING,
): Promise<GuardedHost> {
  return guardedHost({ credentials, region: REGION, answerOf })
}

/** No part of a credential is ever printed. */
function expectNoCredential(output: { readonly stdout: string; readonly stderr: string }): void {
  for (const part of Object.values(CREDENTIALS)) {
    expect(output.stdout + output.stderr).not.toContain(part)
  }
}

describe('credentials', () => {
  const { accessKeyId, secretAccessKey } = CREDENTIALS
  const longLived = { accessKeyId, secretAccessKey }

  test.each([
    ['of a user', longLived],
    ['of a session', CREDENTIALS],
  ])('%s come from the environment', async (_title, credentials) => {
    await using host = await hostFor(credentials)
    const env = { ...awsEnvironment(directory.path), ...keyVariables(credentials) }
    const listed = await signet(['issuer', 'list', '--json', '--url', host.url], { env })
    expect(listed).toEqual({ code: 0, stdout: '[]\n', stderr: '' })
    expect(host.letIn).toMatchObject([{ method: 'GET', path: '/control/issuers', body: '' }])
  })

  test.each([
    ['that is named', 'marked', 'AWS_PROFILE'],
    ['default', 'default', ''],
  ])('come from the profile %s', async (_title, profile, variable) => {
    await using host = await hostFor(CREDENTIALS)
    const home = await plantProfile(profile)
    const env = {
      ...awsEnvironment(home),
      ...(variable === '' ? {} : { [variable]: profile }),
    }
    const listed = await signet(['issuer', 'list', '--json', '--url', host.url], { env })
    expect(listed).toEqual({ code: 0, stdout: '[]\n', stderr: '' })
    expect(host.letIn).toHaveLength(1)
  })

  test('of the profile are used where there are others in the environment, and it is said', async () => {
    await using host = await hostFor(CREDENTIALS)
    const env = {
      ...awsEnvironment(await plantProfile('chosen')),
      ...keyVariables({ accessKeyId: 'AKIAOTHER', secretAccessKey: 'other' }),
      AWS_PROFILE: 'chosen',
    }
    const listed = await signet(['issuer', 'list', '--json', '--url', host.url], { env })
    expect(listed).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: 'AWS_PROFILE and AWS_ACCESS_KEY_ID are both set: the profile is used.\n',
    })
    expect(host.letIn).toHaveLength(1)
  })

  test.each([
    ['secret', { ...CREDENTIALS, secretAccessKey: 'other' }, 'another signature'],
    ['session', { ...CREDENTIALS, sessionToken: 'other' }, 'another session'],
  ])('with another %s are refused', async (_title, known, reason) => {
    await using host = await hostFor(known)
    const env = { ...awsEnvironment(directory.path), ...keyVariables(CREDENTIALS) }
    const listed = await signet(['issuer', 'list', '--url', host.url], { env })
    expect(listed).toMatchObject({ code: 1, stdout: '' })
    expect(listed.stderr).toContain('does not let these AWS credentials in')
    expectNoCredential(listed)
    expect(host.refused).toEqual([reason])
  })
})

async function plantProfile(profile: string): Promise<string> {
  const home = join(directory.path, `home-${profile}`)
  await mkdir(join(home, '.aws'), { recursive: true })
  const { accessKeyId, secretAccessKey, sessionToken } = CREDENTIALS
  const lines = [
    `[${profile}]`,
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    `aws_session_token = ${sessionToken}`,
  ]
  await writeFile(join(home, '.aws/credentials'), lines.join('\n'))
  return home
}

describe('what is signed', () => {
  beforeEach(() => {
    const env = { ...awsEnvironment(directory.path), ...keyVariables(CREDENTIALS) }
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test('is the body of a change', async () => {
    await using host = await hostFor(CREDENTIALS, () => ISSUER)
    const args = ['issuer', 'update', 'prod', '--jwks-max-age', '10m', '--url', host.url]
    expect(await signetHere(args)).toMatchObject({ code: 0 })
    const change = {
      method: 'PATCH',
      path: '/control/issuers/prod',
      contentType: 'application/json',
      ifMatch: undefined,
    }
    // Before it the question what it would do, for what is said afterwards.
    expect(host.letIn).toEqual([
      { ...change, body: '{"policy":{"jwksMaxAgeSeconds":600},"dryRun":true}' },
      { ...change, body: '{"policy":{"jwksMaxAgeSeconds":600}}' },
    ])
  })

  test('is a body of any script', async () => {
    const answer = { id: 'prod', issuer: ISSUER.issuer, deletedAt: 1 }
    await using host = await hostFor(CREDENTIALS, () => answer)
    const args = ['issuer', 'delete', 'prod', '--yes', '--reason', 'zu groß ✂', '--url', host.url]
    expect(await signetHere(args)).toMatchObject({ code: 0 })
    expect(host.letIn).toMatchObject([{ method: 'DELETE', body: '{"reason":"zu groß ✂"}' }])
  })

  test('is the revision that an adoption was decided on, and its query', async () => {
    await using host = await hostFor(CREDENTIALS, () => ({ id: 'prod', revision: 7, keys: [] }))
    const args = ['keys', 'adopt', 'prod', '-', '--retention', '1h', '--url', host.url]
    const input = await clusterSet(rsa[0].publicKey)
    expect(await signetHere(args, { input })).toMatchObject({ code: 0 })
    expect(host.letIn).toMatchObject([
      { method: 'GET', ifMatch: undefined },
      {
        method: 'PUT',
        path: '/control/issuers/prod/adopted-keys?retentionSeconds=3600',
        contentType: 'application/json',
        ifMatch: '"7"',
      },
    ])
  })

  test('is each page of a list, with its query', async () => {
    await using host = await hostFor(CREDENTIALS, (path) =>
      path.includes('after') ? NOTHING : { issuers: [], next: 'a-b' },
    )
    const args = ['issuer', 'list', '--deleted', '--json', '--url', host.url]
    expect(await signetHere(args)).toMatchObject({ code: 0, stdout: '[]\n' })
    expect(host.letIn.map(({ path }) => path)).toEqual([
      '/control/issuers?deleted=true',
      '/control/issuers?deleted=true&after=a-b',
    ])
  })

  test.each(['/prod', '/prod/', '/a%20b/c'])('is the path %s before /control', async (stage) => {
    await using host = await hostFor(CREDENTIALS)
    const args = ['issuer', 'list', '--json', '--url', `${host.url}${stage}`]
    expect(await signetHere(args)).toMatchObject({ code: 0 })
    const base = stage.replace(/\/$/, '')
    expect(host.letIn.map(({ path }) => path)).toEqual([`${base}/control/issuers`])
  })

  test('is for the region of AWS_REGION, else of AWS_DEFAULT_REGION', async () => {
    await using host = await hostFor(CREDENTIALS)
    const args = ['issuer', 'list', '--json', '--url', host.url]
    vi.stubEnv('AWS_DEFAULT_REGION', 'us-east-1')
    expect(await signetHere(args)).toMatchObject({ code: 0 })
    vi.stubEnv('AWS_REGION', '')
    expect(await signetHere(args)).toMatchObject({ code: 1 })
    vi.stubEnv('AWS_DEFAULT_REGION', REGION)
    expect(await signetHere(args)).toMatchObject({ code: 0 })
    expect(host.refused).toEqual([expect.stringContaining('us-east-1/execute-api')])
  })
})
