/**
 * The runtime of a function: its bundle in a thread with an environment of its own; events and answers pass as JSON text,
 * as they do in AWS.
 *
 * Unlike there, a thread is not frozen between invocations.
 */

import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { LambdaAnswer } from '../../../src/adapters/lambda/event-answer.ts'

export interface LambdaOptions {
  /** A module that exports `handler`. */
  readonly bundle: string
  /** All of it: nothing of this process's environment is there. */
  readonly env: Readonly<Record<string, string>>
  /** What time the function has at each event, in Unix seconds. Default: the system's. */
  readonly clock?: { readonly seconds: number }
  /** Where the function's `fetch` finds a host that no name service of this machine knows. Default: every host as it is. */
  readonly hosts?: Readonly<Record<string, string>>
}

/** `Answer`: what the handler answers, as JSON has it. */
export interface LambdaRuntime<Answer> {
  /** Rejects when the handler does, or the function is gone. */
  invoke(event: unknown): Promise<Answer>
  /** What the function has written to both outputs, up to the last answer at least. */
  logLines(): readonly string[]
  close(): Promise<void>
}

type Message =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly json: string }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }

interface Invocation<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Ends what an invocation wrote: messages and outputs do not overtake themselves, but one another. */
const END = '\u0000end of invocation '

const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}
function setTime(seconds) {
  if (seconds !== undefined) Date.now = () => seconds * 1000
}
async function answerTo(handler, { json, seconds }) {
  setTime(seconds)
  try {
    // Nothing but JSON passes, and an answer that is none is null.
    const answer = JSON.stringify((await handler(JSON.parse(json))) ?? null)
    return { type: 'answer', json: answer }
  } catch (error) {
    return { type: 'failed', message: messageOf(error) }
  }
}
function leadTo(hosts, fetch) {
  return async (input, init) => {
    const request = new Request(input, init)
    const { host, pathname, search } = new URL(request.url)
    const base = hosts[host]
    if (base === undefined) return fetch(input, init)
    const { method, headers, redirect, signal } = request
    return fetch(base + pathname + search, { method, headers, redirect, signal })
  }
}
setTime(workerData.seconds)
if (workerData.hosts !== undefined) globalThis.fetch = leadTo(workerData.hosts, globalThis.fetch)
import(workerData.url).then(({ handler }) => {
  if (typeof handler !== 'function') throw new TypeError('the module exports no handler')
  parentPort.on('message', async (event) => {
    const message = await answerTo(handler, event)
    for (const output of [process.stdout, process.stderr]) output.write(workerData.end + event.id + '\\n')
    parentPort.postMessage({ ...message, id: event.id })
  })
  parentPort.postMessage({ type: 'ready' })
})
`

/** Resolves once the module is loaded; rejects with the message of what it throws. */
export async function startLambda<Answer = LambdaAnswer>({
  bundle,
  env,
  clock,
  hosts,
}: LambdaOptions): Promise<LambdaRuntime<Answer>> {
  const thread = new Worker(THREAD, {
    eval: true,
    env: { ...env },
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { url: pathToFileURL(bundle).href, end: END, seconds: clock?.seconds, hosts },
  })
  const lines: string[] = []
  const outputs = [outputOf(thread.stdout, lines), outputOf(thread.stderr, lines)]
  const invocations = new Map<number, Invocation<Answer>>()
  const started = Promise.withResolvers<void>()
  let gone: Error | undefined
  let invocationCount = 0

  function fail(error: Error): void {
    gone ??= error
    started.reject(gone)
    for (const { reject } of invocations.values()) reject(gone)
    invocations.clear()
  }

  async function settle(message: Exclude<Message, { readonly type: 'ready' }>): Promise<void> {
    await Promise.all(outputs.map((output) => output.written(message.id)))
    const invocation = invocations.get(message.id)
    invocations.delete(message.id)
    if (message.type === 'failed') return invocation?.reject(new Error(message.message))
    invocation?.resolve(JSON.parse(message.json) as Answer)
  }

  thread.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
  thread.on('exit', () => fail(new Error('the function is gone')))
  thread.on('message', (message: Message) => {
    if (message.type === 'ready') return started.resolve()
    void settle(message)
  })
  await started.promise

  return {
    invoke: async (event) => {
      if (gone !== undefined) throw gone
      invocationCount += 1
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      invocations.set(invocationCount, { resolve, reject })
      const json = JSON.stringify(event ?? null)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread is no window.
      thread.postMessage({ id: invocationCount, json, seconds: clock?.seconds })
      return promise
    },
    logLines: () => lines,
    close: async () => {
      await thread.terminate()
    },
  }
}

interface Output {
  /** Resolves when all is here that was written until the end of an invocation, or that will ever be. */
  written(id: number): Promise<void>
}

function outputOf(input: Readable, lines: string[]): Output {
  const ends = new Map<string, PromiseWithResolvers<void>>()
  let closed = false
  function endOf(id: string): PromiseWithResolvers<void> {
    const end = ends.get(id) ?? Promise.withResolvers<void>()
    ends.set(id, end)
    if (closed) end.resolve()
    return end
  }
  createInterface({ input })
    .on('line', (text) => {
      const [line = '', id] = text.split(END)
      // A line that was begun before the end of an invocation stands before its mark.
      if (line !== '') lines.push(line)
      if (id !== undefined) endOf(id).resolve()
    })
    .on('close', () => {
      closed = true
      for (const end of ends.values()) end.resolve()
    })
  return { written: (id) => endOf(String(id)).promise }
}
