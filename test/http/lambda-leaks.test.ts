/**
 * What nobody may hear from the functions on AWS: accounts, ARNs, credentials, references of keys, tokens, and what services
 * say of themselves. The services of these tests say all of it.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import { kmsErrors } from '../support/aws/kms-fake.ts'
import type { FakeFault } from '../support/aws/fake-service.ts'
import { lambdaErrors } from '../support/aws/lambda-fake.ts'
import { s3Errors } from '../support/aws/s3-fake-answers.ts'
import {
  bodyOf,
  control,
  createIssuer,
  mintToken,
  newIssuerId,
} from '../support/hosts/control-client.ts'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import { functionUrlEvent } from '../support/hosts/lambda-events.ts'
import { LAMBDA_DEPLOYMENT } from '../support/hosts/lambda-services.ts'
import { leaksIn } from '../support/hosts/leaks.ts'
import type { TestResponse } from '../support/hosts/test-host.ts'
import { conversation, MINT, partsOf } from './conversation.ts'

let host: LambdaHost
beforeAll(async () => {
  host = await lambdaHost()
})
afterAll(() => host.close())

/** An issuer that has signed, and everything of it that is to be kept. */
async function issuerWithSecrets(custody: 'kms' | 'kms-wrapped') {
  const { id } = await createIssuer(host, { custody })
  const token = await mintToken(host, id)
  const body = host.s3.objects()[`${LAMBDA_DEPLOYMENT}/${issuerKey(id)}`] ?? '{}'
  const { ring, writeNonce } = JSON.parse(body) as IssuerDocument
  const secrets = ring.keys.flatMap(({ keyRef, slot }) => [keyRef, slot])
  expect(secrets).toHaveLength(2)
  return { id, token, secrets: [...secrets, writeNonce, ...partsOf(token)] }
}

const mint = (id: string) => control(host, 'POST', `/issuers/${id}/tokens`, { json: MINT })
const create = () =>
  control(host, 'POST', '/issuers', {
    json: { id: newIssuerId(), policy: { algorithm: 'ES256' } },
  })

describe.each(['kms', 'kms-wrapped'] as const)('custody %s', (custody) => {
  test('while everything works: a token is logged by its id alone', async () => {
    const { id, token, secrets } = await issuerWithSecrets(custody)
    const answers = await conversation(host, id, token)
    expect(leaksIn(host, answers, secrets)).toStrictEqual([])
    const minted = host.logLines().filter((line) => line.includes(id))
    expect(minted.join()).toContain('"action":"mint"')
  })

  test.each<[title: string, faults: Partial<Record<'s3' | 'kms' | 'lambda', FakeFault>>]>([
    ['have no permission', { s3: s3Errors.denied, kms: kmsErrors.denied }],
    ['may not invoke', { lambda: lambdaErrors.denied }],
    ['invoke a function that throws', { lambda: lambdaErrors.functionFailed }],
    ['meet services that fail', { s3: s3Errors.internal, kms: kmsErrors.internal }],
    ['get half an answer', { s3: s3Errors.halfAnswer }],
  ])('while they %s', async (_title, faults) => {
    const { id, token, secrets } = await issuerWithSecrets(custody)
    const answers: TestResponse[] = []
    for (const [service, fault] of Object.entries(faults)) {
      const name = service as keyof typeof faults
      host[name].inject('*', fault, 1000)
      answers.push(await mint(id), await create())
      if (name === 's3') answers.push(...(await conversation(host, id, token)))
      host[name].heal()
    }
    expect(answers.some(({ status }) => status === 503)).toBe(true)
    // A token that was minted is for whoever asked for it.
    const refused = answers.filter(({ status }) => status !== 201)
    expect(leaksIn(host, refused, secrets)).toStrictEqual([])
  })
})

test('of a document that cannot be read', async () => {
  const { id, token, secrets } = await issuerWithSecrets('kms')
  await host.breakIssuer(id)
  const answers = [...(await conversation(host, id, token)), await mint(id)]
  expect(answers.at(-1)?.status).toBe(503)
  expect(leaksIn(host, answers, secrets)).toStrictEqual([])
})

test.each<[title: string, change: (arn: string) => void, error: string]>([
  ['disabled', (arn) => host.kms.setState(arn, 'Disabled'), 'key_disabled'],
  ['about to be deleted', (arn) => host.kms.setState(arn, 'PendingDeletion'), 'key_disabled'],
  ['gone', (arn) => host.kms.remove(arn), 'key_unavailable'],
])('of a key that is %s, which KMS names', async (_title, change, error) => {
  const { id, secrets } = await issuerWithSecrets('kms')
  const key = host.kms.keys().find(({ tags }) => tags['signet:issuer'] === id)
  change(key?.arn ?? '')
  const answer = await mint(id)
  expect(answer.status).toBe(503)
  expect(bodyOf(answer)['error']).toBe(error)
  expect(leaksIn(host, [answer], [...secrets, key?.keyId ?? ''])).toStrictEqual([])
})

test('of who calls, in what way ever', async () => {
  const { id, secrets } = await issuerWithSecrets('kms')
  const events = ['/control/issuers', `/${id}/healthz`, '/nothing'].flatMap((rawPath) =>
    (['authenticated', 'none'] as const).map((iam) =>
      functionUrlEvent({ rawPath, iam, headers: { 'X-Secret': 'marked-header' } }),
    ),
  )
  const answers: TestResponse[] = []
  for (const event of [...events, { ...events[0], rawPath: 1 }, 'marked-event', null]) {
    for (const name of ['http', 'control'] as const) {
      const { statusCode: status, headers, body } = await host.invoke(name, event)
      answers.push({ status, headers, body })
    }
  }
  expect(new Set(answers.map(({ status }) => status))).toStrictEqual(new Set([400, 403, 404, 200]))
  expect(leaksIn(host, answers, secrets)).toStrictEqual([])
})
