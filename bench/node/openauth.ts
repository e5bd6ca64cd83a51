/**
 * OpenAuth as its documentation runs it on Node: its hono app, storage in memory.
 *
 * It signs with ES256 alone, and has its metadata at the path of RFC 8414 alone.
 */

import { issuer } from '@openauthjs/openauth'
import { MemoryStorage } from '@openauthjs/openauth/storage/memory'
import { createSubjects } from '@openauthjs/openauth/subject'
import { listenWithHono } from './listen.ts'

const app = issuer({
  subjects: createSubjects({}),
  storage: MemoryStorage(),
  // Nobody logs in here, and without a provider it does not start.
  providers: { nobody: { type: 'nobody', init: () => {} } },
  success: async () => new Response(null, { status: 404 }),
})
listenWithHono(async (request) => app.fetch(request), {
  discovery: '/.well-known/oauth-authorization-server',
  'JWK Set': '/.well-known/jwks.json',
})
