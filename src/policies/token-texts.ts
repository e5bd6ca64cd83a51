/**
 * Texts of an issued token that AWS and Google bound: what is wrong with one, as an expression gave it.
 *
 * Nothing is ever cut to fit: half of a name is another name. No sentence repeats the text, which may come from claims.
 */

import {
  GOOGLE_SUBJECT_BYTES_MAX,
  SESSION_TAG_KEY_CHARS_MAX,
  SESSION_TAG_VALUE_CHARS_MAX,
  SOURCE_IDENTITY_CHARS,
  SUBJECT_CHARS_MAX,
} from '../limits.ts'
import { isPrintable } from '../printable.ts'

/** `limit_exceeded`: of AWS or Google, and somebody else's name may keep to it. Else no token can hold the value. */
export interface TextProblem {
  readonly reason: 'limit_exceeded' | 'expression_failed'
  /** What the value must be, and what it is instead. */
  readonly message: string
}

/** As AWS has it, without line and paragraph separators. */
const TAG_TEXT = /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]*$/u
const TAG_CHARACTERS = 'letters, digits, spaces and _ . : / = + - @'
const SOURCE_IDENTITY = /^[\w+=,.@-]+$/
const GOOGLE_AUDIENCE = /^(?:https:)?\/\/iam\.googleapis\.com\//i

/** Each rule takes any value that an expression may give. */
export type TextRule = (value: unknown) => TextProblem | undefined

export const subjectProblem: TextRule = (value) => {
  if (typeof value !== 'string') return notText(value)
  if (value === '') return { reason: 'expression_failed', message: 'must not be empty' }
  if (value.length > SUBJECT_CHARS_MAX) return tooLong('sub', SUBJECT_CHARS_MAX, value.length)
  if (value.trim() === value && isPrintable(value)) return undefined
  return {
    reason: 'expression_failed',
    message: 'must be printable characters without spaces at its ends, got others',
  }
}

/** What Google would refuse, where the token is for Google. */
export function googleSubjectProblem(subject: string, audience: string): TextProblem | undefined {
  if (!GOOGLE_AUDIENCE.test(audience)) return undefined
  const bytes = new TextEncoder().encode(subject).length
  if (bytes <= GOOGLE_SUBJECT_BYTES_MAX) return undefined
  return {
    reason: 'limit_exceeded',
    message: `must have at most ${GOOGLE_SUBJECT_BYTES_MAX} bytes for a Google audience (google.subject), got ${bytes}: give a shorter one, such as a uid`,
  }
}

/** Empty is a value too. */
export const tagValueProblem: TextRule = (value) => {
  if (typeof value !== 'string') return notText(value)
  if (value.length > SESSION_TAG_VALUE_CHARS_MAX) {
    return tooLong('session tag value', SESSION_TAG_VALUE_CHARS_MAX, value.length)
  }
  if (TAG_TEXT.test(value)) return undefined
  return {
    reason: 'limit_exceeded',
    message: `must be made of ${TAG_CHARACTERS} alone (the limit of AWS for a session tag value), got others`,
  }
}

export const sourceIdentityProblem: TextRule = (value) => {
  if (typeof value !== 'string') return notText(value)
  const { min, max } = SOURCE_IDENTITY_CHARS
  if (value.length < min || value.length > max) {
    return {
      reason: 'limit_exceeded',
      message: `must have ${min} to ${max} characters (the limit of AWS for a source identity), got ${value.length}`,
    }
  }
  if (SOURCE_IDENTITY.test(value)) return undefined
  return {
    reason: 'limit_exceeded',
    message:
      'must be made of ASCII letters, digits and _ + = , . @ - alone (the limit of AWS for a source identity), got others',
  }
}

/** What is wrong with a key that a policy names, or `undefined`. */
export function tagKeyProblem(key: string): string | undefined {
  if (key === '' || key.length > SESSION_TAG_KEY_CHARS_MAX) {
    return `must have a key of 1 to ${SESSION_TAG_KEY_CHARS_MAX} characters (the limit of AWS), got ${key.length}`
  }
  if (!TAG_TEXT.test(key) || key === '__proto__') {
    return `must have a key of ${TAG_CHARACTERS} alone (the limit of AWS), got others`
  }
  if (!/^aws:/i.test(key)) return undefined
  return 'must have a key that does not begin with aws: (AWS keeps these for itself): name it otherwise'
}

/** AWS takes two keys that differ in case alone for one. */
export function tagKeyIdentity(key: string): string {
  return key.toUpperCase().toLowerCase()
}

/** Whether a subject begins with the name of its entry, ended by what no name has in it. */
export function hasEntryPrefix(subject: string, entryName: string): boolean {
  return subject.startsWith(`${entryName}:`) || subject.startsWith(`${entryName}/`)
}

function notText(value: unknown): TextProblem {
  return { reason: 'expression_failed', message: `must be a text, got ${kindOf(value)}` }
}

function tooLong(what: string, max: number, length: number): TextProblem {
  return {
    reason: 'limit_exceeded',
    message: `must have at most ${max} characters (the limit of a ${what}), got ${length}`,
  }
}

/** By its kind alone: the value may come from claims. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`
}
