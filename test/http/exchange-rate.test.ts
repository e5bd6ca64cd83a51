/**
 * How often one source may ask the Worker for tokens: the binding as it is deployed.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { WORKER_RUNTIME } from '../../functions/worker/runtime.ts'
import { bodyOf } from '../support/hosts/control-client.ts'
import type { TestHost } from '../support/hosts/test-host.ts'
import { workerHost } from '../support/hosts/worker.ts'
import { createExchangingIssuer, type ExchangingIssuer, post } from './suite/exchanging.ts'

const { limit } = WORKER_RUNTIME.ratelimits.EXCHANGE_RATE.simple
/** The count begins anew every so often: of so many requests, a good deal more than the limit are in one period. */
const REQUESTS_MAX = 20 * limit

let host: TestHost
let issuer: ExchangingIssuer
beforeAll(async () => {
  host = await workerHost()
  issuer = await createExchangingIssuer(host)
})
afterAll(() => host.close())

const ask = (address: string | undefined, body = 'grant_type=x') =>
  post(host, issuer.id, body, address === undefined ? {} : { 'CF-Connecting-IP': address })

/** Asks until it is refused; the refusal and how many were not. */
async function askUntilRefused(address: string) {
  for (let admitted = 0; admitted < REQUESTS_MAX; admitted += 1) {
    const response = await ask(address)
    if (response.status !== 400) return { response, admitted }
  }
  throw new Error(`${REQUESTS_MAX} requests were admitted`)
}

test('one source has its limit, and nobody else has less for it', async () => {
  const { response, admitted } = await askUntilRefused('192.0.2.7')
  expect(response.status).toBe(429)
  expect(bodyOf(response)['error']).toBe('temporarily_unavailable')
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
  expect(admitted).toBeGreaterThanOrEqual(limit)
  expect((await ask('192.0.2.8', issuer.form())).status).toBe(200)
  expect((await ask(undefined, issuer.form())).status).toBe(200)
})
