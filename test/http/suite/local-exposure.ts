/**
 * What a web page could make a browser on the same machine send: refused with the right credential too, unless it is
 * about a public document.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { bodyOf, control, createIssuer } from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { leavingUnchanged } from './refusals.ts'

type HeadersOfPort = (port: string) => Readonly<Record<string, string>>

const REQUESTS: [method: string, path: string, json?: object][] = [
  ['GET', '/issuers'],
  ['GET', '/issuers/{id}'],
  ['POST', '/issuers', { id: 'made-by-a-page' }],
  ['PATCH', '/issuers/{id}', { policy: { jwksMaxAgeSeconds: 60 } }],
  ['DELETE', '/issuers/{id}'],
  ['PUT', '/issuers/{id}/adopted-keys', { keys: [] }],
  ['POST', '/issuers/{id}/tokens', { subject: 's', audience: 'a' }],
  ['OPTIONS', '/issuers/{id}/tokens'],
]

const FOREIGN: [title: string, error: string, headers: HeadersOfPort][] = [
  ['a foreign Host', 'foreign_host', () => ({ Host: 'evil.example' })],
  ['a foreign Host with our port', 'foreign_host', (port) => ({ Host: `evil.example:${port}` })],
  ['our Host with another port', 'foreign_host', () => ({ Host: '127.0.0.1:1' })],
  ['our Host without its port', 'foreign_host', () => ({ Host: '127.0.0.1' })],
  [
    'a Host that begins like ours',
    'foreign_host',
    (p) => ({ Host: `localhost.evil.example:${p}` }),
  ],
  ['a Host that ends like ours', 'foreign_host', (p) => ({ Host: `evil-localhost:${p}` })],
  ['another loopback address', 'foreign_host', (port) => ({ Host: `127.0.0.2:${port}` })],
  ['a foreign Origin', 'foreign_origin', () => ({ Origin: 'http://evil.example' })],
  ['an opaque Origin', 'foreign_origin', () => ({ Origin: 'null' })],
  ['our Origin by https', 'foreign_origin', (p) => ({ Origin: `https://127.0.0.1:${p}` })],
  ['our Origin with another port', 'foreign_origin', () => ({ Origin: 'http://127.0.0.1:1' })],
  ['our Origin without a port', 'foreign_origin', () => ({ Origin: 'http://127.0.0.1' })],
  [
    'an Origin that begins like ours',
    'foreign_origin',
    (p) => ({ Origin: `http://127.0.0.1:${p}0` }),
  ],
  ['an extension', 'foreign_origin', () => ({ Origin: 'chrome-extension://abcdef' })],
]

export function describeLocalExposure(getHost: () => TestHost): void {
  let id = ''

  beforeAll(async () => {
    ;({ id } = await createIssuer(getHost()))
  })

  const port = () => new URL(getHost().baseUrl).port

  describe.each(FOREIGN)('%s', (_title, error, headersOfPort) => {
    test.each(REQUESTS)('is refused for %s %s', async (method, path, json) => {
      const response = await leavingUnchanged(getHost(), id, () =>
        control(getHost(), method, path.replace('{id}', id), {
          headers: headersOfPort(port()),
          ...(json === undefined ? {} : { json }),
        }),
      )
      expect(response.status).toBe(403)
      expect(bodyOf(response)['error']).toBe(error)
      expect(Object.keys(response.headers).join(' ')).not.toMatch(/access-control/)
      expect((await control(getHost(), 'GET', '/issuers/made-by-a-page')).status).toBe(404)
    })

    test.each(['/control', '/control/', '/%63ontrol/issuers', '/x/../control/issuers'])(
      'is refused for %s',
      async (path) => {
        const Authorization = `Bearer ${getHost().controlSecret}`
        const headers = { Authorization, ...headersOfPort(port()) }
        expect((await getHost().request('GET', path, { headers })).status).toBe(403)
      },
    )

    test.each(['/healthz', '/{id}/healthz', '/{id}/.well-known/jwks.json'])(
      'is answered for %s',
      async (path) => {
        const headers = headersOfPort(port())
        const answer = await getHost().request('GET', path.replace('{id}', id), { headers })
        expect(answer.status).toBe(200)
      },
    )
  })

  /** The statuses of a read and of a token. */
  async function statusesFor(headers: Readonly<Record<string, string>>): Promise<number[]> {
    const read = await control(getHost(), 'GET', `/issuers/${id}`, { headers })
    const json = { subject: 's', audience: 'a' }
    const minted = await control(getHost(), 'POST', `/issuers/${id}/tokens`, { headers, json })
    return [read.status, minted.status]
  }

  test.each<[title: string, headers: HeadersOfPort]>([
    ['127.0.0.1', (p) => ({ Host: `127.0.0.1:${p}` })],
    ['localhost', (p) => ({ Host: `localhost:${p}` })],
    ['our Origin', (p) => ({ Origin: `http://127.0.0.1:${p}` })],
    ['our Origin by name', (p) => ({ Host: `localhost:${p}`, Origin: `http://localhost:${p}` })],
  ])('the control API is answered to %s', async (_title, headersOfPort) => {
    expect(await statusesFor(headersOfPort(port()))).toStrictEqual([200, 201])
  })

  test.each<[title: string, headers: HeadersOfPort]>([
    ['[::1]', (p) => ({ Host: `[::1]:${p}` })],
    ['our Origin by IPv6', (p) => ({ Host: `[::1]:${p}`, Origin: `http://[::1]:${p}` })],
  ])('the control API is answered to %s where a host may be one', async (_title, headersOfPort) => {
    const isAnswered = getHost().traits.ipv6Hosts === 'answered'
    const expected = isAnswered ? [200, 201] : [400, 400]
    expect(await statusesFor(headersOfPort(port()))).toStrictEqual(expected)
  })

  test('a foreign page learns nothing of the credential: it is refused before', async () => {
    const headers = { Authorization: 'Bearer wrong', Origin: 'http://evil.example' }
    const answer = await getHost().request('GET', '/control/issuers', { headers })
    expect(answer.status).toBe(403)
    expect(answer.headers['www-authenticate']).toBeUndefined()
  })
}
