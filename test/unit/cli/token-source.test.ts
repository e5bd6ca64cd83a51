import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readToken } from '../../../src/cli/token/token-source.ts'
import { temporaryDirectory } from '../../support/signet.ts'

const directory = await temporaryDirectory()
const FILE = join(directory.path, 'token')
afterAll(() => directory[Symbol.asyncDispose]())

function tokenOf(length: number): string {
  return `a.${'b'.repeat(length - 4)}.c`
}

test.each([
  ['that of the endpoint', undefined, 16_384],
  ['another one', 65_536, 65_536],
])(
  'a token is read up to a limit, without white space around it: %s',
  async (_title, max, limit) => {
    const token = tokenOf(limit)
    await writeFile(FILE, ` ${token}\n`)
    expect(await readToken(FILE, max)).toBe(token)
    await writeFile(FILE, tokenOf(limit + 1))
    await expect(readToken(FILE, max)).rejects.toThrow(
      `there is no token in ${FILE}: it has ${limit + 1} characters, and at most ${limit} are taken`,
    )
  },
)

const MARKED = 'marked.marked.marked'
test.each<[string, string | Buffer, string]>([
  ['nothing', ' \n', 'it is empty; it must be one JWT'],
  ['line breaks inside', 'marked.mar\nked.marked', 'it has line breaks or spaces inside'],
  ['two tokens', `${MARKED} ${MARKED}`, 'it has line breaks or spaces inside'],
  ['a header', `Bearer ${MARKED}`, 'it begins with "Bearer"'],
  ['a header in lower case', `bearer\n${MARKED}`, 'it begins with "Bearer"'],
  ['an object', `{"value": "${MARKED}"}`, 'it is JSON: take the token out of it'],
  ['a list', `["${MARKED}"]`, 'it is JSON'],
  ['a JSON text', `"${MARKED}"`, 'it is JSON'],
  ['two parts', 'marked.marked', 'it must be one JWT in compact form (three parts'],
  ['an encrypted token', `${MARKED}.marked.marked`, 'got something else'],
  ['far too much', tokenOf(200_000), 'at most 16384 characters, got more than 131072 bytes'],
  ['no text', Buffer.from([0xff, 0xfe, 0x00]), 'or no text in UTF-8'],
])('%s is told from a token, and not repeated', async (_title, content, cause) => {
  await writeFile(FILE, content)
  const read = readToken(FILE)
  await expect(read).rejects.toMatchObject({ exitCode: 2 })
  await expect(read).rejects.toThrow(`there is no token in ${FILE}: `)
  await expect(read).rejects.toThrow(cause)
  await expect(read).rejects.not.toThrow('marked')
})
