import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readToken } from '../../../src/cli/token/token-source.ts'
import { temporaryDirectory } from '../../support/signet.ts'

test('a token is read up to a limit, and without white space around it', async () => {
  await using own = await temporaryDirectory()
  const file = join(own.path, 'token')
  const token = `a.${'b'.repeat(65_000)}.c`
  await writeFile(file, ` ${token}\n`)
  expect(await readToken(file)).toBe(token)
  await writeFile(file, `a.${'b'.repeat(66_000)}.c`)
  await expect(readToken(file)).rejects.toThrow('of at most 65536 bytes')
})
