/**
 * The Worker: the bundle that is deployed, in the runtime that runs it, over a socket.
 */

import { Miniflare } from 'miniflare'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { WORKER_BUNDLE } from '../../../functions/bundle.ts'
import { WORKER_RUNTIME } from '../../../functions/worker/runtime.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import { freePort } from '../signet.ts'
import { rawRequest } from './raw-request.ts'
import {
  newControlSecret,
  NO_DOCUMENT,
  type TestHost,
  type TestHostOptions,
  testSettings,
  USUAL_TRAITS,
} from './test-host.ts'

export interface WorkerOptions extends TestHostOptions {
  /** A directory below which state is kept; without it state lives in memory. */
  readonly persist?: string
}

export interface WorkerHost extends TestHost {
  /** Starts what a cron starts; resolves to how it ended. */
  runCron(cron: string): Promise<string>
  /** The public copies, by key. */
  copies(): Promise<Readonly<Record<string, string>>>
  /** A public copy becomes what is given, or goes. */
  replaceCopy(key: string, body: string | undefined): Promise<void>
}

const START_ATTEMPTS_MAX = 5

/** Resolves once the Worker answers; `close` ends its process. */
export async function workerHost(options: WorkerOptions = {}): Promise<WorkerHost> {
  for (let attempt = 1; attempt < START_ATTEMPTS_MAX; attempt += 1) {
    try {
      return await startedWorker(options)
    } catch (error) {
      // A port that was free a moment ago may be somebody's by now.
      const { code } = error as { readonly code?: string }
      if (code !== 'ERR_ADDRESS_IN_USE') throw error
    }
  }
  return startedWorker(options)
}

async function startedWorker(options: WorkerOptions): Promise<WorkerHost> {
  const port = await freePort()
  const { controlSecret = newControlSecret(), publicUrl = `http://127.0.0.1:${port}` } = options
  const lines: string[] = []
  const miniflare = new Miniflare({
    ...WORKER_RUNTIME,
    modules: true,
    scriptPath: WORKER_BUNDLE,
    host: '127.0.0.1',
    port,
    bindings: { ...testSettings(publicUrl, controlSecret, options) },
    ...(options.persist === undefined
      ? {}
      : {
          durableObjectsPersist: `${options.persist}/objects`,
          kvPersist: `${options.persist}/copies`,
        }),
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const input of [stdout, stderr]) {
        createInterface({ input }).on('line', (line) => lines.push(line))
      }
    },
  })
  await miniflare.ready.catch(async (error: unknown) => {
    await miniflare.dispose()
    throw error
  })

  async function replaceCopy(key: string, body: string | undefined): Promise<void> {
    const namespace = await miniflare.getKVNamespace('PUBLIC_COPIES')
    await (body === undefined ? namespace.delete(key) : namespace.put(key, body))
  }

  return {
    name: 'worker',
    traits: USUAL_TRAITS,
    baseUrl: publicUrl,
    controlSecret,
    request: (method, rawPath, init) => rawRequest({ port, method, rawPath }, init),
    runCron: async (cron) => (await (await miniflare.getWorker()).scheduled({ cron })).outcome,
    logLines: () => lines,
    breakIssuer: (id) => replaceCopy(issuerKey(id), NO_DOCUMENT),
    replaceCopy,
    copies: async () => {
      const namespace = await miniflare.getKVNamespace('PUBLIC_COPIES')
      const { keys } = await namespace.list()
      const copies: Record<string, string> = {}
      for (const { name } of keys) copies[name] = (await namespace.get(name, 'text')) ?? ''
      return copies
    },
    close: () => miniflare.dispose(),
  }
}
