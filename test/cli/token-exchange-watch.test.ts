/**
 * `token exchange --watch` as a process, which a service manager starts and stops.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryDirectory } from '../support/signet.ts'
import {
  ISSUED_CLAIMS,
  issuedBody,
  type StandInAnswer,
  tokenStandIn,
  unsignedJwt,
} from '../support/token-stand-in.ts'

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts')
const SUBJECT_TOKEN = unsignedJwt({ sub: 'marked-subject' })
const LATER_TOKEN = unsignedJwt({ sub: 'marked-later-subject' })
const ISSUED_TOKEN = unsignedJwt(ISSUED_CLAIMS)

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let child: ChildProcess | undefined
beforeEach(async () => {
  directory = await temporaryDirectory()
  await writeFile(inside('subject'), SUBJECT_TOKEN)
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await directory[Symbol.asyncDispose]()
})

function inside(name: string): string {
  return join(directory.path, name)
}

function watch(issuer: string): {
  readonly process: ChildProcess
  readonly ended: Promise<{ code: unknown; stdout: string; stderr: string }>
} {
  const files = ['--token-file', inside('subject'), '--out', inside('token')]
  const args = ['token', 'exchange', issuer, '--audience', 'a', '--watch', ...files]
  const started = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child = started
  const ended = Promise.all([
    once(started, 'close'),
    text(started.stdout),
    text(started.stderr),
  ]).then(([[code], stdout, stderr]) => ({ code: code as unknown, stdout, stderr }))
  return { process: started, ended }
}

async function fileText(name: string): Promise<string | undefined> {
  return readFile(inside(name), 'utf8').catch(() => undefined)
}

/** A process starts slowly where many do. */
const START = { timeout: 18_000 }

const WRITTEN =
  /^Token of https:\/\/oidc\.example\.com\/prod for cluster-a:default:app written to \S+\/token, expires in 1 h; the next one in 4[5-8] min(?: \d+ s)?\.$/

test.each(['SIGTERM', 'SIGINT'] as const)(
  'keeps the file, prints nothing, and ends with 0 on %s',
  async (signal) => {
    await using host = await tokenStandIn(() => ({ body: issuedBody() }))
    const { process: watching, ended } = watch(host.issuer)
    await expect.poll(() => fileText('token'), START).toBe(ISSUED_TOKEN)
    watching.kill(signal)
    const { code, stdout, stderr } = await ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    // The line comes after the file: it may have been stopped in between.
    expect(stderr.trim()).toMatch(stderr === '' ? /^$/ : WRITTEN)
    expect(await readdir(directory.path)).toEqual(['subject', 'token'])
  },
)

test('tries again after a failure, with the token that the file has then', async () => {
  await using host = await tokenStandIn(async (count): Promise<StandInAnswer> => {
    if (count > 1) return { body: issuedBody() }
    await writeFile(inside('subject'), LATER_TOKEN)
    return { status: 503, body: '{"error":"temporarily_unavailable"}' }
  })
  await writeFile(inside('token'), 'old')
  const { process: watching, ended } = watch(host.issuer)
  await expect.poll(() => fileText('token'), START).toBe(ISSUED_TOKEN)
  watching.kill('SIGTERM')
  const { code, stderr } = await ended
  expect(code).toBe(0)
  expect(stderr.split('\n')[0]).toBe(
    `signet: ${host.issuer} cannot do the exchange now: (temporarily_unavailable); ${inside('token')} stays as it is, tried again in 1 s`,
  )
  const sent = host.requests.map(({ body }) => new URLSearchParams(body).get('subject_token'))
  expect(sent).toEqual([SUBJECT_TOKEN, LATER_TOKEN])
  for (const part of `${SUBJECT_TOKEN}.${LATER_TOKEN}.${ISSUED_TOKEN}`.split('.')) {
    expect(stderr).not.toContain(part)
  }
})

test('ends at once in the middle of an exchange, and leaves nothing behind', async () => {
  const asked = Promise.withResolvers<void>()
  await using host = await tokenStandIn(() => {
    asked.resolve()
    return new Promise<StandInAnswer>(() => {})
  })
  const { process: watching, ended } = watch(host.issuer)
  await asked.promise
  watching.kill('SIGTERM')
  expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await readdir(directory.path)).toEqual(['subject'])
})

test('does not wait for a pipe, which nobody could stop', async () => {
  await using host = await tokenStandIn(() => ({ body: issuedBody() }))
  await rm(inside('subject'))
  execFileSync('mkfifo', [inside('subject')])
  const { process: watching, ended } = watch(host.issuer)
  if (watching.stderr !== null) await once(watching.stderr, 'data')
  watching.kill('SIGTERM')
  const { code, stderr } = await ended
  expect(code).toBe(0)
  expect(stderr).toContain('/subject is no plain file: --watch reads it again and again; ')
  expect(host.requests).toEqual([])
})

test('removes what an earlier process left in the middle of a write', async () => {
  const leftover = '.token.0123456789abcdef.signet-tmp'
  await writeFile(inside(leftover), 'half a to')
  await utimes(inside(leftover), 1, 1)
  await using host = await tokenStandIn(() => ({ body: issuedBody() }))
  const { process: watching, ended } = watch(host.issuer)
  await expect.poll(() => fileText('token'), START).toBe(ISSUED_TOKEN)
  watching.kill('SIGTERM')
  await ended
  expect(await readdir(directory.path)).toEqual(['subject', 'token'])
})
