import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { control, createIssuer } from '../support/hosts/control-client.ts'
import type { TestHost } from '../support/hosts/test-host.ts'
import { workerHost } from '../support/hosts/worker.ts'
import { describeHttp } from './suite/index.ts'

describe('the Worker', () => {
  let host: TestHost

  beforeAll(async () => {
    host = await workerHost()
  })

  afterAll(() => host.close())

  describeHttp(() => host)

  test('a public copy that cannot be read is made anew by an update of its issuer', async () => {
    const { id } = await createIssuer(host)
    const read = () => host.request('GET', `/${id}/.well-known/jwks.json`)
    await host.breakIssuer(id)
    expect((await read()).status).toBe(503)
    await control(host, 'PATCH', `/issuers/${id}`, { json: { policy: {} } })
    expect((await read()).status).toBe(200)
  })
})
