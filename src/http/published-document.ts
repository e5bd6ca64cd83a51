/**
 * A public document as an HTTP response: strong ETag, 304, cacheable (RFC 9110 §8.8.3, §13.1.2).
 */

import type { Context } from 'hono'
import { utf8 } from '../crypto/base64url.ts'
import { sha256Base64Url } from '../crypto/digest.ts'

export interface PublishedDocument {
  readonly contentType: 'application/json' | 'application/jwk-set+json'
  readonly document: object
  readonly maxAgeSeconds: number
  /** Further headers of this document. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Never `no-cache`: STS throttles itself against issuers that forbid caching. */
export async function publishDocument(
  c: Context,
  { contentType, document, maxAgeSeconds, headers = {} }: PublishedDocument,
): Promise<Response> {
  const body = JSON.stringify(document)
  const etag = `"${await sha256Base64Url(utf8(body))}"`
  const validators = {
    ...headers,
    'Access-Control-Expose-Headers': 'ETag, Signet-Ring-Version',
    'Cache-Control': `public, max-age=${maxAgeSeconds}`,
    ETag: etag,
  }
  if (matchesEtag(c.req.header('If-None-Match'), etag)) {
    return c.body(null, 304, validators)
  }
  return c.body(body, 200, { ...validators, 'Content-Type': contentType })
}

/** Weak comparison, as If-None-Match has it (RFC 9110 §13.1.2). */
function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const candidates = ifNoneMatch.split(',').map((candidate) => candidate.trim().replace(/^W\//, ''))
  return candidates.includes(etag) || candidates.includes('*')
}
