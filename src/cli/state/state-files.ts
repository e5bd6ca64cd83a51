/**
 * Files of a state directory: written whole or not at all, and readable by their owner alone.
 */

import { rename, rm, writeFile } from 'node:fs/promises'
import type * as z from 'zod/mini'
import { usageError } from '../exit.ts'
import { readSmallFile } from './own-files.ts'

/** All or nothing, also when the machine stops in between. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  await rm(temporary, { force: true })
  await writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
  await rename(temporary, file)
}

/** What Signet wrote there, in its form; `undefined` where it never did. Rejects with a usage error for anything else. */
export async function readStateDocument<T>(
  file: string,
  form: z.ZodMiniType<T>,
): Promise<T | undefined> {
  const text = await readIfThere(file)
  if (text === undefined) return undefined
  try {
    return form.parse(JSON.parse(text))
  } catch (cause) {
    throw usageError(
      `${file} cannot be read as Signet wrote it: put it back, or start anew with another --state`,
      { cause },
    )
  }
}

/** Resolves to `undefined` where there is no such file. Rejects with a usage error where it cannot be read. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readSmallFile(file)
  } catch (cause) {
    const { code = 'no small file' } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw usageError(`${file} cannot be read (${code}): give another --state, or mend it`, {
      cause,
    })
  }
}
