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
} from './test-host.ts'

export interface WorkerOptions extends TestHostOptions {
  /** A directory below which state is kept; without it state lives in memory. */
  readonly persist?: string
}

export interface WorkerHost extends TestHost {
  /** The public copies, by key. */
  copies(): Promise<Readonly<Record<string, string>>>
}

/** Resolves once the Worker answers; `close` ends its process. */
export async function workerHost(options: WorkerOptions = {}): Promise<WorkerHost> {
  const port = await freePort()
  const baseUrl = `http://127.0.0.1:${port}`
  const { controlSecret = newControlSecret() } = options
  const lines: string[] = []
  const miniflare = new Miniflare({
    ...WORKER_RUNTIME,
    modules: true,
    scriptPath: WORKER_BUNDLE,
    host: '127.0.0.1',
    port,
    bindings: { ...testSettings(baseUrl, controlSecret, options) },
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
  return {
    name: 'worker',
    baseUrl,
    controlSecret,
    request: (method, rawPath, init) => rawRequest({ port, method, rawPath }, init),
    logLines: () => lines,
    breakIssuer: async (id) => {
      await (await miniflare.getKVNamespace('PUBLIC_COPIES')).put(issuerKey(id), NO_DOCUMENT)
    },
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
