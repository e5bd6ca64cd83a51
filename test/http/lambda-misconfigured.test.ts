/**
 * Functions whose settings are wrong: every problem in the log, nothing of the settings anywhere, and 503 to everyone.
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { LAMBDA_BUNDLES, type LambdaName } from '../../functions/bundle.ts'
import { functionUrlEvent, httpApiEvent } from '../support/hosts/lambda-events.ts'
import { type LambdaRuntime, startLambda } from '../support/hosts/lambda-runtime.ts'
import type { LambdaAnswer } from '../../src/adapters/lambda/event-answer.ts'

const SOUND = {
  PUBLIC_URL: 'https://oidc.issuers.dev',
  DEPLOYMENT: 'prod',
  DOCUMENTS_BUCKET: 'documents',
  ROTATE_FUNCTION: 'rotate',
  KMS_SIGNERS: 'arn:aws:iam::999988887777:role/rotate',
  AWS_REGION: 'eu-central-1',
}
const WRONG = {
  PUBLIC_URL: 'http://oidc.issuers.dev',
  DEPLOYMENT: 'Not a name',
  DOCUMENTS_BUCKET: 'arn:aws:s3:eu-central-1:999988887777:accesspoint/marked',
  ROTATE_FUNCTION: 'arn:aws:iam::999988887777:role/marked',
  KMS_SIGNERS: 'arn:aws:lambda:eu-central-1:999988887777:function:marked',
  KMS_WRAPPING_KEY: 'arn:aws:kms:eu-central-1:999988887777:marked/key',
  DEFAULT_CUSTODY: 'sealed',
  AWS_SECRET_ACCESS_KEY: 'marked-secret',
}

const HTTP = ['PUBLIC_URL', 'DEPLOYMENT', 'AWS_REGION', 'DOCUMENTS_BUCKET']
const KEYS = [...HTTP, 'KMS_WRAPPING_KEY', 'DEFAULT_CUSTODY']
const CONTROL = [...KEYS, 'ROTATE_FUNCTION']

async function started(name: LambdaName, env: Readonly<Record<string, string>>) {
  const runtime = await startLambda({ bundle: LAMBDA_BUNDLES[name], env })
  onTestFinished(() => runtime.close())
  return runtime
}

/** The settings that the log complains of, in its order. */
function complaints(runtime: Pick<LambdaRuntime<unknown>, 'logLines'>): string[] {
  const records = runtime.logLines().map((line) => JSON.parse(line) as Record<string, string>)
  const refused = records.filter(({ event }) => event === 'configuration_refused')
  return refused.map(({ problem = '' }) => problem.split(' ')[0] ?? '')
}

describe.each<[name: LambdaName, wrong: string[], missing: string[]]>([
  ['http', [...HTTP, 'KMS_WRAPPING_KEY'], HTTP],
  ['control', CONTROL, [...HTTP, 'ROTATE_FUNCTION']],
])('%s', (name, wrong, missing) => {
  test.each([
    ['wrong', WRONG, wrong],
    ['missing', {}, missing],
  ])('whose settings are %s', async (_title, env, expected) => {
    const runtime = await started(name, env)
    const answers: LambdaAnswer[] = []
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']) {
      for (const rawPath of ['/healthz', '/control/issuers', '/prod/.well-known/jwks.json']) {
        for (const eventOf of [httpApiEvent, functionUrlEvent]) {
          answers.push(await runtime.invoke(eventOf({ method, rawPath, iam: 'authenticated' })))
        }
      }
    }
    for (const { statusCode, headers, body } of answers) {
      expect(statusCode).toBe(503)
      expect(headers).toMatchObject({ 'cache-control': 'no-store' })
      expect(body).toMatch(/^$|^\{"error":"misconfigured","error_description":"[\w ;]+"\}$/)
    }
    expect(complaints(runtime).toSorted()).toStrictEqual(expected.toSorted())
    expect(`${JSON.stringify(answers)} ${runtime.logLines().join()}`).not.toMatch(
      /marked|arn:|9999/,
    )
  })

  test('whose settings are sound logs nothing, and is there', async () => {
    const runtime = await started(name, SOUND)
    const event = httpApiEvent({ rawPath: '/nothing/at/all', iam: 'authenticated' })
    expect(await runtime.invoke(event)).toMatchObject({ statusCode: 404 })
    expect(runtime.logLines()).toStrictEqual([])
  })
})

test('the control API of one that is misconfigured is 403 to whoever IAM does not know', async () => {
  const runtime = await started('control', WRONG)
  const { statusCode } = await runtime.invoke(httpApiEvent({ rawPath: '/control/issuers' }))
  expect(statusCode).toBe(403)
})

test.each([
  ['wrong', WRONG, [...KEYS, 'KMS_SIGNERS']],
  ['missing', {}, [...HTTP, 'KMS_SIGNERS']],
])('rotate, whose settings are %s, fails at every invocation', async (_title, env, expected) => {
  const runtime = await started('rotate', env)
  for (const event of [{ version: 1, job: 'rotate' }, { version: 1, issuer: 'prod' }, null]) {
    await expect(runtime.invoke(event)).rejects.toThrow(
      new Error('this function is not configured: its log says what is missing'),
    )
  }
  expect(complaints(runtime).toSorted()).toStrictEqual(expected.toSorted())
  expect(runtime.logLines().join()).not.toMatch(/marked|arn:|9999/)
})

test('rotate, whose settings are sound, logs nothing, and refuses what is no job', async () => {
  const runtime = await started('rotate', SOUND)
  const event = httpApiEvent({ rawPath: '/prod/healthz', iam: 'authenticated' })
  await expect(runtime.invoke(event)).rejects.toThrow('a rotation takes {"version": 1,')
  expect(runtime.logLines()).toStrictEqual([])
})
