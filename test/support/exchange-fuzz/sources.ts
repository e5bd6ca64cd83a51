/**
 * Whom generated policies may trust: sources with fixed issuers and keys, good and bad ones.
 */

import type { JsonObject } from '../../../src/json.ts'
import { newSubjectKey, type SubjectKey } from '../subject-tokens.ts'

export interface FuzzSource {
  readonly issuer: string
  readonly keys: readonly SubjectKey[]
  /** How a policy has its keys. */
  readonly by: 'jwks' | 'discovery' | 'adopted'
  readonly isDown?: boolean
}

const FIRST = newSubjectKey('ES256')
const SHARED = newSubjectKey('ES384')

/** By the key alone, and by the `kid` not at all, the first two differ. The fourth publishes a key of the third. */
export const SOURCES: readonly FuzzSource[] = [
  { issuer: 'https://a.example.net', keys: [FIRST], by: 'jwks' },
  { issuer: 'https://a.example.net', keys: [newSubjectKey('ES256', FIRST.kid)], by: 'jwks' },
  { issuer: 'https://c.example.net', keys: [SHARED, newSubjectKey('RS256')], by: 'jwks' },
  { issuer: 'http://127.0.0.1:9', keys: [newSubjectKey('ES256'), SHARED], by: 'discovery' },
  { issuer: 'http://127.0.0.1:19', keys: [newSubjectKey('ES256')], by: 'discovery', isDown: true },
]

export const ADOPTED: FuzzSource = {
  issuer: 'https://cluster.example.net',
  keys: [newSubjectKey('RS256')],
  by: 'adopted',
}

/** Nobody trusts it. */
export const STRANGER: FuzzSource = {
  issuer: 'https://evil.example',
  keys: [newSubjectKey('ES256')],
  by: 'jwks',
}

export function jwksOf({ keys }: FuzzSource): { readonly keys: readonly JsonObject[] } {
  return { keys: keys.map(({ jwk }) => jwk) }
}

/** The network: the documents of those that are found by discovery. */
export const sourceFetch: typeof fetch = async (input) => {
  const { origin, pathname } = new URL(input instanceof Request ? input.url : String(input))
  const source = SOURCES.find(({ issuer, by }) => issuer === origin && by === 'discovery')
  if (source === undefined || source.isDown === true) throw new TypeError('fetch failed')
  if (pathname === '/keys') return Response.json(jwksOf(source))
  return Response.json({ issuer: source.issuer, jwks_uri: `${source.issuer}/keys` })
}
