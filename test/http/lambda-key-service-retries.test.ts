/**
 * Calls of KMS that are answered at the second attempt: nobody who asks notices, and the log of the function says so.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { kmsErrors } from '../support/aws/kms-fake.ts'
import { createIssuer, mintToken } from '../support/hosts/control-client.ts'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import { createExchangingIssuer } from './suite/exchanging.ts'

let host: LambdaHost
beforeAll(async () => {
  host = await lambdaHost()
})
afterAll(() => host.close())

/** The records that were written meanwhile, whole. */
async function retriesDuring(act: () => Promise<unknown>): Promise<string[]> {
  const before = host.logLines().filter(isRetry).length
  await act()
  return host.logLines().filter(isRetry).slice(before)
}

function isRetry(line: string): boolean {
  return line.includes('key_service_retried')
}

const THROTTLED = '{"level":"warn","event":"key_service_retried","code":"throttled"}'
const UNAVAILABLE = '{"level":"warn","event":"key_service_retried","code":"unavailable"}'

test('http: a signature for an exchange', async () => {
  const { exchange } = await createExchangingIssuer(host)
  const retries = await retriesDuring(async () => {
    host.kms.inject('Sign', kmsErrors.throttled)
    expect((await exchange()).status).toBe(200)
  })
  expect(retries).toEqual([THROTTLED])
})

test('control: a signature for an operator', async () => {
  const { id } = await createIssuer(host)
  const retries = await retriesDuring(async () => {
    host.kms.inject('Sign', kmsErrors.internal)
    await mintToken(host, id)
  })
  expect(retries).toEqual([UNAVAILABLE])
})

test('rotate: a key that is made', async () => {
  const retries = await retriesDuring(async () => {
    host.kms.inject('CreateKey', kmsErrors.throttled)
    await createIssuer(host)
  })
  expect(retries).toEqual([THROTTLED])
})
