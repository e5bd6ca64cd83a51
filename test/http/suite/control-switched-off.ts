/**
 * A host without a control secret has no control API, whatever is presented.
 */

import { expect, test } from 'vitest'
import type { TestHost } from '../../support/hosts/test-host.ts'

const NOT_FOUND = '{"error":"not_found","error_description":"there is no such document"}'

export function describeControlSwitchedOff(getHost: () => TestHost): void {
  test.each([
    '/control',
    '/control/',
    '/control/issuers',
    '/control/issuers/prod',
    '/control/issuers/prod/keys',
    '/control/issuers/prod/adopted-keys',
    '/control/issuers/prod/tokens',
    '/control/nothing',
  ])('%s is not there', async (path) => {
    const { controlSecret } = getHost()
    for (const credentials of [undefined, '', 'Bearer', 'Bearer ', `Bearer ${controlSecret}`]) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const headers = credentials === undefined ? {} : { Authorization: credentials }
        const response = await getHost().request(method, path, { headers })
        const body = method === 'HEAD' ? '' : NOT_FOUND
        expect(response, `${method} ${credentials}`).toMatchObject({ status: 404, body })
        expect(response.headers['www-authenticate']).toBeUndefined()
      }
    }
  })

  test('the public routes are', async () => {
    expect((await getHost().request('GET', '/healthz')).status).toBe(200)
    const unknown = await getHost().request('GET', '/prod/.well-known/jwks.json')
    expect(unknown.status).toBe(404)
  })
}
