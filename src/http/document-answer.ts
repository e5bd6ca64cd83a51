/**
 * A public document as an HTTP response: strong ETag, 304, cacheable (RFC 9110 §8.8.3, §13.1.2).
 */

import { cacheControlOf } from '../documents/cache-control.ts'
import { contentTypeOf } from '../documents/content-type.ts'
import type { RenderedDocument, RenderedDocuments } from '../documents/rendered-documents.ts'
import type { PublicIssuer } from '../issuers/issuer-document.ts'
import { PUBLIC_ANSWER_HEADERS } from './json-answer.ts'

export type DocumentName = keyof RenderedDocuments

/** Each made once: a set of headers that is made anew costs a fifth of the answer. */
const headersOf = new WeakMap<RenderedDocument, Headers>()

/** `requestHeaders`: of which `If-None-Match` alone is read. */
export function answerDocument(
  name: DocumentName,
  issuer: PublicIssuer,
  documents: RenderedDocuments,
  requestHeaders: Headers,
): Response {
  const document = documents[name]
  const ifNoneMatch = requestHeaders.get('If-None-Match')
  if (ifNoneMatch !== null && matchesEtag(ifNoneMatch, document.etag)) {
    const headers = new Headers(validators(name, issuer, document))
    return new Response(null, { status: 304, headers })
  }
  let headers = headersOf.get(document)
  if (headers === undefined) {
    headers = new Headers({
      ...validators(name, issuer, document),
      'Content-Type': contentTypeOf(name),
    })
    headersOf.set(document, headers)
  }
  return new Response(document.body, { headers })
}

function validators(
  name: DocumentName,
  { policy, revision }: PublicIssuer,
  { etag }: RenderedDocument,
): Readonly<Record<string, string>> {
  return {
    ...PUBLIC_ANSWER_HEADERS,
    ...(name === 'jwkSet' ? { 'Signet-Ring-Version': String(revision) } : {}),
    'Access-Control-Expose-Headers': 'ETag, Signet-Ring-Version',
    'Cache-Control': cacheControlOf(policy),
    ETag: etag,
  }
}

/** Weak comparison, as If-None-Match has it (RFC 9110 §13.1.2). */
function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  const candidates = ifNoneMatch.split(',').map((candidate) => candidate.trim().replace(/^W\//, ''))
  return candidates.includes(etag) || candidates.includes('*')
}
