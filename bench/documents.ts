/**
 * The two documents that are measured, and things that there are one of for each.
 */

export type DocumentKind = 'discovery' | 'JWK Set'

export const DOCUMENT_KINDS: readonly DocumentKind[] = ['discovery', 'JWK Set']

export type ByKind<T> = Readonly<Record<DocumentKind, T>>

/** One after the other. */
export async function byKind<T>(make: (kind: DocumentKind) => Promise<T>): Promise<ByKind<T>> {
  return { discovery: await make('discovery'), 'JWK Set': await make('JWK Set') }
}
