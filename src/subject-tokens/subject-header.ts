/**
 * The header of a subject token (RFC 7515 §4): which key it names, and nothing that would bring one.
 */

import {
  isPublishedAlgorithm,
  PUBLISHED_ALGORITHM_NAMES,
  type PublishedAlgorithmName,
} from '../crypto/published-algorithms.ts'
import type { JsonObject } from '../json.ts'
import { KID_CHARS_MAX } from '../limits.ts'
import { shown } from '../printable.ts'
import type { SubjectProblem } from './subject-refusal.ts'
import type { SubjectTokenType } from './subject-verification.ts'

export interface SubjectHeader {
  readonly alg: PublishedAlgorithmName
  readonly kid: string
  readonly typ: string | undefined
}

export type ReadHeader =
  | { readonly ok: true; readonly header: SubjectHeader }
  | { readonly ok: false; readonly problem: SubjectProblem }

const REFUSED_MEMBERS = ['crit', 'jku', 'jwk', 'x5u'] as const
/** What a key can be called here. */
const KID = new RegExp(`^[\\x21-\\x7e]{1,${KID_CHARS_MAX}}$`)
const NAME_CHARS_MAX = 20

export function readHeader(header: JsonObject): ReadHeader {
  const { alg, kid, typ } = header
  const refused = REFUSED_MEMBERS.find((member) => Object.hasOwn(header, member))
  if (refused !== undefined) {
    return no(
      'header_refused',
      `the header of a subject token must not have ${REFUSED_MEMBERS.join(', ')}, got ${refused}: the keys are those of the policy, and no extension is known`,
    )
  }
  if (typeof kid !== 'string' || !KID.test(kid)) {
    return no(
      'header_refused',
      `the header of a subject token must have a kid of 1 to ${KID_CHARS_MAX} printable ASCII characters without spaces, got ${kid === undefined ? 'none' : 'another one'}: have its issuer name the key that signs`,
    )
  }
  if (!isPublishedAlgorithm(alg)) {
    return no(
      'algorithm_refused',
      `the alg of a subject token must be one of ${PUBLISHED_ALGORITHM_NAMES.join(', ')}, got ${shown(alg, NAME_CHARS_MAX)}: have its issuer sign with one of these`,
    )
  }
  if (typ !== undefined && typeof typ !== 'string') {
    return no('type_refused', typSentence('jwt', typ))
  }
  return { ok: true, header: { alg, kid, typ } }
}

/** A `typ` says what a token is for (RFC 8725 §3.11). Case and `application/` do not count (RFC 7515 §4.1.9). */
export function typeProblem(
  typ: string | undefined,
  type: SubjectTokenType,
): SubjectProblem | undefined {
  if (typ === undefined || typ === 'JWT') return undefined
  const name = typ.toLowerCase().replace(/^application\//, '')
  if (name === 'jwt') return undefined
  if (name === 'at+jwt' && type === 'access_token') return undefined
  return { reason: 'type_refused', detail: typSentence(type, typ) }
}

function typSentence(type: SubjectTokenType, typ: unknown): string {
  const allowed = type === 'access_token' ? 'JWT, at+jwt' : 'JWT'
  return `the typ of this type of subject token must be ${allowed} or absent, got ${shown(typ, NAME_CHARS_MAX)}: send the token that is meant for this, and name its type in subject_token_type`
}

function no(reason: SubjectProblem['reason'], detail: string): ReadHeader {
  return { ok: false, problem: { reason, detail } }
}
