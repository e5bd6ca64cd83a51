import { appendFile, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileVersion } from '../../../src/cli/exchange/file-version.ts'
import { temporaryDirectory } from '../../support/signet.ts'

/** As a kubelet has it: `token` leads to `..data/token`, and `..data` to a folder of its own for each renewal. */
async function projected(path: string): Promise<void> {
  for (const folder of ['..1', '..2']) {
    await mkdir(join(path, folder))
    await writeFile(join(path, folder, 'token'), folder)
    // Of the same moment, as after a copy.
    await utimes(join(path, folder, 'token'), 1, 1)
  }
  await symlink('..1', join(path, '..data'))
  await symlink('..data/token', join(path, 'token'))
}

test.each<[string, (path: string) => Promise<unknown>]>([
  [
    'a kubelet swaps its folders',
    async (path) => {
      await symlink('..2', join(path, '..next'))
      await rename(join(path, '..next'), join(path, '..data'))
    },
  ],
  ['it is written to', (path) => appendFile(join(path, '..1/token'), 'more')],
  ['it is written anew with the same text', (path) => writeFile(join(path, '..1/token'), '..1')],
  ['another takes its place', (path) => rename(join(path, '..2/token'), join(path, '..1/token'))],
  ['it is removed', (path) => rm(join(path, '..1/token'))],
])('differs once %s', async (_title, change) => {
  await using directory = await temporaryDirectory()
  await projected(directory.path)
  const file = join(directory.path, 'token')
  const before = await fileVersion(file)
  expect(await fileVersion(file)).toBe(before)
  await change(directory.path)
  expect(await fileVersion(file)).not.toBe(before)
})

test('differs once it is there', async () => {
  await using directory = await temporaryDirectory()
  const file = join(directory.path, 'token')
  const before = await fileVersion(file)
  expect(await fileVersion(file)).toBe(before)
  await writeFile(file, '')
  expect(await fileVersion(file)).not.toBe(before)
})
