/**
 * What is left when a part of a deployment fails, and that it comes back by itself.
 */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { LAST_GOOD_SECONDS, MEMORY_COPY_SECONDS } from '../../src/limits.ts'
import { kmsErrors } from '../support/aws/kms-fake.ts'
import {
  bodyOf,
  claimsOf,
  control,
  createIssuer,
  mintToken,
  publishedKids,
} from '../support/hosts/control-client.ts'
import type { FunctionFault } from '../support/hosts/template-functions.ts'
import { type TemplateHost, templateHost } from '../support/hosts/template.ts'
import type { TestResponse } from '../support/hosts/test-host.ts'
import { createExchangingIssuer } from './suite/exchanging.ts'
import { ringOf } from './suite/rotating.ts'
import { describeDeletionDrills, describeDeletionMinutes } from './template-deletion-drills.ts'
import { before, documentsOf, pathsOf, refusing, statusesOf } from './template-faults.ts'

const ALL_CALLS = 10_000
const DAY_SECONDS = 86_400

let host: TemplateHost
beforeAll(async () => {
  host = await templateHost()
})
afterEach(() => host.mend())
afterAll(() => host.close())

/** What caches and clients go by. */
function essence({ status, headers, body }: TestResponse) {
  return [status, headers['content-type'], headers['cache-control'], body]
}

describe('the public function is broken', () => {
  const FAULTS: readonly FunctionFault[] = [
    'throws',
    'hangs',
    // As API Gateway answers in its place.
    { status: 429 },
    { status: 500 },
    { status: 502 },
    { status: 503 },
    { status: 504 },
  ]

  test.each(FAULTS)('and its documents are there: %j', async (fault) => {
    const { id } = await createIssuer(host)
    const whole = await documentsOf(host, id)
    host.setFault('http', fault)
    const copies = await documentsOf(host, id)
    expect(whole.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(copies.map(essence)).toEqual(whole.map(essence))
    const heads = await documentsOf(host, id, 'HEAD')
    expect(heads.map(essence)).toEqual(whole.map((each) => essence({ ...each, body: '' })))
    expect(await statusesOf(host, 'nobody')).toEqual([404, 404, 404])
    host.mend()
    expect(await documentsOf(host, id)).toEqual(whole)
  })

  test('a page may read them, as it may read those of the function', async () => {
    const { id } = await createIssuer(host)
    const [path = ''] = pathsOf(id)
    const headers = { Origin: 'https://console.example' }
    host.setFault('http', 'throws')
    const copy = await host.request('GET', path, { headers })
    expect(copy.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag, Signet-Ring-Version',
      'x-content-type-options': 'nosniff',
    })
  })

  test.each([400, 403, 404, 405, 410])('what it refuses has no copy: %i', async (status) => {
    const { id } = await createIssuer(host)
    host.setFault('http', { status })
    expect(await statusesOf(host, id)).toEqual([status, status, status])
  })

  test('and nothing but documents has a copy', async () => {
    const { id, form } = await createExchangingIssuer(host)
    host.setFault('http', 'throws')
    expect((await host.request('GET', `/${id}/healthz`)).status).toBe(500)
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const answer = await host.request('POST', `/${id}/token`, { headers, body: form() })
    expect(answer.status).toBe(500)
  })

  test('the bucket of documents is behind no path', async () => {
    const { id } = await createIssuer(host)
    const key = Object.keys(host.documents()).find((each) => each.includes(id)) ?? ''
    host.setFault('http', 'throws')
    for (const path of [`/${key}`, `/${key}/.well-known/jwks.json`, '/', '/?list-type=2']) {
      const answer = await host.request('GET', path)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toContain('keyRef')
    }
  })
})

test('the bucket of documents is unreadable: the last good ones, and then their copies', async () => {
  const { id } = await createIssuer(host)
  const whole = await documentsOf(host, id)
  host.interpose(before(host.s3.bucket, refusing()))
  host.clock.seconds += MEMORY_COPY_SECONDS + 1
  expect(await documentsOf(host, id)).toEqual(whole)
  host.clock.seconds += LAST_GOOD_SECONDS - 2
  expect(await documentsOf(host, id)).toEqual(whole)
  host.clock.seconds += 3
  const health = await host.request('GET', `/${id}/healthz`)
  expect(health.status).toBe(503)
  const copies = await documentsOf(host, id)
  expect(copies.map(essence)).toEqual(whole.map(essence))
  // Of S3 now: the function has an ETag of its own.
  expect(copies.map(({ headers }) => headers['etag'])).not.toContain(whole[0]?.headers['etag'])
  expect(await statusesOf(host, 'nobody')).toEqual([404, 404, 404])
  host.mend()
  expect(await documentsOf(host, id)).toEqual(whole)
})

test('KMS is down: documents are served, tokens are 503, and both again without a restart', async () => {
  const { id, exchange } = await createExchangingIssuer(host)
  expect((await exchange()).status).toBe(200)
  host.kms.inject('*', kmsErrors.internal, ALL_CALLS)
  expect(await statusesOf(host, id)).toEqual([200, 200, 200])
  const refused = await exchange()
  expect(refused.status).toBe(503)
  expect(bodyOf(refused)['error']).toBe('temporarily_unavailable')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect(await statusesOf(host, id)).toEqual([200, 200, 200])
  host.mend()
  expect((await exchange()).status).toBe(200)
})

describeDeletionDrills(() => host)
describeDeletionMinutes(() => host)

test('a successor that the static copies lack never signs', async () => {
  const { id } = await createIssuer(host, { rotationPeriodSeconds: 7 * DAY_SECONDS })
  const [first = ''] = await publishedKids(host, id)
  const signer = async () => headerOf(await mintToken(host, id))['kid']
  host.interpose(before(host.s3.copiesBucket, refusing('PutObject')))
  const runs = async (count: number) => {
    for (let run = 0; run < count; run += 1) {
      await control(host, 'POST', `/issuers/${id}/rotate`)
      host.clock.seconds += 2 * DAY_SECONDS
    }
  }
  await runs(10)
  expect(await publishedKids(host, id)).toHaveLength(2)
  expect(await signer()).toBe(first)
  const { keys } = await ringOf(host, id)
  expect(keys.filter((key) => 'activatesAt' in key)).toHaveLength(1)
  host.mend()
  await runs(5)
  expect(await signer()).not.toBe(first)
})

function headerOf(token: string): Readonly<Record<string, unknown>> {
  const [header = ''] = token.split('.')
  return claimsOf(`.${header}`)
}
