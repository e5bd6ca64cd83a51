/**
 * The static copies that an issuer should have, made of its rendered documents.
 */

import { utf8 } from '../crypto/base64url.ts'
import { sha256Base64Url } from '../crypto/digest.ts'
import { cacheControlOf } from '../documents/cache-control.ts'
import { contentTypeOf } from '../documents/content-type.ts'
import type { RenderedDocuments } from '../documents/rendered-documents.ts'
import type { PublicIssuer } from '../issuers/issuer-document.ts'
import type { StaticCopy } from './static-copy-store.ts'

export interface IssuerCopies {
  /** Under both of its names. */
  readonly discovery: StaticCopy
  readonly jwkSet: StaticCopy
}

/** `documents`: those of this issuer. */
export async function copiesOfIssuer(
  { policy, revision }: Pick<PublicIssuer, 'policy' | 'revision'>,
  documents: RenderedDocuments,
): Promise<IssuerCopies> {
  const cacheControl = cacheControlOf(policy)
  const plain = (name: keyof RenderedDocuments) => ({
    body: documents[name].body,
    contentType: contentTypeOf(name),
    cacheControl,
    ringVersion: revision,
  })
  const [discovery, jwkSet] = [plain('discovery'), plain('jwkSet')]
  const edition = await sha256Base64Url(utf8(JSON.stringify([discovery, jwkSet])))
  return { discovery: { ...discovery, edition }, jwkSet: { ...jwkSet, edition } }
}

/** Whether what is there is what should be. */
export function isSameCopy(found: StaticCopy | undefined, wanted: StaticCopy): boolean {
  return (
    found !== undefined &&
    found.body === wanted.body &&
    found.contentType === wanted.contentType &&
    found.cacheControl === wanted.cacheControl &&
    found.ringVersion === wanted.ringVersion &&
    found.edition === wanted.edition
  )
}
