/**
 * AWS's own runtime interface client, with which functions run in AWS: installed when it is first needed, and none of the
 * dependencies, since its build takes a minute, cmake and a C++ compiler.
 */

import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { note } from '../../src/cli/output.ts'
import { startChild, stopChildren } from '../children.ts'

const NAME = 'aws-lambda-ric'
const VERSION = '4.0.2'
export const RUNTIME_CLIENT = `${NAME} ${VERSION}`

export type InstalledClient =
  | { readonly ok: true; readonly main: string }
  /** One sentence for the reader. */
  | { readonly ok: false; readonly problem: string }

const DIRECTORY = fileURLToPath(new URL('../../dist/bench/ric', import.meta.url))
const PACKAGE = join(DIRECTORY, 'node_modules', NAME)
/** What its build leaves behind: without it nothing runs. */
const BUILT = join(PACKAGE, 'rapid-client.node')
const INSTALL_MS_MAX = 180_000

export async function installRuntimeClient(): Promise<InstalledClient> {
  if (!(await isInstalled())) {
    const problem = await install()
    if (problem !== undefined) return { ok: false, problem }
  }
  return { ok: true, main: join(PACKAGE, 'index.mjs') }
}

async function isInstalled(): Promise<boolean> {
  if (!existsSync(BUILT)) return false
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as {
    readonly version?: unknown
  }
  return version === VERSION
}

/** Resolves to one sentence where that failed. */
async function install(): Promise<string | undefined> {
  note(`bench: building ${RUNTIME_CLIENT}, once, which takes a minute or two`)
  await mkdir(DIRECTORY, { recursive: true })
  // It is this one's own scripts that build it, and npm runs no others.
  const manifest = {
    private: true,
    dependencies: { [NAME]: VERSION },
    allowScripts: { [NAME]: true },
  }
  await writeFile(join(DIRECTORY, 'package.json'), JSON.stringify(manifest))
  const command = ['npm', 'install', '--prefix', DIRECTORY, '--no-audit', '--no-fund']
  const child = startChild({ name: 'npm install', pin: [], command, channel: 'pipe' })
  const limit = setTimeout(() => child.process.kill(), INSTALL_MS_MAX)
  await child.ended.catch(() => {})
  clearTimeout(limit)
  await stopChildren([child.pid])
  if (child.process.exitCode === 0 && (await isInstalled())) return undefined
  return `${RUNTIME_CLIENT} could not be built here, for which cmake, make and a C++ compiler must be there; "npm install --prefix dist/bench/ric" says why`
}
