import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { readInput } from '../../../src/cli/input-text.ts'
import { piped } from '../../cli/in-process.ts'
import { temporaryDirectory } from '../../support/signet.ts'

const request = { what: 'the keys', bytesMax: 4 }

describe('a file', () => {
  test.each([
    ['at the limit', 'aé!', 'aé!'],
    ['over the limit in bytes', 'aéé', undefined],
    ['with a byte order mark', '\uFEFFa', 'a'],
    ['that is no UTF-8', Buffer.from([0xc3]), undefined],
    ['that is empty', '', ''],
  ])('%s', async (_title, content, text) => {
    await using own = await temporaryDirectory()
    const file = join(own.path, 'file')
    await writeFile(file, content)
    expect(await readInput({ ...request, file })).toBe(text)
  })
})

describe.each([['-'], [undefined]])('standard input, as %j', (file) => {
  test('is read where something is piped in', async () => {
    using _stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(piped('abcd'))
    expect(await readInput({ ...request, file })).toBe('abcd')
  })

  test('is not waited for where it is a terminal', async () => {
    const terminal = Object.assign(piped('ab'), { isTTY: true })
    using _stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(terminal)
    await expect(readInput({ ...request, file })).rejects.toMatchObject({
      exitCode: 2,
      message: 'nothing is piped in: name a file that holds the keys, or pipe one in',
    })
  })
})
