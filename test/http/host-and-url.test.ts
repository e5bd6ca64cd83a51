/**
 * A runtime may have the URL of a request from elsewhere than its `Host` header. Both have to be ours.
 */

import { expect, test } from 'vitest'
import { bodyOf } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'

const PATH = '/control/issuers'

test.each<[title: string, url: string, host: string]>([
  ['a foreign Host on a URL of ours', `http://127.0.0.1:8787${PATH}`, 'evil.example'],
  ['a foreign port on a URL of ours', `http://127.0.0.1:8787${PATH}`, '127.0.0.1:1'],
  ['a Host of ours on a foreign URL', `http://evil.example${PATH}`, '127.0.0.1:8787'],
  ['a Host of ours on a foreign port', `http://127.0.0.1:1${PATH}`, '127.0.0.1:8787'],
])('refuses %s', async (_title, url, Host) => {
  const host = inProcessHost()
  const headers = { Authorization: `Bearer ${host.controlSecret}`, Host }
  const response = await host.request('GET', url, { headers })
  expect(response.status).toBe(403)
  expect(bodyOf(response)['error']).toBe('foreign_host')
})

test('takes two names of ours', async () => {
  const host = inProcessHost()
  const headers = { Authorization: `Bearer ${host.controlSecret}`, Host: 'localhost:8787' }
  const response = await host.request('GET', `http://127.0.0.1:8787${PATH}`, { headers })
  expect(response.status).toBe(200)
})
