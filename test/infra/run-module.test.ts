/**
 * Whoever ends a deployment script ends the tool that it runs, too.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../support/signet.ts'

const RUN_MODULE = JSON.stringify(join(import.meta.dirname, '../../infra/deploy/run-module.ts'))

async function scriptOver(directory: string, tool: string): Promise<string> {
  const path = join(directory, 'tool.mjs')
  await writeFile(path, tool)
  const script = join(directory, 'script.mjs')
  await writeFile(
    script,
    `import { runModule } from ${RUN_MODULE}\nprocess.exitCode = await runModule(${JSON.stringify(path)}, ['7'])\n`,
  )
  return script
}

test('SIGTERM reaches the tool, whose exit code is the answer', async () => {
  await using directory = await temporaryDirectory()
  const script = await scriptOver(
    directory.path,
    `process.on('SIGTERM', () => process.exit(42))
setInterval(() => {}, 1000)
console.log('ready')`,
  )
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([42, null])
})

test.each([
  ['its exit code', 'process.exitCode = Number(process.argv[2])', 7],
  ['1 for one that a signal ended', "process.kill(process.pid, 'SIGKILL')", 1],
])('%s', async (_what, tool, code) => {
  await using directory = await temporaryDirectory()
  const child = spawn(process.execPath, [await scriptOver(directory.path, tool)], {
    stdio: 'ignore',
  })
  expect(await once(child, 'close')).toEqual([code, null])
})
