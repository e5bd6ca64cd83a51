/**
 * Token exchange on a local installation: what a web page could make a browser on the same machine send.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { bodyOf } from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { createExchangingIssuer, type ExchangingIssuer, post } from './exchanging.ts'

export function describeExchangeExposure(getHost: () => TestHost): void {
  describe('a local installation answers no request that a page could make a browser send', () => {
    let issuer: ExchangingIssuer

    beforeAll(async () => {
      issuer = await createExchangingIssuer(getHost())
    })

    test.each<[title: string, error: string, headers: Readonly<Record<string, string>>]>([
      ['by a foreign Host', 'foreign_host', { Host: 'evil.example' }],
      ['from a foreign Origin', 'foreign_origin', { Origin: 'https://evil.example' }],
      ['from an opaque Origin', 'foreign_origin', { Origin: 'null' }],
    ])('%s', async (_title, error, headers) => {
      const before = getHost().logLines().length
      const answer = await post(getHost(), issuer.id, issuer.form(), headers)
      expect([answer.status, bodyOf(answer)['error']]).toStrictEqual([403, error])
      const preflight = await getHost().request('OPTIONS', `/${issuer.id}/token`, { headers })
      expect(preflight.status).toBe(403)
      const lines = getHost().logLines().slice(before)
      expect(lines.filter((line) => line.includes('token_issued'))).toStrictEqual([])
    })
  })
}
