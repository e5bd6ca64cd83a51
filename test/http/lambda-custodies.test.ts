/**
 * What the custodies of KMS cost and give on AWS: tokens that an independent verifier takes, with as few calls as can be.
 */

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bodyOf, createIssuer, mintToken } from '../support/hosts/control-client.ts'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'

let host: LambdaHost
beforeAll(async () => {
  host = await lambdaHost({ entrance: { type: 'http-api', stage: 'prod' } })
})
afterAll(() => host.close())

async function verified(id: string, issuer: string, token: string) {
  const { body } = await host.request('GET', `/${id}/.well-known/jwks.json`)
  const keys = createLocalJWKSet(JSON.parse(body) as JSONWebKeySet)
  const currentDate = new Date(host.clock.seconds * 1000)
  return jwtVerify(token, keys, { issuer, audience: 'sts.amazonaws.com', currentDate })
}

test.each([
  ['kms', 'ES256', ['Sign'], ['Sign']],
  ['kms', 'RS256', ['Sign'], ['Sign']],
  ['kms-wrapped', 'ES256', ['Decrypt'], []],
  ['kms-wrapped', 'RS256', ['Decrypt'], []],
])('%s with %s: a token verifies', async (custody, algorithm, firstCalls, furtherCalls) => {
  const { id, issuer } = await createIssuer(host, { custody, algorithm })
  const calls = [firstCalls, furtherCalls, furtherCalls]
  for (const expected of calls) {
    const before = [host.kms.calls.length, host.lambda.calls.length] as const
    const token = await mintToken(host, id)
    expect(host.kms.calls.slice(before[0])).toStrictEqual(expected)
    expect(host.lambda.calls.slice(before[1])).toStrictEqual([])
    const { protectedHeader, payload } = await verified(id, issuer, token)
    expect(protectedHeader.alg).toBe(algorithm)
    expect(payload.sub).toBe('someone')
  }
})

test.each([
  ['kms', ['CreateKey', 'GetPublicKey']],
  ['kms-wrapped', ['GenerateDataKeyPairWithoutPlaintext']],
])('%s: an issuer costs one rotation', async (custody, expected) => {
  const before = [host.kms.calls.length, host.lambda.calls.length] as const
  await createIssuer(host, { custody })
  expect(host.kms.calls.slice(before[0])).toStrictEqual(expected)
  expect(host.lambda.calls.slice(before[1])).toStrictEqual(['Invoke'])
})

test('a read of public documents asks KMS nothing', async () => {
  const { id } = await createIssuer(host)
  const before = host.kms.calls.length
  for (const path of ['.well-known/openid-configuration', '.well-known/jwks.json', 'healthz']) {
    const response = await host.request('GET', `/${id}/${path}`)
    expect(response.status).toBe(200)
    expect(bodyOf(response)).toBeTypeOf('object')
  }
  expect(host.kms.calls).toHaveLength(before)
})
