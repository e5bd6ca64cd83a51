/**
 * The processes of a run: started on their core, stopped together, however the run ends.
 */

import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { cpuSecondsOf } from './cpu-time.ts'

export interface Child {
  readonly name: string
  readonly pid: number
  readonly process: ChildProcess
  /** Rejects when the process ends, with the last that it wrote to standard error. Never resolves. */
  readonly ended: Promise<never>
}

export interface ChildOptions {
  readonly name: string
  /** What to put before the command, to pin it. */
  readonly pin: readonly string[]
  readonly command: readonly string[]
  /** A fourth stream: Node's IPC channel, or a pipe. */
  readonly channel: 'ipc' | 'pipe'
  /** All of its environment. Default: that of this process. */
  readonly env?: Readonly<Record<string, string>>
}

const STOP_MS_MAX = 2000
const SHOWN_CHARACTERS_MAX = 2000

const children = new Set<Child>()
let stopped = false
/** CPU time of those that were stopped. */
let secondsOfStopped = 0

/** Throws once children were stopped: a run that is being given up starts nothing any more. */
export function startChild({ name, pin, command, channel, env }: ChildOptions): Child {
  if (stopped) throw new Error('the run is over')
  const [file = '', ...args] = [...pin, ...command]
  const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', channel]
  const started = spawn(file, args, {
    stdio,
    env: env ?? { ...process.env, NODE_ENV: 'production' },
  })
  let errors = ''
  started.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-SHOWN_CHARACTERS_MAX)
  })
  const { promise: ended, reject } = Promise.withResolvers<never>()
  started.on('error', (cause) => reject(new Error(`${name} could not be started`, { cause })))
  started.on('close', (code, signal) =>
    reject(new Error(`${name} ended (${signal ?? code}): ${errors.trim() || 'without a word'}`)),
  )
  // Whoever waits for the child hears of it; when nobody does, it was stopped.
  ended.catch(() => {})
  const child = { name, pid: started.pid ?? 0, process: started, ended }
  children.add(child)
  return child
}

/** The first message of a Node child. Rejects when it ends before. */
export async function firstMessage(child: Child): Promise<unknown> {
  const [message] = (await Promise.race([once(child.process, 'message'), child.ended])) as unknown[]
  return message
}

/** CPU time of all that run or were stopped, and of this process, in seconds. */
export function cpuSecondsOfRun(): number {
  const { user, system } = process.cpuUsage()
  return secondsOf(children) + secondsOfStopped + (user + system) / 1e6
}

function isRunning({ process: { exitCode, signalCode } }: Child): boolean {
  return exitCode === null && signalCode === null
}

function secondsOf(some: Iterable<Child>): number {
  return [...some].reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0)
}

/** Resolves when these are gone. */
export async function stopChildren(pids: readonly number[]): Promise<void> {
  const theirs = [...children].filter(({ pid }) => pids.includes(pid))
  secondsOfStopped += secondsOf(theirs.filter(isRunning))
  await Promise.all(theirs.map(stop))
  for (const child of theirs) children.delete(child)
}

/** Resolves when none is left, and none is started after it. */
export async function stopAllChildren(): Promise<void> {
  stopped = true
  await Promise.all([...children].map(stop))
}

async function stop({ process: child, ended }: Child): Promise<void> {
  const over = ended.catch(() => {})
  child.kill('SIGTERM')
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
  await over
  clearTimeout(limit)
}
