/**
 * Issuers that the deployment trusts for control are never created here: their tokens would open nothing any more.
 */

import { expect, test } from 'vitest'
import { bodyOf, control, newIssuerId } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'

const TRUSTED = 'https://ci.acme-corp.com/team'

const host = () =>
  inProcessHost({
    controlTrust: [
      {
        name: 'ci',
        issuer: `${TRUSTED}/`,
        keys: { discovery: true },
        algorithms: ['RS256'],
        condition: 'claims.sub == "job"',
        allows: [{ actions: ['rotate'], issuers: ['prod'] }],
      },
    ],
  })

test.each([
  ['its very URL', TRUSTED, 400],
  ['its URL with the host in capitals', 'https://CI.acme-corp.com/team', 400],
  ['another URL of its host', 'https://ci.acme-corp.com/other', 201],
])('%s', async (_title, issuer, status) => {
  const json = { id: newIssuerId(), issuer, policy: { algorithm: 'ES256' } }
  const response = await control(host(), 'POST', '/issuers', { json })
  expect(response.status).toBe(status)
  if (status === 201) return
  expect(bodyOf(response)).toMatchObject({
    error: 'invalid_request',
    error_description: expect.stringContaining('CONTROL_TRUST') as unknown,
  })
})
