import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  assertReplaceable,
  removeLeftovers,
  replaceTokenFile,
} from '../../../src/cli/exchange/token-file.ts'
import { temporaryDirectory } from '../../support/signet.ts'

const NOW = 1_800_000_000

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
beforeEach(async () => {
  directory = await temporaryDirectory()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await directory[Symbol.asyncDispose]()
})

function inside(name: string): string {
  return join(directory.path, name)
}

async function ages(name: string, seconds: number): Promise<void> {
  await writeFile(inside(name), 'half a to')
  await utimes(inside(name), NOW - seconds, NOW - seconds)
}

test("holds the token alone, without a line's end, for its owner alone", async () => {
  await replaceTokenFile(inside('token'), 'a.b.c')
  expect(await readFile(inside('token'), 'utf8')).toBe('a.b.c')
  expect((await stat(inside('token'))).mode & 0o777).toBe(0o600)
  expect(await readdir(directory.path)).toEqual(['token'])
})

test('is another file after it was replaced, so that who has the old one open reads that to its end', async () => {
  await writeFile(inside('token'), 'the old one, which is longer', { mode: 0o644 })
  const before = await stat(inside('token'))
  await replaceTokenFile(inside('token'), 'a.b.c')
  const after = await stat(inside('token'))
  expect(await readFile(inside('token'), 'utf8')).toBe('a.b.c')
  expect(after.ino).not.toBe(before.ino)
  expect(after.mode & 0o777).toBe(0o600)
  expect(await readdir(directory.path)).toEqual(['token'])
})

test('is never half a token for whoever reads meanwhile', async () => {
  const tokens = Array.from({ length: 20 }, (_, index) => String(index).repeat(8000))
  await replaceTokenFile(inside('token'), tokens[0] ?? '')
  const writing = new AbortController()
  const reading = (async () => {
    while (!writing.signal.aborted) {
      expect(tokens).toContain(await readFile(inside('token'), 'utf8'))
    }
  })()
  // Two at a time, as two commands with one file are.
  for (const token of tokens) {
    await Promise.all([
      replaceTokenFile(inside('token'), token),
      replaceTokenFile(inside('token'), tokens[3] ?? ''),
    ])
  }
  writing.abort()
  await reading
  expect(await readdir(directory.path)).toEqual(['token'])
})

describe('refuses, and changes nothing:', () => {
  test.each<[string, (path: string) => Promise<void>, string]>([
    [
      'a symbolic link to a file',
      async (path) => {
        await writeFile(inside('real'), 'old')
        await symlink(inside('real'), path)
      },
      'is not replaced, it is a symbolic link',
    ],
    [
      'a symbolic link to nothing',
      (path) => symlink(inside('nowhere'), path),
      'is not replaced, it is a symbolic link',
    ],
    ['a folder', (path) => mkdir(path), 'is not replaced, it is a folder'],
    [
      'a pipe',
      async (path) => void execFileSync('mkfifo', [path]),
      'is not replaced, it is no plain file: name an own plain file, or one that does not exist',
    ],
  ])('%s', async (_title, make, sentence) => {
    await make(inside('token'))
    const before = await lstat(inside('token'))
    await expect(assertReplaceable(inside('token'))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(sentence),
    })
    await expect(replaceTokenFile(inside('token'), 'a.b.c')).rejects.toThrow(sentence)
    expect((await lstat(inside('token'))).ino).toBe(before.ino)
    expect((await readdir(directory.path)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test("another user's file", async () => {
    await writeFile(inside('token'), 'old')
    const { uid } = await stat(inside('token'))
    vi.spyOn(process, 'getuid').mockReturnValue(uid + 1)
    const sentence = 'is not replaced, it belongs to another user'
    await expect(assertReplaceable(inside('token'))).rejects.toThrow(sentence)
    await expect(replaceTokenFile(inside('token'), 'a.b.c')).rejects.toThrow(sentence)
    expect(await readFile(inside('token'), 'utf8')).toBe('old')
  })

  test.each([
    ['a folder that is not there', 'nowhere/token', 'ENOENT'],
    ['a folder that is a file', 'file/token', 'ENOTDIR'],
  ])('%s', async (_title, name, code) => {
    await writeFile(inside('file'), '')
    await expect(assertReplaceable(inside(name))).rejects.toMatchObject({
      exitCode: 2,
      message: `the file ${inside(name)} cannot be made or replaced (${code}): name one in a folder that exists and that you can write`,
    })
  })
})

test('leaves nothing behind where the write fails', async () => {
  // Beside such a name there is no room for that of an unfinished file.
  const file = inside('a'.repeat(255))
  await expect(replaceTokenFile(file, 'a.b.c')).rejects.toMatchObject({
    exitCode: 2,
    message: `the file ${file} cannot be written (ENAMETOOLONG)`,
  })
  expect(await readdir(directory.path)).toEqual([])
})

describe('what a process left that died in the middle of a write', () => {
  const nonce = randomBytes(8).toString('hex')
  const leftover = `.token.${nonce}.signet-tmp`

  test('is removed', async () => {
    await ages(leftover, 61)
    await removeLeftovers(inside('token'), NOW)
    expect(await readdir(directory.path)).toEqual([])
  })

  test.each([
    ['may still be written', leftover, 59],
    ['belongs to another file', `.other.${nonce}.signet-tmp`, 999],
    ['belongs to a file with more in its name', `.token.b.${nonce}.signet-tmp`, 999],
    ['has another end', `.token.${nonce}.tmp`, 999],
    ['has another middle', '.token.mine.signet-tmp', 999],
    ['is the file itself', 'token', 999],
  ])('stays where it %s', async (_title, name, seconds) => {
    await ages(name, seconds)
    await removeLeftovers(inside('token'), NOW)
    expect(await readdir(directory.path)).toEqual([name])
  })

  test("stays where it is another user's", async () => {
    await ages(leftover, 999)
    const { uid } = await stat(inside(leftover))
    vi.spyOn(process, 'getuid').mockReturnValue(uid + 1)
    await removeLeftovers(inside('token'), NOW)
    expect(await readdir(directory.path)).toEqual([leftover])
  })

  test('is not looked for where there is no folder', async () => {
    await expect(removeLeftovers(inside('nowhere/token'), NOW)).resolves.toBeUndefined()
  })
})
