/**
 * The media types of the public documents (RFC 7517 §8.5, RFC 8414 §3.2).
 */

import type { RenderedDocuments } from './rendered-documents.ts'

export function contentTypeOf(name: keyof RenderedDocuments): string {
  return name === 'jwkSet' ? 'application/jwk-set+json' : 'application/json'
}
