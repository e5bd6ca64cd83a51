/**
 * The token types that are exchanged here (RFC 8693 §3), by the names that policies and records have for them.
 */

import type { SubjectTokenType } from '../subject-tokens/subject-verification.ts'

const PREFIX = 'urn:ietf:params:oauth:token-type:'

export const SUBJECT_TOKEN_TYPES = [
  'jwt',
  'id_token',
  'access_token',
] as const satisfies readonly SubjectTokenType[]

export const TOKEN_TYPE_URIS: readonly string[] = SUBJECT_TOKEN_TYPES.map(tokenTypeUri)

export function tokenTypeUri(type: SubjectTokenType): string {
  return `${PREFIX}${type}`
}

/** `undefined` for every other type, those of RFC 8693 included. */
export function tokenTypeOfUri(uri: string): SubjectTokenType | undefined {
  return SUBJECT_TOKEN_TYPES.find((type) => tokenTypeUri(type) === uri)
}
