/**
 * Text that a command reads: from a file, or from standard input. Bounded, so that a wrong name does not fill the memory.
 */

import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { usageError } from './exit.ts'

export interface InputRequest {
  /** A path; `-` or `undefined` for standard input. */
  readonly file: string | undefined
  /** What is read, for messages: "the token". */
  readonly what: string
  readonly bytesMax: number
}

/** What it is called in messages. */
export function inputName(file: string | undefined): string {
  return file === undefined || file === '-' ? 'standard input' : file
}

/** Resolves to `undefined` for what is over the limit or not UTF-8. */
export async function readInput({
  file,
  what,
  bytesMax,
}: InputRequest): Promise<string | undefined> {
  if (file === undefined || file === '-') {
    if (process.stdin.isTTY) {
      throw usageError(`nothing is piped in: name a file that holds ${what}, or pipe one in`)
    }
    return readBounded(process.stdin, bytesMax)
  }
  try {
    return await readBounded(createReadStream(file), bytesMax)
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw usageError(
      `the file ${file} cannot be read (${code}): name a file that holds ${what}, or pipe one in`,
      { cause },
    )
  }
}

async function readBounded(stream: Readable, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk))
    length += chunks.at(-1)?.length ?? 0
    if (length > bytesMax) return undefined
  }
  return textOf(Buffer.concat(chunks))
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
