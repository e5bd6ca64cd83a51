/**
 * What a state directory says of its installation: where it is reached, and its secrets.
 */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import * as z from 'zod/mini'
import { readSecretFile } from './secret-file.ts'
import { readIfThere, readStateDocument, writeWhole } from './state-files.ts'
import { assertOwnState, type StatePaths } from './state-directory.ts'

/** An installation of this machine and no other: its secret is sent there. */
function isLocalUrl(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'http:' && url.hostname === '127.0.0.1' && url.origin === text
}

/** `controlSecretFile`: beside this file. For other programs; we read the one that we wrote. */
const installation = z.strictObject({
  version: z.literal(1),
  url: z.string().check(z.refine(isLocalUrl)),
  controlSecretFile: z.string(),
})
export type Installation = z.infer<typeof installation>

/** Resolves to `undefined` where no installation has been started yet. */
export async function readInstallation(paths: StatePaths): Promise<Installation | undefined> {
  if (!existsSync(paths.installation)) return undefined
  // Before anything of it is read: what somebody else planted may be a pipe that never ends.
  await assertOwnState(paths)
  return readStateDocument(paths.installation, installation)
}

export async function writeInstallation(paths: StatePaths, url: string): Promise<void> {
  const controlSecretFile = basename(paths.controlSecret)
  const value: Installation = { version: 1, url, controlSecretFile }
  await writeWhole(paths.installation, `${JSON.stringify(value, null, 2)}\n`)
}

export interface LocalSecrets {
  readonly controlSecret: string
  readonly sealedSecret: string
}

/**
 * The secrets of the installation. `isNew`: make those that are missing. A new sealed secret beside keys that another one
 * sealed would look like a start and be a loss.
 */
export async function openSecrets(
  paths: StatePaths,
  { isNew }: { readonly isNew: boolean },
): Promise<LocalSecrets> {
  const openSecret = async (file: string): Promise<string> => {
    if (isNew && (await readIfThere(file)) === undefined) {
      await writeWhole(file, `${randomBytes(32).toString('base64url')}\n`)
    }
    return readSecretFile(file)
  }
  return {
    controlSecret: await openSecret(paths.controlSecret),
    sealedSecret: await openSecret(paths.sealedSecret),
  }
}
