import { expect, test, vi } from 'vitest'
import * as z from 'zod/mini'
import { bearerAuthorizer } from '../../../../src/cli/host/bearer-authorizer.ts'
import { controlTransport } from '../../../../src/cli/host/control-transport.ts'
import { usageError } from '../../../../src/cli/exit.ts'
import { answeringHost } from '../../../support/answering-host.ts'

const request = { method: 'GET', path: '/issuers', answer: z.object({}) } as const

test('an answer is waited for longer than API Gateway waits for a function', async () => {
  await using host = await answeringHost(200, '{}')
  using timeout = vi.spyOn(AbortSignal, 'timeout')
  const { url } = host
  await controlTransport({ url, authorizer: bearerAuthorizer(url, 'a') })(request)
  expect(timeout.mock.calls[0]?.[0]).toBeGreaterThan(30_000)
})

test('where there is no credential nothing is sent, and nothing is said of the host', async () => {
  await using host = await answeringHost(200, '{}')
  const authorizer = {
    ...bearerAuthorizer(host.url, 'a'),
    authorize: () => Promise.reject(usageError('no credential')),
  }
  const call = controlTransport({ url: host.url, authorizer })
  await expect(call(request)).rejects.toMatchObject({ exitCode: 2, message: 'no credential' })
  expect(host.requests).toEqual([])
})
