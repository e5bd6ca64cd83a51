/**
 * The `signet` command as its users run it: a process of its own.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

const ROOT = resolve(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'src/cli/main.ts')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

export async function signet(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return finished(process.execPath, [MAIN, ...args], options)
}

export async function finished(
  command: string,
  args: readonly string[],
  { input = '', cwd = ROOT, env = {} }: RunOptions = {},
): Promise<Finished> {
  const child = spawn(command, args, { cwd, env: { ...process.env, NO_COLOR: '1', ...env } })
  // A command that ends without reading its input closes the pipe.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: typeof code === 'number' ? code : null, stdout, stderr }
}

export interface RunningDev {
  readonly child: ChildProcess
  /** What it printed until it was ready. */
  readonly report: string
  /**
   * The rotation that begins with it is over, or it was stopped. Before, that one may still take a fault that a test meant for
   * itself, or give a successor to an issuer that the test made.
   */
  readonly rotated: Promise<void>
  /** Sends the signal and resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Resolves once the whole report was printed. Rejects with what was said when it ends before. */
export async function startDev(
  args: readonly string[],
  [command, ...prefix]: readonly [string, ...string[]] = [process.execPath, MAIN, 'dev'],
): Promise<RunningDev> {
  const child = spawn(command, [...prefix, ...args], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise: rotated, resolve: firstRotationIsOver } = Promise.withResolvers<void>()
  const stderr = textOf(child.stderr, (soFar) => {
    if (soFar.includes('"event":"rotation_run"')) firstRotationIsOver()
  }).finally(firstRotationIsOver)
  const closed = once(child, 'close').then(([code]): number | null => code)
  const report = await reportOf(child, args.includes('--json'))
  if (report === undefined) {
    const code = await closed
    throw new Error(`dev ended with ${code}: ${await stderr}`)
  }
  return {
    child,
    report,
    rotated,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null) child.kill(signal)
      return closed
    },
  }
}

async function textOf(stream: Readable, onText: (soFar: string) => void): Promise<string> {
  let soFar = ''
  for await (const chunk of stream) {
    soFar += String(chunk)
    onText(soFar)
  }
  return soFar
}

async function reportOf(child: ChildProcess, isJson: boolean): Promise<string | undefined> {
  let printed = ''
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk)
    if (isJson ? /^\}$/m.test(printed) : printed.includes('Ctrl-C stops it.')) {
      // Nobody reads on: what comes later must not fill the pipe.
      child.stdout?.resume()
      return printed
    }
  }
  return undefined
}

/** A port that was free a moment ago: a host has to know its port before it runs. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A directory that is removed at the end of the scope. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'signet-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
