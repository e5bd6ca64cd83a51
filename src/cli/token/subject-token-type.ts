/**
 * The option that says which kind of token is exchanged.
 */

import { Option } from 'commander'
import { SUBJECT_TOKEN_TYPES } from '../../exchange/token-types.ts'
import type { SubjectTokenType } from '../../subject-tokens/subject-verification.ts'
import { usageError } from '../exit.ts'
import { once } from '../options.ts'

const FLAG = '--subject-token-type'
const GIVEN_CHARS_MAX = 80

/** Where nobody says another one. */
export const USUAL_SUBJECT_TOKEN_TYPE: SubjectTokenType = 'jwt'

/** `what`: the token is, for the help. */
export function subjectTokenTypeOption(what: string): Option {
  const types = SUBJECT_TOKEN_TYPES.join(', ')
  const description = `${what}: ${types} (default: ${USUAL_SUBJECT_TOKEN_TYPE})`
  return new Option(`${FLAG} <type>`, description).argParser(once(FLAG, parseType))
}

function parseType(text: string): SubjectTokenType {
  const known = SUBJECT_TOKEN_TYPES.find((type) => type === text)
  if (known !== undefined) return known
  throw usageError(
    `${FLAG} must be one of ${SUBJECT_TOKEN_TYPES.join(', ')}, got ${JSON.stringify(text.slice(0, GIVEN_CHARS_MAX))}`,
  )
}
