/**
 * The public documents as bytes with their validators, made once for each issuer and each time in which the same keys are
 * published.
 */

import { utf8 } from '../crypto/base64url.ts'
import { sha256Base64Url } from '../crypto/digest.ts'
import type { PublicIssuer } from '../issuers/issuer-document.ts'
import type { PublishedKey } from '../issuers/key-record.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { retentionInForce, settlingMoments } from '../issuers/policy-in-force.ts'
import { publishedRing, publishedSpan, type Span } from '../keyring/published-ring.ts'
import { buildDiscoveryDocument } from './discovery.ts'
import { buildJwkSet } from './jwk-set.ts'

export interface RenderedDocument {
  readonly body: string
  /** Strong: the SHA-256 of the body (RFC 9110 §8.8.3). */
  readonly etag: string
}

export interface RenderedDocuments {
  readonly discovery: RenderedDocument
  readonly jwkSet: RenderedDocument
}

/** The documents, for the time in which they are right. */
interface Rendering extends Span {
  readonly documents: RenderedDocuments
}

export interface DocumentRenderer {
  /** Resolves to `undefined` while the issuer publishes no key: a relying party must never see an empty set. */
  render(issuer: PublicIssuer, now: number): Promise<RenderedDocuments | undefined>
  /** What was rendered of this issuer before, if it is right now. */
  kept(issuer: PublicIssuer, now: number): RenderedDocuments | undefined
}

export function documentRenderer(bounds: PublicationBounds): DocumentRenderer {
  const rendered = new WeakMap<PublicIssuer, Rendering>()

  function kept(issuer: PublicIssuer, now: number): RenderedDocuments | undefined {
    const before = rendered.get(issuer)
    const isRight = before !== undefined && before.from <= now && now < before.until
    return isRight ? before.documents : undefined
  }

  async function renderAnew(
    issuer: PublicIssuer,
    now: number,
  ): Promise<RenderedDocuments | undefined> {
    const retention = retentionInForce(issuer, bounds, now)
    const published = publishedRing(issuer.ring, retention, now)
    if (published.length === 0) return undefined
    const documents = await renderedFrom(issuer, published)
    const changes = settlingMoments(issuer, bounds)
    rendered.set(issuer, { documents, ...publishedSpan(issuer.ring, retention, changes, now) })
    return documents
  }

  return { kept, render: async (issuer, now) => kept(issuer, now) ?? renderAnew(issuer, now) }
}

async function renderedFrom(
  issuer: PublicIssuer,
  published: readonly PublishedKey[],
): Promise<RenderedDocuments> {
  return {
    discovery: await renderedDocument(buildDiscoveryDocument(issuer, published)),
    jwkSet: await renderedDocument(buildJwkSet(published)),
  }
}

async function renderedDocument(document: object): Promise<RenderedDocument> {
  const body = JSON.stringify(document)
  return { body, etag: `"${await sha256Base64Url(utf8(body))}"` }
}
