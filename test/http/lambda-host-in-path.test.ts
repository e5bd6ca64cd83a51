/**
 * The public function behind a CDN that puts the host that it was asked for before the path.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { LAMBDA_BUNDLES } from '../../functions/bundle.ts'
import type { LambdaAnswer } from '../../src/adapters/lambda/event-answer.ts'
import { FAKE_REGION } from '../support/aws/kms-fake.ts'
import { FAKE_CREDENTIALS } from '../support/aws/kms-managers.ts'
import { type S3Fake, startS3Fake } from '../support/aws/s3-fake.ts'
import { storeOver } from '../support/aws/s3-stores.ts'
import { functionUrlEvent, httpApiEvent } from '../support/hosts/lambda-events.ts'
import { type LambdaRuntime, startLambda } from '../support/hosts/lambda-runtime.ts'
import { KEPT, KEPT_UNTIL, storedBy } from '../upgrade/kept-documents.ts'

const PUBLIC_URL = 'https://oidc.acme.dev'
const JWKS = '.well-known/jwks.json'

let s3: S3Fake
const runtimes: Record<string, LambdaRuntime<LambdaAnswer>> = {}

beforeAll(async () => {
  s3 = await startS3Fake()
  const store = storeOver(s3, { prefix: 'prod/' })
  const { 'issuers/prod': body = '' } = storedBy(3, PUBLIC_URL)
  // One at the URL of the installation, and one that is found by the claim of its own.
  const far = body.replace(`${PUBLIC_URL}/prod`, 'https://tokens.example.net/far')
  const claim = KEPT['stored-claim']?.[1] ?? ''
  const documents = {
    'issuers/prod': body,
    'issuers/far-away': far.replace('"id":"prod"', '"id":"far-away"'),
    'locations/tokens.example.net/far': claim.replace('"id":"prod"', '"id":"far-away"'),
  }
  for (const [key, document] of Object.entries(documents)) {
    await store.put(key, document, { ifNoneMatch: '*' })
  }
  const env = {
    PUBLIC_URL,
    DEPLOYMENT: 'prod',
    DOCUMENTS_BUCKET: s3.bucket,
    AWS_REGION: FAKE_REGION,
    AWS_ACCESS_KEY_ID: FAKE_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: FAKE_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.url,
  }
  const clock = { seconds: KEPT_UNTIL }
  const start = async (settings: object) =>
    startLambda({
      bundle: LAMBDA_BUNDLES.http,
      env: { ...env, ...settings },
      clock,
    })
  runtimes['behind a CDN'] = await start({ HOST_IN_PATH: 'true' })
  runtimes['alone'] = await start({})
})
afterAll(async () => {
  await Promise.all(Object.values(runtimes).map((runtime) => runtime.close()))
  await s3.close()
})

const ask = async (runtime: string, event: object) => runtimes[runtime]?.invoke(event)

test.each([
  [`/oidc.acme.dev/prod/${JWKS}`, 200],
  [`/OIDC.acme.dev/prod/${JWKS}`, 200],
  [`/tokens.example.net/far/${JWKS}`, 200],
  [`/tokens.example.net/.well-known/oauth-authorization-server/far`, 200],
  ['/oidc.acme.dev/healthz', 200],
  // Of another host, or of none.
  [`/oidc.acme.dev/far/${JWKS}`, 404],
  [`/other.example.net/prod/${JWKS}`, 404],
  [`/prod/${JWKS}`, 404],
  [`/other.example.net/../oidc.acme.dev/prod/${JWKS}`, 404],
  ['/', 400],
])('behind a CDN, %s is answered %i', async (rawPath, status) => {
  for (const event of [functionUrlEvent({ rawPath }), httpApiEvent({ rawPath, stage: 'live' })]) {
    expect(await ask('behind a CDN', event)).toMatchObject({ statusCode: status })
  }
})

test('where nothing is said of a CDN, the path is what it is', async () => {
  const headers = { Host: 'oidc.acme.dev' }
  const own = functionUrlEvent({ rawPath: `/prod/${JWKS}`, headers })
  expect(await ask('alone', own)).toMatchObject({ statusCode: 200 })
  const rawPath = `/oidc.acme.dev/prod/${JWKS}`
  expect(await ask('alone', functionUrlEvent({ rawPath, headers }))).toMatchObject({
    statusCode: 404,
  })
})
