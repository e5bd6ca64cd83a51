/**
 * What searches for leaks let a host say, and the parts of a token that it must not.
 */

import { control } from '../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../support/hosts/test-host.ts'

/** Marked, as all that must not be repeated. */
export const WRONG_CREDENTIAL = 'marked-wrong-credential'
export const MINT = { subject: 's', audience: 'a' }
/** With a private member that somebody left in it. */
const OBSERVED = {
  observation: {
    ringVersion: 1,
    jwks: {
      keys: [{ kty: 'RSA', kid: 'k', alg: 'RS256', n: 'n', e: 'AQAB', d: 'marked-private' }],
    },
  },
}

/** Requests that are refused, and some that are not, on one issuer. */
export async function conversation(
  host: TestHost,
  id: string,
  token: string,
): Promise<TestResponse[]> {
  const answers: TestResponse[] = []
  const ask = async (method: string, path: string, json?: object) =>
    answers.push(await control(host, method, path, json === undefined ? {} : { json }))
  await ask('GET', '/issuers')
  await ask('GET', `/issuers/${id}`)
  await ask('GET', `/issuers/${id}/keys`)
  await ask('POST', '/issuers', { id })
  await ask('POST', '/issuers', { id: 'Not an id' })
  await ask('PATCH', `/issuers/${id}`, { policy: { jwksMaxAgeSeconds: 1 } })
  await ask('PATCH', `/issuers/${id}`, { policy: { jwksMaxAgeSeconds: 120 } })
  await ask('POST', `/issuers/${id}/tokens`, { ...MINT, ttlSeconds: 1 })
  await ask('POST', `/issuers/${id}/tokens`, { ...MINT, claims: { iss: 'x' } })
  await ask('POST', `/issuers/${id}/tokens`, { ...MINT, claims: { x: 'y'.repeat(20_000) } })
  await ask('POST', `/issuers/${id}/rotate`, { dryRun: true })
  await ask('POST', `/issuers/${id}/rotate`)
  await ask('POST', `/issuers/${id}/rotate`, OBSERVED)
  await ask('POST', `/issuers/${id}/sweep`)
  await ask('POST', `/issuers/${id}/sweep`, { takeBack: 'slot' })
  await ask('PATCH', `/issuers/${id}`, { policy: { algorithm: 'ES256' }, dryRun: true })
  await ask('GET', `/issuers/${id}/keys`)
  for (const credential of [WRONG_CREDENTIAL, token, `${host.controlSecret}x`]) {
    const headers = { Authorization: `Bearer ${credential}` }
    answers.push(await host.request('GET', `/control/issuers/${id}`, { headers }))
    answers.push(await host.request('GET', `/${id}/.well-known/jwks.json`, { headers }))
  }
  for (const path of [
    '/healthz',
    `/${id}/healthz`,
    `/nobody?token=${token}`,
    `/${token}/healthz`,
  ]) {
    answers.push(await host.request('GET', path))
  }
  return answers
}

/** The whole token, what is signed, and its signature: the header and public claims alone are no secret. */
export function partsOf(token: string): string[] {
  const [header = '', claims = '', signature = ''] = token.split('.')
  return [token, `${header}.${claims}`, claims, signature]
}
