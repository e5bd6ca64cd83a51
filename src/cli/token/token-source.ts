/**
 * Where a token is read from: a file, or standard input. Never an argument, which every process could read.
 */

import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { usageError } from '../exit.ts'

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Far over what any relying party takes. */
const TOKEN_BYTES_MAX = 65_536

export async function readToken(file: string | undefined): Promise<string> {
  const token = (await readText(file)).trim()
  if (COMPACT_JWS.test(token)) return token
  throw usageError(
    `this is no token: it must be one JWT in compact form (three parts with dots between them) of at most ${TOKEN_BYTES_MAX} bytes, got something else`,
  )
}

async function readText(file: string | undefined): Promise<string> {
  if (file === undefined || file === '-') {
    if (process.stdin.isTTY) {
      throw usageError('no token is given: name a file that holds it, or pipe it in')
    }
    return readBounded(process.stdin)
  }
  if (COMPACT_JWS.test(file)) {
    throw usageError(
      'a token is not given as an argument, which every process could read: name a file that holds it, or pipe it in',
    )
  }
  try {
    return await readBounded(createReadStream(file))
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw usageError(
      `the file ${file} cannot be read (${code}): name a file that holds the token, or pipe it in`,
      { cause },
    )
  }
}

/** What is beyond the limit is left unread: such a text is no token anyway. */
async function readBounded(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk))
    length += chunks.at(-1)?.length ?? 0
    if (length > TOKEN_BYTES_MAX) return ''
  }
  return Buffer.concat(chunks).toString('utf8')
}
