/**
 * One start of a function in a process of its own, under AWS's runtime client, until it has answered its first event.
 */

import { startChild, stopChildren } from '../children.ts'
import { cpuSecondsOf } from '../cpu-time.ts'
import { startRuntimeApi } from './runtime-api.ts'

export interface LambdaFunction {
  readonly name: string
  /** Where its bundle is, `index.mjs`. */
  readonly directory: string
  /** Its settings. */
  readonly env: Readonly<Record<string, string>>
  /** The first that it is asked. */
  readonly event: unknown
}

/** Since the process was started. */
export interface Elapsed {
  readonly ms: number
  readonly cpuMs: number
}

export interface ColdStart {
  /** Until the function asked for its first event. */
  readonly init: Elapsed
  /** Until its answer was there. */
  readonly response: Elapsed
  /** As JSON. */
  readonly answer: string
}

export interface LambdaRuntime {
  /** Main module of the runtime client. */
  readonly client: string
  readonly pin: readonly string[]
}

/** Rejects when the function does not answer. */
export async function coldStart(
  { client, pin }: LambdaRuntime,
  { name, directory, env, event }: LambdaFunction,
): Promise<ColdStart> {
  const elapsed: Elapsed[] = []
  let pid = 0
  let startedAt = 0
  const note = () => {
    const ms = performance.now() - startedAt
    elapsed.push({ ms, cpuMs: cpuSecondsOf(pid) * 1000 })
  }
  const api = await startRuntimeApi({ event, onInitialized: note, onAnswered: note })
  const command = [process.execPath, client, 'index.handler']
  const settings = { ...runtimeEnv(directory, api.address), ...env }
  startedAt = performance.now()
  const child = startChild({ name, pin, command, channel: 'pipe', env: settings })
  pid = child.pid
  try {
    const answer = await Promise.race([api.answered, child.ended])
    const [init, response] = elapsed
    if (init === undefined || response === undefined) throw new Error(`${name} answered unasked`)
    return { init, response, answer }
  } finally {
    await stopChildren([pid])
    api.close()
  }
}

/** What AWS sets, as far as the client and the SDK read it. */
function runtimeEnv(directory: string, address: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: 'index.handler',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]bench',
  }
}
