/**
 * Files and folders that must be the user's alone.
 *
 * What somebody else could have written decides where secrets are sent, and a checkout that was cloned may carry a folder
 * of any name.
 */

import { constants, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'

const OTHERS = 0o077

/** What is wrong with the owner or the permissions, or `undefined`. Windows has neither in this form. */
export function ownershipProblem({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): string | undefined {
  if (process.platform === 'win32') return undefined
  if (uid !== process.getuid?.()) return 'it belongs to another user'
  if ((mode & OTHERS) === 0) return undefined
  return `its mode is ${(mode & 0o777).toString(8).padStart(3, '0')}`
}

const SMALL_FILE_BYTES_MAX = 4096

/** The text of a plain file of at most 4 KiB. Does not wait for a pipe. `assertStats`: throws where they are not right. */
export async function readSmallFile(
  file: string,
  assertStats: (stats: Stats) => void = () => {},
): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await handle.stat()
    if (!stats.isFile() || stats.size > SMALL_FILE_BYTES_MAX) {
      throw new RangeError('not a plain file of at most 4 KiB')
    }
    assertStats(stats)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}
