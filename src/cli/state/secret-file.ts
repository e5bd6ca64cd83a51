/**
 * A secret in a file, which must be its owner's alone.
 */

import type { Stats } from 'node:fs'
import { CliError, usageError } from '../exit.ts'
import { readInput } from '../input-text.ts'
import { ownershipProblem, readSmallFile } from './own-files.ts'

/** What a header can carry, and long enough to be random. */
const SECRET = /^[\x21-\x7e]{32,}$/

const SECRET_BYTES_MAX = 4096

/** The file's text without white space at its ends. Never part of an error message. */
export async function readSecretFile(file: string): Promise<string> {
  return secretOf(await readOwn(file), `the file ${file}`)
}

/** As `readSecretFile`, for whoever pipes it in: from a mount that belongs to somebody else, say. */
export async function readPipedSecret(): Promise<string> {
  const what = 'the control secret'
  const text = await readInput({ file: '-', what, bytesMax: SECRET_BYTES_MAX })
  return secretOf(text ?? '', 'standard input')
}

function secretOf(text: string, where: string): string {
  const secret = text.trim()
  if (SECRET.test(secret)) return secret
  throw notASecret(where)
}

async function readOwn(file: string): Promise<string> {
  try {
    return await readSmallFile(file, (stats) => assertOwn(file, stats))
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    if (cause instanceof RangeError) throw notASecret(`the file ${file}`)
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw usageError(
      `the secret file ${file} cannot be opened (${code}): put it back, or start anew with another state`,
      { cause },
    )
  }
}

function assertOwn(file: string, stats: Stats): void {
  const problem = ownershipProblem(stats)
  if (problem === undefined) return
  throw usageError(
    `the secret file ${file} must be its owner's alone, ${problem}: run "chmod 600 ${file}", and exchange the secret if others may have read it`,
  )
}

function notASecret(where: string): CliError {
  return usageError(
    `${where} must hold one secret of at least 32 visible ASCII characters and nothing else`,
  )
}
