/**
 * The file in which an issued token is kept for others: replaced whole, so that no reader ever sees half a token, and for its
 * owner alone.
 *
 * Only an own plain file is replaced. A symbolic link would become a file, and whoever reads what it led to would never hear of
 * a new token; a device or a pipe would be gone; another user's file would change hands.
 */

import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { access, lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CliError, usageError } from '../exit.ts'

const TEMPORARY = '.signet-tmp'
const RANDOM_BYTES = 8
/** A write takes milliseconds: what is older belongs to nobody any more. */
const LEFTOVER_SECONDS = 60

/** Rejects with a usage error where the file cannot or must not be replaced. Changes nothing. */
export async function assertReplaceable(file: string): Promise<void> {
  const folder = dirname(file)
  try {
    // With its slash: of a file that is no folder.
    await access(join(folder, '/'), constants.W_OK | constants.X_OK)
    const stats = await statsIfThere(file)
    const problem = stats && kindProblem(stats)
    if (problem === undefined) return
    throw usageError(
      `the file ${file} is not replaced, ${problem}: name an own plain file, or one that does not exist`,
    )
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw usageError(
      `the file ${file} cannot be made or replaced (${codeOf(cause)}): name one in a folder that exists and that you can write`,
      { cause },
    )
  }
}

/**
 * All or nothing, also when the machine stops in between. The file holds the token alone, without a line's end: AWS SDKs send
 * on what they read. Rejects with a usage error; the old file is then unchanged.
 */
export async function replaceTokenFile(file: string, token: string): Promise<void> {
  await assertReplaceable(file)
  const nonce = randomBytes(RANDOM_BYTES).toString('hex')
  const temporary = join(dirname(file), `${temporaryPrefix(file)}${nonce}${TEMPORARY}`)
  try {
    await writeNew(temporary, token)
    await rename(temporary, file)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    throw usageError(`the file ${file} cannot be written (${codeOf(cause)})`, { cause })
  }
}

/** Removes what an earlier process left when it died in the middle of a write. Never rejects. */
export async function removeLeftovers(file: string, now: number): Promise<void> {
  const folder = dirname(file)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((entry) => isTemporaryOf(file, entry))) {
    const path = join(folder, name)
    const stats = await lstat(path).catch(() => undefined)
    const isOld = stats !== undefined && stats.mtimeMs / 1000 < now - LEFTOVER_SECONDS
    if (isOld && kindProblem(stats) === undefined) await rm(path, { force: true }).catch(() => {})
  }
}

function temporaryPrefix(file: string): string {
  return `.${basename(file)}.`
}

function isTemporaryOf(file: string, name: string): boolean {
  const prefix = temporaryPrefix(file)
  if (!name.startsWith(prefix) || !name.endsWith(TEMPORARY)) return false
  const nonce = name.slice(prefix.length, -TEMPORARY.length)
  return nonce.length === 2 * RANDOM_BYTES && /^[\da-f]+$/.test(nonce)
}

async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function statsIfThere(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}

function kindProblem(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'it is a symbolic link'
  if (stats.isDirectory()) return 'it is a folder'
  if (!stats.isFile()) return 'it is no plain file'
  // Windows has no such owner.
  const uid = process.getuid?.() ?? stats.uid
  return stats.uid === uid ? undefined : 'it belongs to another user'
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? 'unknown'
}
