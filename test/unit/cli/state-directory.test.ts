import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readInstallation } from '../../../src/cli/state/installation.ts'
import { ownershipProblem } from '../../../src/cli/state/own-files.ts'
import { openStateDirectory } from '../../../src/cli/state/state-directory.ts'
import { finished, temporaryDirectory } from '../../support/signet.ts'

describe('a state directory', () => {
  test('that is empty is taken, and closed to others', async () => {
    await using own = await temporaryDirectory()
    await chmod(own.path, 0o755)
    await openStateDirectory(own.path)
    expect((await stat(own.path)).mode & 0o777).toBe(0o700)
  })

  test('that has state in it and is open to others is refused, and stays as it is', async () => {
    await using own = await temporaryDirectory()
    await writeFile(join(own.path, 'control-secret'), '')
    await chmod(own.path, 0o750)
    await expect(openStateDirectory(own.path)).rejects.toThrow('its mode is 750')
    expect((await stat(own.path)).mode & 0o777).toBe(0o750)
  })

  test('is not made in a folder that does not exist', async () => {
    await using own = await temporaryDirectory()
    const state = join(own.path, 'misspelt/state')
    await expect(openStateDirectory(state)).rejects.toThrow('cannot be made or opened (ENOENT)')
  })

  test('that is a link is refused, and what it points to stays as it is', async () => {
    await using own = await temporaryDirectory()
    const target = join(own.path, 'target')
    await mkdir(target)
    await chmod(target, 0o755)
    const link = join(own.path, 'link')
    await symlink(target, link)
    await expect(openStateDirectory(link)).rejects.toThrow('is a symbolic link: name the folder')
    expect((await stat(target)).mode & 0o777).toBe(0o755)
  })

  test('takes what an unfinished start left behind', async () => {
    await using own = await temporaryDirectory()
    await writeFile(join(own.path, 'lock-journal'), '')
    await mkdir(join(own.path, 'durable-objects'))
    expect((await openStateDirectory(own.path)).root).toBe(own.path)
  })
})

describe('what a state directory says of its installation', () => {
  test('is not waited for where it is a pipe', async () => {
    await using own = await temporaryDirectory()
    const paths = await openStateDirectory(own.path)
    await finished('mkfifo', ['-m', '600', paths.installation])
    await expect(readInstallation(paths)).rejects.toThrow('cannot be read (no small file)')
  })
})

describe('ownershipProblem', () => {
  const uid = process.getuid?.() ?? 0

  test.each([
    ['another owner', uid + 1, 0o600, 'it belongs to another user'],
    ['the group', uid, 0o610, 'its mode is 610'],
    ['everyone', uid, 0o001, 'its mode is 001'],
    ['nobody else', uid, 0o700, undefined],
  ])('what %s may use', (_title, owner, mode, problem) => {
    expect(ownershipProblem({ uid: owner, mode })).toBe(problem)
  })
})
