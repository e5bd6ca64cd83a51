/**
 * Whether a file is still the one that it was, without reading it.
 */

import { stat } from 'node:fs/promises'

/** The version of what is not there, or cannot be looked at. */
export const NO_FILE = 'none'

/**
 * Differs once the file was written, replaced, removed or made. Through symbolic links, since a kubelet renews a projected
 * token by changing where one of them leads. Never rejects.
 */
export async function fileVersion(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(':')
  } catch {
    return NO_FILE
  }
}
