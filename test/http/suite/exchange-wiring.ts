/**
 * What a host decides exchanges by: the policy that is set, and keys that it fetches.
 */

import { describe, expect, onTestFinished, test } from 'vitest'
import { bodyOf, control, createIssuer } from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { policyEntry } from '../../support/policy-entries.ts'
import { startSubjectIssuer } from '../../support/subject-issuer.ts'
import { newSubjectKey } from '../../support/subject-tokens.ts'
import { createExchangingIssuer, exchanging, setEntries } from './exchanging.ts'

export function describeExchangeWiring(getHost: () => TestHost): void {
  test('an exchange policy decides from when it is set until another one is', async () => {
    const host = getHost()
    const key = newSubjectKey('ES256')
    const { id, exchange } = await exchanging(host, await createIssuer(host), key)
    expect(bodyOf(await exchange())['error']).toBe('unauthorized_client')
    const entry = policyEntry({ keys: { jwks: { keys: [key.jwk] } } })
    await setEntries(host, id, [entry])
    expect((await exchange()).status).toBe(200)
    await setEntries(host, id, [{ ...entry, condition: 'false' }])
    expect((await exchange()).status).toBe(400)
    await setEntries(host, id, [])
    expect(bodyOf(await exchange())['error']).toBe('unauthorized_client')
  })

  test('an exchange policy is that of one issuer', async () => {
    const host = getHost()
    const { key } = await createExchangingIssuer(host)
    const other = await exchanging(host, await createIssuer(host), key)
    expect(bodyOf(await other.exchange())['error']).toBe('unauthorized_client')
  })

  describe('keys by discovery', () => {
    test('on this machine are fetched where the host lets nobody else ask it', async () => {
      const host = getHost()
      const key = newSubjectKey('ES256')
      const subjects = await startSubjectIssuer({ keys: [key.jwk] })
      onTestFinished(() => subjects[Symbol.asyncDispose]())
      const { id, exchange, subjectToken } = await exchanging(host, await createIssuer(host), key)
      const entries = [policyEntry({ issuer: subjects.issuer, keys: { discovery: true } })]
      const json = { policy: { entries } }
      const set = await control(host, 'PUT', `/issuers/${id}/policy`, { json })
      const isTrusted = host.traits.subjectIssuersHere !== 'not trusted'
      expect(set.status, `answered ${set.body}`).toBe(isTrusted ? 200 : 400)
      if (!isTrusted) return
      const response = await exchange({ subject_token: subjectToken({ iss: subjects.issuer }) })
      const isAsked = host.traits.subjectIssuersHere === 'asked'
      expect(response.status, `answered ${response.body}`).toBe(isAsked ? 200 : 503)
      expect(subjects.asked).toEqual(isAsked ? ['discovery', 'jwks'] : [])
    })
  })
}
