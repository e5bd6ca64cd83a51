import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = new URL('../../support/aws/kms-fake-main.ts', import.meta.url).pathname

function run(...parameters: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function finished(...parameters: readonly string[]) {
  const child = run(...parameters)
  const exit = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await exit) as [number | null]
  return { code, stdout, stderr }
}

test.each(['SIGINT', 'SIGTERM'] as const)('says where it is and runs until %s', async (signal) => {
  const child = run('--port', '0')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const said =
    /^An emulator of AWS KMS at (http:\/\/127\.0\.0\.1:\d+); its keys are gone when it ends\.$/
  expect(line).toMatch(said)
  const answer = await fetch(said.exec(line)?.[1] ?? '', { method: 'POST', body: '{}' })
  expect(answer.status).toBe(400)
  child.kill(signal)
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('prints how it is used', async () => {
  const help = await finished('--help')
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('npm run fake:kms -- [--port N]')
})

test.each([
  [['--port', '65536'], '--port must be a whole number from 0 to 65535, got "65536"'],
  [['--port', '80a'], '--port must be a whole number from 0 to 65535, got "80a"'],
  [['--port='], '--port must be a whole number from 0 to 65535, got ""'],
  [['--port'], 'fake:kms takes --port N and --help alone, got "--port": see --help'],
  [['--keep', '1'], 'fake:kms takes --port N and --help alone, got "--keep 1": see --help'],
  [['4600'], 'fake:kms takes --port N and --help alone, got "4600": see --help'],
])('refuses %j in one sentence', async (parameters, sentence) => {
  expect(await finished(...parameters)).toEqual({
    code: 2,
    stdout: '',
    stderr: `fake:kms: ${sentence}\n`,
  })
})

test('takes port 4599 unless told, and says that a port is taken', async () => {
  // Taken by this test, or before it.
  const server = createServer()
  onTestFinished(() => void server.close())
  server.on('error', () => {})
  server.listen(4599, '127.0.0.1')
  await Promise.race([once(server, 'listening'), once(server, 'error')])
  expect(await finished()).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'fake:kms: port 4599 of 127.0.0.1 is taken by another program: stop that program, or give another --port\n',
  })
})
