/**
 * The measure: the JWK Set by hono and jose alone, from the same object, with the same bytes and headers. It checks nothing
 * and keeps nothing.
 */

import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import { base64url } from 'jose'
import { readIssuer } from './bare-s3.ts'

// As Signet has it: Node loads its `fetch` while the function is initialized.
Reflect.get(globalThis, 'Response')

const app = new Hono()
app.get('/:host/:id/.well-known/jwks.json', async (c) => {
  const { ring, policy, revision } = await readIssuer(c.req.param('id'))
  const keys = ring.keys.map(({ kid, alg, publicJwk: { kty, ...parameters } }) => ({
    kty,
    kid,
    use: 'sig',
    alg,
    ...parameters,
  }))
  const body = JSON.stringify({ keys })
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
  return c.body(body, 200, {
    'X-Content-Type-Options': 'nosniff',
    'Access-Control-Allow-Origin': '*',
    'Signet-Ring-Version': String(revision),
    'Access-Control-Expose-Headers': 'ETag, Signet-Ring-Version',
    'Cache-Control': `public, max-age=${policy.jwksMaxAgeSeconds}, s-maxage=60, stale-if-error=600`,
    ETag: `"${base64url.encode(new Uint8Array(digest))}"`,
    'Content-Type': 'application/jwk-set+json',
  })
})

export const handler = handle(app)
