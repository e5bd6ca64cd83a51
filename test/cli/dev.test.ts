import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  finished,
  freePort,
  type RunningDev,
  signet,
  startDev,
  temporaryDirectory,
} from '../support/signet.ts'

const directory = await temporaryDirectory()
const state = join(directory.path, 'state')
const port = await freePort()
const url = `http://127.0.0.1:${port}`

afterAll(() => directory[Symbol.asyncDispose]())

function reportJson(dev: RunningDev): {
  demo: { issuer: string; jwksUri: string; created: boolean; token: { kid: string } }
} {
  return JSON.parse(dev.report)
}

test('the log of the start comes behind the report', async () => {
  const both = ['bash', '-c', 'exec "$@" 2>&1', 'bash', process.execPath, 'src/cli/main.ts', 'dev']
  const own = join(directory.path, 'both')
  const args = ['--port', String(await freePort()), '--state', own]
  const dev = await startDev(args, both as [string, ...string[]])
  await dev.stop()
  const [report = ''] = dev.report.split('Ctrl-C stops it.')
  expect(report).toMatch(/^Signet runs at /)
  expect(report).not.toContain('"event"')
})

describe('a first start', () => {
  let dev: RunningDev

  beforeAll(async () => {
    dev = await startDev(['--port', String(port), '--state', state])
    await dev.rotated
  })
  afterAll(() => dev.stop())

  test('prints the URLs, what was verified, and what to try next', async () => {
    const shown = dev.report
      .replaceAll(url, 'URL')
      .replaceAll(state, 'STATE')
      .replaceAll(/kid [\w-]{43}/g, 'kid KID')
    await expect(shown).toMatchFileSnapshot('../golden/cli/dev-report.txt')
  })

  test('keeps its state and its secrets to its owner', async () => {
    expect(await modeOf('.')).toBe(0o700)
    expect(await modeOf('sealed-secret')).toBe(0o600)
    expect(await modeOf('control-secret')).toBe(0o600)
  })

  test('serves documents with which an outside verifier takes a minted token', async () => {
    const minted = await signet([
      'token',
      'mint',
      'demo',
      '--subject',
      'someone',
      '--audience',
      'a',
      '--state',
      state,
    ])
    const keySet = createRemoteJWKSet(new URL(`${url}/demo/.well-known/jwks.json`))
    const { payload } = await jwtVerify(minted.stdout.trim(), keySet, {
      issuer: `${url}/demo`,
      audience: 'a',
    })
    expect(payload.sub).toBe('someone')
  })

  test('the commands that it prints run as pasted', async () => {
    const commands = dev.report.split('\n').filter((line) => /^ {2}(npx|curl) /.test(line))
    expect(commands).toHaveLength(5)
    for (const command of commands) {
      const { code, stdout, stderr } = await finished('bash', ['-o', 'pipefail', '-ec', command])
      expect([command, code]).toEqual([command, 0])
      expect(stdout + stderr).not.toBe('')
    }
  })

  test('refuses a second start with the same state', async () => {
    const second = await signet(['dev', '--state', state])
    expect(second.code).toBe(2)
    expect(second.stderr).toBe(
      `signet: another Signet runs with the state in ${state}: stop it, or give this one another --state\n`,
    )
  })

  test('opens no other way in: the runtime tool beside it answers nothing', async () => {
    const { stdout } = await finished('ps', ['-eo', 'pid=,args='])
    const pids = await descendantsOf(dev.child.pid)
    const own = stdout.split('\n').filter((line) => pids.includes(Number.parseInt(line, 10)))
    const [, loopback] = /loopback=127\.0\.0\.1:(\d+)/.exec(own.join('\n')) ?? []
    expect(loopback).toBeDefined()
    const target = `http://127.0.0.1:${loopback}/core/store-temp-file?extension=txt`
    const answer = await fetch(target, { method: 'POST', body: 'x' })
    expect([answer.status, await answer.text()]).toEqual([404, ''])
  })

  test('prints into a pipe that nobody reads without a stack trace', async () => {
    const main = `"${process.execPath}" src/cli/main.ts issuer list --json --state ${state}`
    const { code, stderr } = await finished('bash', ['-o', 'pipefail', '-c', `${main} | true`])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('stores no private key and no secret in clear', async () => {
    const { stdout } = await finished('grep', ['-rlaE', 'PRIVATE KEY|"d":"', state])
    expect(stdout).toBe('')
  })
})

describe('a later start', () => {
  test('finds the same keys at the same port, and TERM stops whatever it started', async () => {
    const first = await startDev(['--state', state, '--json', ...portOfFirstStart()])
    const before = reportJson(first)
    const started = await descendantsOf(first.child.pid)
    expect(started.length).toBeGreaterThan(0)
    expect(await first.stop()).toBe(0)
    expect(started.filter(isAlive)).toEqual([])
    await expect(fetch(before.demo.jwksUri)).rejects.toThrow('fetch failed')

    const second = await startDev(['--state', state, '--json'])
    const after = reportJson(second)
    expect(after.demo.token.kid).toBe(before.demo.token.kid)
    expect(after.demo).toMatchObject({ issuer: `${url}/demo`, created: false })
    expect(await second.stop('SIGINT')).toBe(0)
  })

  test('refuses another port, since the URLs of its issuers never change', async () => {
    await using own = await temporaryDirectory()
    const [its, another] = [await freePort(), await freePort()].map(String)
    await (await startDev(['--state', own.path, '--json', '--port', its ?? ''])).stop()
    const other = await signet(['dev', '--state', own.path, '--port', another ?? ''])
    expect(other).toMatchObject({ code: 2, stdout: '' })
    expect(other.stderr).toContain('leave out --port, or give another --state')
  })

  test('does not bring back a demo issuer that was deleted', async () => {
    await using own = await temporaryDirectory()
    const start = ['--state', own.path, '--json', '--port', String(await freePort())]
    const first = await startDev(start)
    await first.rotated
    const deleted = await signet(['issuer', 'delete', 'demo', '--yes', '--state', own.path])
    expect(deleted.code).toBe(0)
    await first.stop()
    const second = await startDev(start)
    expect(JSON.parse(second.report)).toMatchObject({ demo: null })
    await second.stop()
  })

  test('refuses a state whose sealed secret is gone, and makes no new one', async () => {
    await using own = await temporaryDirectory()
    const start = ['--state', own.path, '--json', '--port', String(await freePort())]
    await (await startDev(start)).stop()
    await finished('rm', [join(own.path, 'sealed-secret')])
    const second = await signet(['dev', '--state', own.path])
    expect(second.code).toBe(2)
    expect(second.stderr).toContain('sealed-secret cannot be opened (ENOENT): put it back')
    await expect(readFile(join(own.path, 'sealed-secret'))).rejects.toThrow('ENOENT')
  })
})

describe('npm start', () => {
  test('passes what follows -- and stops with npm', async () => {
    await using own = await temporaryDirectory()
    const options = ['--port', String(await freePort()), '--state', own.path, '--json']
    const dev = await startDev(options, ['npm', 'start', '--silent', '--'])
    expect(JSON.parse(dev.report)).toMatchObject({ demo: { created: true } })
    const started = await descendantsOf(dev.child.pid)
    expect(started.length).toBeGreaterThan(1)
    await dev.stop()
    expect(started.filter(isAlive)).toEqual([])
  })

  test('refuses options that npm took for itself, with the right spelling', async () => {
    const taken = await finished('npm', ['start', '--silent', '--port', '9000'])
    expect(taken.code).toBe(2)
    expect(taken.stderr).toContain('signet: dev takes options alone, got "9000"')
    expect(taken.stderr).toContain('npm start -- --port 9000')
  })

  test('refuses them also where npm left nothing of them', async () => {
    const own = ['--custody=kms', '--kms-endpoint=http://127.0.0.1:4599']
    const taken = await finished('npm', ['start', '--silent', ...own])
    expect(taken.code).toBe(2)
    expect(taken.stderr).toContain(
      'signet: dev takes options alone, got "--custody --kms-endpoint"',
    )
  })
})

describe('refuses', () => {
  test('a port that is taken', async () => {
    await using own = await temporaryDirectory()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const taken = typeof address === 'object' && address !== null ? address.port : 0
    const dev = await signet(['dev', '--port', String(taken), '--state', own.path])
    other.close()
    expect(dev.code).toBe(2)
    expect(dev.stdout).toBe('')
    expect(dev.stderr.split('\n')).toEqual([
      `signet: port ${taken} of 127.0.0.1 is taken by another program: stop that program, or give another --port (with another --state once issuers exist)`,
      '',
    ])
  })

  test.each([['0'], ['65536'], ['80a'], ['-1'], ['']])('port %j', async (given) => {
    const dev = await signet(['dev', `--port=${given}`])
    expect(dev).toMatchObject({ code: 2, stdout: '' })
    expect(dev.stderr).toBe(
      `signet: --port must be a whole number from 1 to 65535, got ${JSON.stringify(given)}\n`,
    )
  })

  test('a directory that is in use for something else, and leaves it as it is', async () => {
    await using own = await temporaryDirectory()
    const home = join(own.path, 'home')
    await finished('mkdir', ['-m', '755', home])
    await finished('touch', [join(home, 'letter')])
    const dev = await signet(['dev', '--state', home])
    expect(dev.code).toBe(2)
    expect(dev.stderr).toContain("has other files than Signet's state in it")
    expect((await stat(home)).mode & 0o777).toBe(0o755)
  })

  test('a state directory that is a file', async () => {
    await using own = await temporaryDirectory()
    const file = join(own.path, 'file')
    await finished('touch', [file])
    const dev = await signet(['dev', '--state', file])
    expect(dev.code).toBe(2)
    expect(dev.stderr).toContain('cannot be made or opened (ENOTDIR)')
  })
})

/** The port is asked for until an installation remembers it: these tests hold in any order. */
function portOfFirstStart(): string[] {
  return ['--port', String(port)]
}

async function modeOf(name: string): Promise<number> {
  return (await stat(join(state, name))).mode & 0o777
}

async function descendantsOf(pid: number | undefined): Promise<number[]> {
  const { stdout } = await finished('ps', ['-eo', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const childrenOf = (parent: number | undefined): number[] =>
    pairs.flatMap(([child, itsParent]) =>
      child !== undefined && itsParent === parent ? [child, ...childrenOf(child)] : [],
    )
  return childrenOf(pid)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
