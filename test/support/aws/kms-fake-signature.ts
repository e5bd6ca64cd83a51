/**
 * The check of a call's signature by the fake of AWS KMS (AWS General Reference, "Signature Version 4"), written apart from
 * those that sign.
 */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { Buffer } from 'node:buffer'
import type { FakeRequest } from './fake-service.ts'
import { FAKE_REGION, KmsFakeError } from './kms-fake-answers.ts'

export interface FakeCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/

/** Without `known` anyone may call who signs for this service and region. */
export function requireSignature(request: FakeRequest, known: FakeCredentials | undefined): void {
  const { headers } = request
  const parsed = AUTHORIZATION.exec(headers['authorization'] ?? '')
  if (parsed === null) {
    throw new KmsFakeError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  const [, accessKeyId = '', day = '', region, service, names = '', signature = ''] = parsed
  if (region !== FAKE_REGION || service !== 'kms') {
    throw badSignature('Credential should be scoped to a valid region and to this service.')
  }
  if (known === undefined) return
  if (accessKeyId !== known.accessKeyId || headers['x-amz-security-token'] !== known.sessionToken) {
    throw new KmsFakeError(
      'UnrecognizedClientException',
      `The security token included in the request is invalid: ${accessKeyId}`,
    )
  }
  const signed = names.split(';')
  const needed = Object.keys(headers).filter((name) => /^(?:host|x-amz-.*)$/.test(name))
  if (needed.some((name) => !signed.includes(name))) throw badSignature('A header is not signed.')
  const expected = signatureOf(request, signed, day, known.secretAccessKey)
  if (timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) return
  throw badSignature('The request signature we calculated does not match the one you provided.')
}

function signatureOf(
  { method, target, headers, body }: FakeRequest,
  signed: readonly string[],
  day: string,
  secretAccessKey: string,
): string {
  const lines = signed.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('')
  const canonical = [method, target, '', lines, signed.join(';'), sha256(body)].join('\n')
  const scope = [day, FAKE_REGION, 'kms', 'aws4_request']
  const start: Buffer = Buffer.from(`AWS4${secretAccessKey}`)
  const key = scope.reduce(hmac, start)
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope.join('/'), sha256(canonical)]
  return hmac(key, text.join('\n')).toString('hex')
}

function badSignature(message: string): KmsFakeError {
  return new KmsFakeError('InvalidSignatureException', message)
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
