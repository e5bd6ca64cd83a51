import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controlGuard } from '../../src/control-access/control-guard.ts'
import { utf8 } from '../../src/crypto/base64url.ts'
import { sha256 } from '../../src/crypto/digest.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import type { TestHost } from '../support/hosts/test-host.ts'
import { workerHost } from '../support/hosts/worker.ts'
import { describeControlSwitchedOff } from './suite/control-switched-off.ts'

describe.each<[name: string, make: () => TestHost | Promise<TestHost>]>([
  ['in process', () => inProcessHost({ control: 'off' })],
  ['the Worker', () => workerHost({ control: 'off' })],
])('%s, without a control secret', (_name, make) => {
  let host: TestHost

  beforeAll(async () => {
    host = await make()
  })

  afterAll(() => host.close())

  describeControlSwitchedOff(() => host)
})

// `printf %s "$UNSET" | sha256sum` is a digest as well.
test.each([undefined, '', 'Bearer', 'Bearer ', 'Bearer  x'])(
  'refuses %j where the digest of an empty secret was configured by mistake',
  async (credentials) => {
    const guard = controlGuard({ secretDigest: await sha256(utf8('')), tokens: undefined })
    const guarded = new Hono().use(guard).get('/', (c) => c.text(''))
    const headers = new Headers(credentials === undefined ? {} : { Authorization: credentials })
    const { status } = await guarded.request('/', { headers })
    expect([401, 404]).toContain(status)
  },
)
