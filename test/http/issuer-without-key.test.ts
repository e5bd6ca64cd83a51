/**
 * What a host answers of an issuer whose keys do not sign yet, or should no longer sign alone.
 */

import { describe, expect, test } from 'vitest'
import { CLOCK_SKEW_SECONDS } from '../../src/limits.ts'
import { bodyOf, control, createIssuer } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import { goldenFile, goldenText, namesOf } from './suite/golden.ts'

describe('an issuer without a key that signs', () => {
  test('is not healthy, and mints nothing', async () => {
    const host = inProcessHost()
    const { id } = await createIssuer(host)
    host.clock.seconds -= 10 * CLOCK_SKEW_SECONDS
    const health = await host.request('GET', `/${id}/healthz`)
    expect(health.status).toBe(503)
    const text = goldenText(health, namesOf(host, id))
    await expect(text).toMatchFileSnapshot(goldenFile('health-without-key'))
    const minted = await control(host, 'POST', `/issuers/${id}/tokens`, {
      json: { subject: 's', audience: 'a' },
    })
    expect(minted.status).toBe(409)
    expect(bodyOf(minted)).toMatchObject({ error: 'no_active_key' })
  })

  test('still has its keys in the JWK Set where the clock is behind as far as it may be', async () => {
    const host = inProcessHost()
    const { id } = await createIssuer(host)
    host.clock.seconds -= CLOCK_SKEW_SECONDS
    const jwkSet = await host.request('GET', `/${id}/.well-known/jwks.json`)
    expect(bodyOf<{ keys: unknown[] }>(jwkSet).keys).toHaveLength(1)
  })

  test('an overdue issuer is healthy enough to be asked, and says so', async () => {
    const host = inProcessHost()
    const { id } = await createIssuer(host)
    host.clock.seconds += 91 * 86_400
    const health = await host.request('GET', `/${id}/healthz`)
    expect(health.status).toBe(200)
    expect(bodyOf(health)).toMatchObject({ status: 'overdue', nextMoment: null })
  })
})
