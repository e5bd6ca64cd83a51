/**
 * What the machine must have: commands, and the Debian packages that bring them.
 */

import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { note } from '../../src/cli/output.ts'
import { run } from './processes.ts'

/** Installs packages where this is allowed; else rejects with the command that a person can run. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages]
  if (process.getuid?.() !== 0 || !(await isCommand('apt-get'))) {
    throw new Error(
      `${packages.join(', ')} must be installed, which takes root on Debian: apt-get update && ${install.join(' ')}`,
    )
  }
  note(`installing ${packages.join(', ')}`)
  await run(['apt-get', 'update', '-qq'])
  await run(install, { DEBIAN_FRONTEND: 'noninteractive' })
}

export async function areCommands(names: readonly string[]): Promise<boolean> {
  return (await Promise.all(names.map(isCommand))).every(Boolean)
}

async function isCommand(name: string): Promise<boolean> {
  const directories = (process.env['PATH'] ?? '').split(delimiter)
  const found = await Promise.allSettled(
    directories.map((directory) => access(join(directory, name), constants.X_OK)),
  )
  return found.some(({ status }) => status === 'fulfilled')
}
