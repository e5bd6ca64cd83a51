/**
 * The state directory of a local installation: where things are in it, and whose it is.
 *
 * Readable by its owner alone. `dev` writes it; every other command reads where the installation is reached.
 */

import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CliError, usageError } from '../exit.ts'
import { ownershipProblem } from './own-files.ts'

const DEFAULT_NAME = '.signet'

export interface StatePaths {
  readonly root: string
  readonly lock: string
  readonly installation: string
  readonly controlSecret: string
  readonly sealedSecret: string
  /** Which KMS its keys are in, if in any. */
  readonly kms: string
  readonly documents: string
  readonly copies: string
}

export function statePaths(directory: string): StatePaths {
  const root = resolve(directory)
  return {
    root,
    lock: join(root, 'lock'),
    installation: join(root, 'dev.json'),
    controlSecret: join(root, 'control-secret'),
    sealedSecret: join(root, 'sealed-secret'),
    kms: join(root, 'kms.json'),
    documents: join(root, 'durable-objects'),
    copies: join(root, 'kv'),
  }
}

/** `.signet` of this folder or of the nearest one above that has it, as git finds its own; else of this folder. */
export function defaultStateDirectory(): string {
  const start = process.cwd()
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, DEFAULT_NAME)
    if (existsSync(candidate)) return candidate
    if (folder === dirname(folder)) return join(start, DEFAULT_NAME)
  }
}

/** Makes the directory, or takes one that is empty or ours. Rejects, and changes nothing, for any other. */
export async function openStateDirectory(directory: string): Promise<StatePaths> {
  const paths = statePaths(directory)
  try {
    // One level at a time: what is above must be there, so that a misspelt path makes no tree.
    if (!existsSync(paths.root)) await mkdir(paths.root, { mode: 0o700 })
    await assertNoLink(paths)
    const entries = await readdir(paths.root)
    if (entries.length === 0) await chmod(paths.root, 0o700)
    if (entries.some((name) => !isOwnEntry(paths, name)) && !existsSync(paths.installation)) {
      throw usageError(
        `the directory ${paths.root} has other files than Signet's state in it: give a new or an empty one with --state`,
      )
    }
    await assertOwnState(paths)
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw usageError(
      `the state directory ${paths.root} cannot be made or opened (${code}): give one with --state that you can write, in a folder that exists`,
      { cause },
    )
  }
  return paths
}

/** By its beginning, since SQLite and unfinished writes put files beside the named ones. */
function isOwnEntry({ root, ...own }: StatePaths, name: string): boolean {
  return Object.values(own).some((path) => join(root, name).startsWith(path))
}

/** Rejects where somebody else could have written into the directory. */
export async function assertOwnState(paths: StatePaths): Promise<void> {
  await assertNoLink(paths)
  const { root } = paths
  const problem = ownershipProblem(await lstat(root))
  if (problem === undefined) return
  throw usageError(
    `the state directory ${root} must be its owner's alone, ${problem}: run "chmod 700 ${root}" if nobody else wrote into it`,
  )
}

async function assertNoLink({ root }: StatePaths): Promise<void> {
  if (!(await lstat(root)).isSymbolicLink()) return
  throw usageError(`the state directory ${root} is a symbolic link: name the folder itself`)
}
