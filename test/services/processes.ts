/**
 * The processes of a run: commands that end, services that do not. Whatever still runs is stopped together.
 */

import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

export type Environment = Readonly<Record<string, string>>

export interface Service {
  readonly name: string
  /** Rejects when the service ends, with the last that it wrote. Never resolves. */
  readonly ended: Promise<never>
}

interface Ending {
  /** `null`: a signal ended it. */
  readonly exitCode: number | null
  readonly output: string
  /** The last of both streams. */
  readonly said: string
}

const STOP_MS_MAX = 5000
const SAID_CHARACTERS_MAX = 3000
const READY_ATTEMPTS_MAX = 300
const READY_WAIT_MS = 100

const running = new Map<ChildProcess, Promise<unknown>>()
let stopped = false

/** Resolves to what the command wrote to standard output. Rejects unless it ends with exit code 0. */
export async function run(command: readonly string[], env: Environment = {}): Promise<string> {
  const { exitCode, output, said } = await launch(command, env, 'pipe')
  if (exitCode === 0) return output
  throw new Error(`\`${command.join(' ')}\` failed: ${said.trim() || `exit code ${exitCode}`}`)
}

/** Resolves to the exit code of a command that writes where this process does; 1 when a signal ended it. */
export async function runVisibly(command: readonly string[], env: Environment): Promise<number> {
  return (await launch(command, env, 'inherit')).exitCode ?? 1
}

export function startService(name: string, command: readonly string[]): Service {
  const ended = launch(command, {}, 'pipe').then(({ exitCode, said }): never => {
    throw new Error(`${name} ended (exit code ${exitCode}): ${said.trim() || 'without a word'}`)
  })
  // Whoever waits for the service hears of it; when nobody does, it was stopped.
  ended.catch(() => {})
  return { name, ended }
}

/** Asks until the answer is yes. Rejects when it never is, or when the service has ended. */
export async function untilReady(
  { name, ended }: Service,
  ask: () => Promise<boolean>,
): Promise<void> {
  let problem: unknown
  for (let attempt = 1; attempt <= READY_ATTEMPTS_MAX; attempt++) {
    const asked = ask().catch((error: unknown) => {
      problem = error
      return false
    })
    if (await Promise.race([asked, ended])) return
    await wait(READY_WAIT_MS)
  }
  throw new Error(`${name} started but did not answer`, { cause: problem })
}

/** Resolves when nothing runs any more; nothing is started after it. */
export async function stopAllProcesses(): Promise<void> {
  stopped = true
  await Promise.all([...running].map(([child, ended]) => stop(child, ended)))
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM')
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
  await ended.catch(() => {})
  clearTimeout(limit)
}

function launch(command: readonly string[], env: Environment, output: 'pipe' | 'inherit') {
  if (stopped) return Promise.reject(new Error('the run is over'))
  const [file = '', ...args] = command
  const stdio: StdioOptions = ['ignore', output, output]
  const child = spawn(file, args, { stdio, env: { ...process.env, ...env } })
  const ended = endingOf(child, file)
  running.set(child, ended)
  const forget = () => void running.delete(child)
  ended.then(forget, forget)
  return ended
}

async function endingOf(child: ChildProcess, file: string): Promise<Ending> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  let output = ''
  let said = ''
  const hear = (text: string) => (said = (said + text).slice(-SAID_CHARACTERS_MAX))
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    hear(text)
  })
  child.stderr?.setEncoding('utf8').on('data', hear)
  child.on('error', (cause) => reject(new Error(`${file} could not be started`, { cause })))
  child.on('close', resolve)
  return { exitCode: await promise, output, said }
}
