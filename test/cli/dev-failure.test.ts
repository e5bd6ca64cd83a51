import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort, signet, temporaryDirectory } from '../support/signet.ts'

test('a start whose Worker cannot run ends, and leaves no installation behind', async () => {
  await using own = await temporaryDirectory()
  await writeFile(join(own.path, 'durable-objects'), '')
  const dev = await signet(['dev', '--state', own.path, '--port', String(await freePort())])
  expect(dev).toMatchObject({ code: 70, stdout: '' })
  await expect(readFile(join(own.path, 'dev.json'))).rejects.toThrow('ENOENT')
})
