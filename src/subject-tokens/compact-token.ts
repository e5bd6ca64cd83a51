/**
 * A subject token as text, read but not verified: a JWS in compact form (RFC 7515 §7.1) whose claims are a JSON object.
 *
 * What is wrong with a token by itself is found here. Nothing here knows a key, a time, or whom anyone trusts.
 */

import type { Bytes } from '../crypto/base64url.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import {
  SUBJECT_DEPTH_MAX,
  SUBJECT_LIST_ITEMS_MAX,
  SUBJECT_STRING_CHARS_MAX,
  TOKEN_CHARS_MAX,
} from '../limits.ts'
import { asciiOrBytes, bytesOf, decodeSegment } from './compact-segment.ts'
import { type JsonBounds, parseStrictJson } from './strict-json.ts'
import { type RegisteredClaims, readClaims } from './subject-claims.ts'
import { readHeader, type SubjectHeader } from './subject-header.ts'
import type { ClaimedSubject, SubjectProblem, SubjectRefusal } from './subject-refusal.ts'

/** Unverified: its text says so. */
export interface SubjectToken extends SubjectHeader, RegisteredClaims {
  readonly claims: JsonObject
  /** What the signature is over: header and claims as they were sent, all of it ASCII. */
  readonly signed: string
  readonly signature: Bytes
}

export type ParsedSubjectToken =
  | { readonly ok: true; readonly token: SubjectToken }
  | ({ readonly ok: false } & SubjectRefusal)

const BOUNDS: JsonBounds = {
  depthMax: SUBJECT_DEPTH_MAX,
  itemsMax: SUBJECT_LIST_ITEMS_MAX,
  charsMax: SUBJECT_STRING_CHARS_MAX,
}
const NO_BASE64URL = 'is no base64url in its one spelling'

/** Takes any text. */
export function parseSubjectToken(text: string): ParsedSubjectToken {
  if (text.length > TOKEN_CHARS_MAX) {
    return refusal({
      reason: 'subject_token_too_long',
      detail: `the subject token must have at most ${TOKEN_CHARS_MAX} characters, got ${text.length}: have its issuer leave claims out`,
    })
  }
  const headerEnd = text.indexOf('.')
  const claimsEnd = text.indexOf('.', headerEnd + 1)
  const isThree = headerEnd !== -1 && claimsEnd > headerEnd && !text.includes('.', claimsEnd + 1)
  if (!isThree) return refusal(notThree(text))
  const header = readPart(text.slice(0, headerEnd), 'header')
  if (!header.ok) return refusal(header.problem)
  const claims = readPart(text.slice(headerEnd + 1, claimsEnd), 'claims')
  if (!claims.ok) return refusal(claims.problem, header.members)
  const signature = decodeSegment(text.slice(claimsEnd + 1))
  if (signature === undefined) {
    return refusal(malformed('signature', NO_BASE64URL), header.members, claims.members)
  }
  return readMembers(header.members, claims.members, {
    signed: text.slice(0, claimsEnd),
    signature: bytesOf(signature),
  })
}

/** What a token says of itself, as far as it is there. */
export function claimedSubject(header: JsonObject, claims: JsonObject): ClaimedSubject {
  const { kid } = header
  const { iss, sub, jti } = claims
  return {
    ...(typeof iss === 'string' ? { issuer: iss } : {}),
    ...(typeof sub === 'string' ? { subject: sub } : {}),
    ...(typeof kid === 'string' ? { kid } : {}),
    ...(typeof jti === 'string' ? { jti } : {}),
  }
}

function readMembers(
  header: JsonObject,
  claims: JsonObject,
  bytes: Pick<SubjectToken, 'signed' | 'signature'>,
): ParsedSubjectToken {
  const named = readHeader(header)
  if (!named.ok) return refusal(named.problem, header, claims)
  const read = readClaims(claims)
  if (!read.ok) return refusal(read.problem, header, claims)
  return { ok: true, token: { ...named.header, ...read.registered, ...bytes, claims } }
}

type ReadPart =
  | { readonly ok: true; readonly members: JsonObject }
  | { readonly ok: false; readonly problem: SubjectProblem }

function readPart(segment: string, part: 'header' | 'claims'): ReadPart {
  const binary = decodeSegment(segment)
  if (binary === undefined) return { ok: false, problem: malformed(part, NO_BASE64URL) }
  const json = parseStrictJson(asciiOrBytes(binary), BOUNDS)
  if (json.ok && isJsonObject(json.value)) return { ok: true, members: json.value }
  const problem = malformed(part, json.ok ? 'is JSON but no object' : json.problem)
  const isTooMuch = part === 'claims' && !json.ok && json.isBounds
  return { ok: false, problem: isTooMuch ? { ...problem, reason: 'claims_refused' } : problem }
}

function malformed(part: string, problem: string): SubjectProblem {
  return {
    reason: 'subject_token_malformed',
    detail: `the subject token must have header, claims and signature in base64url, the first two of them JSON objects that every reader reads alike, got one whose part "${part}" ${problem}: send it as its issuer made it`,
  }
}

function notThree(text: string): SubjectProblem {
  const count = text.split('.').length
  const given = count === 5 ? 'five, which is how an encrypted token looks' : String(count)
  return {
    reason: 'subject_token_malformed',
    detail: `the subject token must be a signed JWT of three parts joined by dots, got ${given}: send the token itself, as its issuer made it`,
  }
}

function refusal(
  problem: SubjectProblem,
  header: JsonObject = {},
  claims: JsonObject = {},
): ParsedSubjectToken {
  return { ok: false, ...problem, claimed: claimedSubject(header, claims) }
}
