/**
 * The whole Worker inside its runtime: a read of storage is handed to the runtime, which finishes it although the client
 * that began it hangs up.
 */

import type { ExecutionContext } from '@cloudflare/workers-types'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import worker from '../../functions/worker/index.ts'
import { issuerBody } from '../support/workerd/stored-bodies.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import { publicCopyBody } from '../../src/reading/public-copy-body.ts'

const SETTINGS = {
  PUBLIC_URL: 'https://oidc.acme.dev',
  DEPLOYMENT: 'test',
  SEALED_SECRET: btoa('0123456789abcdef0123456789abcdef'),
}

test('every read that a request begins is kept, and none where storage is not asked', async () => {
  const key = issuerKey('kept')
  const body = issuerBody(key, 1).replaceAll('oidc.example.com', 'oidc.acme.dev')
  await env.PUBLIC_COPIES.put(key, publicCopyBody(key, body))
  const kept: Promise<unknown>[] = []
  const context = { waitUntil: (work: Promise<unknown>) => void kept.push(work) }
  const ask = async () => {
    const request = new Request('https://oidc.acme.dev/kept/.well-known/jwks.json')
    return worker.fetch(request, { ...env, ...SETTINGS }, context as ExecutionContext)
  }
  expect((await ask()).status).toBe(200)
  expect(kept).toHaveLength(1)
  await Promise.all(kept)
  expect((await ask()).status).toBe(200)
  expect(kept).toHaveLength(1)
})
