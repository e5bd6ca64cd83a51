/**
 * Dry runs of a change of the policy: what would take effect when, with nothing changed.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import type { PolicyEffect } from '../../../src/control/policy-effects.ts'
import { control, createIssuer } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { refusalProblems } from './refusals.ts'
import { answered, leavingRing, ringOf } from './rotating.ts'

const DAY = 86_400
const AT: unknown = expect.any(Number)

type ExpectedEffect = Omit<PolicyEffect, 'explanation' | 'at'> & { readonly at?: unknown }

/** On the default policy with ES256. */
const EFFECTS: ExpectedEffect[] = [
  { setting: 'algorithm', from: 'ES256', to: 'RS256', takesEffect: 'by_rotation', at: AT },
  {
    setting: 'rotationPeriodSeconds',
    from: 90 * DAY,
    to: 7 * DAY,
    takesEffect: 'at_once',
    at: AT,
  },
  { setting: 'propagationDelaySeconds', from: DAY, to: 2 * DAY, takesEffect: 'at_once', at: AT },
  { setting: 'tokenTtlMaxSeconds', from: DAY, to: 3600, takesEffect: 'by_degrees' },
  { setting: 'jwksMaxAgeSeconds', from: 600, to: 120, takesEffect: 'by_degrees' },
  { setting: 'jwksMaxAgeSeconds', from: 600, to: 3600, takesEffect: 'at_once' },
]

const policyOf = (effects: readonly ExpectedEffect[]) =>
  Object.fromEntries(effects.map(({ setting, to }) => [setting, to]))

export function describePolicyForecast(getHost: () => TestHost): void {
  describe('a dry run of a change', () => {
    let id = ''
    let etag = ''

    beforeAll(async () => {
      ;({ id } = await createIssuer(getHost()))
      etag = `"${(await ringOf(getHost(), id)).revision}"`
    })

    const forecast = (policy: object, headers = {}): Promise<TestResponse> =>
      leavingRing(getHost(), id, () =>
        control(getHost(), 'PATCH', `/issuers/${id}`, { json: { policy, dryRun: true }, headers }),
      )

    async function effectsOf(policy: object): Promise<PolicyEffect[]> {
      const response = await forecast(policy)
      expect(response.headers['etag']).toBe(etag)
      const body = answered<{ readonly effects: PolicyEffect[] }>(response)
      const revision = Number(etag.slice(1, -1))
      expect(body).toStrictEqual({ id, revision, dryRun: true, effects: body.effects })
      return body.effects
    }

    test.each(EFFECTS)('says when $setting $to takes effect', async (expected) => {
      const explanation: unknown = expect.stringMatching(/^[a-z][^.\n]{10,}[^.]$/)
      const effects = await effectsOf(policyOf([expected]))
      expect(effects).toStrictEqual([{ ...expected, explanation }])
    })

    test('says it of every setting, in the order of the policy', async () => {
      const effects = await effectsOf(policyOf(EFFECTS.slice(0, 5)))
      expect(effects).toMatchObject(EFFECTS.slice(0, 5))
    })

    test.each<[title: string, policy: object]>([
      ['that names nothing', {}],
      ['to what is', { jwksMaxAgeSeconds: 600, algorithm: 'ES256' }],
    ])('%s has no effect', async (_title, policy) => {
      expect(await effectsOf(policy)).toStrictEqual([])
    })

    test.each<[title: string, policy: object, says: string]>([
      ['a setting out of its bounds', { jwksMaxAgeSeconds: 59 }, 'from 60 to 86400, got 59'],
      ['a broken relation', { rotationPeriodSeconds: DAY }, 'must be more than'],
      ['no keys any more', { custody: 'none' }, 'its custody cannot become none'],
    ])('refuses %s, as the change itself', async (_title, policy, says) => {
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(refusalProblems(await forecast(policy), refusal)).toStrictEqual([])
    })

    test('is for the revision that it names', async () => {
      const policy = { jwksMaxAgeSeconds: 120 }
      answered(await forecast(policy, { 'If-Match': etag }))
      const response = await forecast(policy, { 'If-Match': '"99"' })
      const says = 'the change was for revision 99'
      const refusal = { status: 412, error: 'revision_conflict', says }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    })
  })

  test('a change that says it is no dry run is made', async () => {
    const host = getHost()
    const { id } = await createIssuer(host)
    const json = { policy: { jwksMaxAgeSeconds: 120 }, dryRun: false }
    const body = answered(await control(host, 'PATCH', `/issuers/${id}`, { json }))
    expect(body).not.toHaveProperty('effects')
    expect((await ringOf(host, id)).policy.jwksMaxAgeSeconds).toBe(120)
  })
}
