/**
 * Where a token is read from: a file, or standard input. Never an argument, which every process could read.
 */

import { usageError } from '../exit.ts'
import { readInput } from '../input-text.ts'

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Far over what any relying party takes. */
const TOKEN_BYTES_MAX = 65_536

export async function readToken(file: string | undefined): Promise<string> {
  if (file !== undefined && COMPACT_JWS.test(file)) {
    throw usageError(
      'a token is not given as an argument, which every process could read: name a file that holds it, or pipe it in',
    )
  }
  const text = await readInput({ file, what: 'the token', bytesMax: TOKEN_BYTES_MAX })
  const token = text?.trim() ?? ''
  if (COMPACT_JWS.test(token)) return token
  throw usageError(
    `this is no token: it must be one JWT in compact form (three parts with dots between them) of at most ${TOKEN_BYTES_MAX} bytes, got something else`,
  )
}
