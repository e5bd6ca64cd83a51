/**
 * The measure: a token by hono and jose alone, from the same object and signed by the same key of KMS, whose client is loaded
 * by the first call. It checks nothing.
 */

import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import { base64url } from 'jose'
import { readIssuer } from './bare-s3.ts'

// As Signet has it: Node loads its `fetch` while the function is initialized.
Reflect.get(globalThis, 'Response')

const TTL_SECONDS = 3600
const BACKDATE_SECONDS = 30

interface MintBody {
  readonly subject: string
  readonly audience: string
}

async function loadKms() {
  const { KMSClient, SignCommand } = await import('@aws-sdk/client-kms')
  const client = new KMSClient({ region: process.env['AWS_REGION'] ?? '', maxAttempts: 1 })
  return { client, SignCommand }
}

let loading: ReturnType<typeof loadKms> | undefined

async function sign(keyId: string, input: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(input))
  const { client, SignCommand } = await (loading ??= loadKms())
  const { Signature = new Uint8Array() } = await client.send(
    new SignCommand({
      KeyId: keyId,
      Message: new Uint8Array(digest),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    }),
  )
  return base64url.encode(Signature)
}

const app = new Hono()
app.post('/control/issuers/:id/tokens', async (c) => {
  const { subject: sub, audience: aud } = await c.req.json<MintBody>()
  const { issuer: iss, ring } = await readIssuer(c.req.param('id'))
  const [key] = ring.keys
  if (key === undefined) return c.json({ error: 'no_active_key' }, 409)
  const { kid, alg, keyRef } = key
  const now = Math.floor((performance.timeOrigin + performance.now()) / 1000)
  const iat = now - BACKDATE_SECONDS
  const exp = iat + TTL_SECONDS
  const jti = crypto.randomUUID()
  const claims = { iss, sub, aud, iat, nbf: iat, exp, jti }
  const parts = [{ alg, kid, typ: 'JWT' }, claims]
  const input = parts.map((part) => base64url.encode(JSON.stringify(part))).join('.')
  // The second part of a key reference is the ARN.
  const arn = new TextDecoder().decode(base64url.decode(keyRef.split('.')[1] ?? ''))
  const token = `${input}.${await sign(arn, input)}`
  const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }
  return c.json({ token, expiresIn: exp - now, kid, alg, iss, sub, aud, exp, jti }, 201, headers)
})

export const handler = handle(app)
