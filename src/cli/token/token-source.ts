/**
 * Where a token is read from: a file, or standard input. Never an argument, which every process could read.
 */

import { TOKEN_CHARS_MAX } from '../../limits.ts'
import { usageError } from '../exit.ts'
import { inputName, readInput } from '../input-text.ts'

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/
const FORM = 'it must be one JWT in compact form (three parts with dots between them)'

/** Far over what any relying party takes. */
export const INSPECTED_CHARS_MAX = 65_536
/** Of the file, so that a little too much of a token is still told from something else. */
const FILE_BYTES_MAX = 131_072

/** `charsMax`: what the token is for takes; by default that of this host. No message has anything of what was read. */
export async function readToken(
  file: string | undefined,
  charsMax: number = TOKEN_CHARS_MAX,
): Promise<string> {
  if (file !== undefined && COMPACT_JWS.test(file)) {
    throw usageError(
      'a token is not given as an argument, which every process could read: name a file that holds it, or pipe it in',
    )
  }
  const text = await readInput({ file, what: 'the token', bytesMax: FILE_BYTES_MAX })
  const token = text?.trim()
  const problem = tokenProblem(token, charsMax)
  if (token !== undefined && problem === undefined) return token
  throw usageError(`there is no token in ${inputName(file)}: ${problem}`)
}

/** By what it looks like: the likely cause, and what mends it. */
function tokenProblem(token: string | undefined, charsMax: number): string | undefined {
  if (token === undefined) {
    return `${FORM} of at most ${charsMax} characters, got more than ${FILE_BYTES_MAX} bytes, or no text in UTF-8`
  }
  if (token === '') return `it is empty; ${FORM}`
  if (/^bearer\s/i.test(token)) {
    return 'it begins with "Bearer", which is of a header: keep what stands behind it alone'
  }
  if (/^[{["]/.test(token)) {
    return 'it is JSON: take the token out of it, such as with "jq -r .value"'
  }
  if (/\s/.test(token)) {
    return `it has line breaks or spaces inside; ${FORM}, alone and on one line`
  }
  if (!COMPACT_JWS.test(token)) return `${FORM}, got something else`
  if (token.length <= charsMax) return undefined
  return `it has ${token.length} characters, and at most ${charsMax} are taken: ask its issuer for a token with fewer claims`
}
