/**
 * Signet on Cloudflare Workers: wiring alone.
 */

import type { ExecutionContext, KVNamespace, ScheduledController } from '@cloudflare/workers-types'
import {
  type RateLimitBinding,
  workerRateLimit,
} from '../../src/adapters/limits/worker-rate-limit.ts'
import {
  type DirectoryObjectStub,
  type DocumentObjectStub,
  durableObjectStore,
  type ObjectNamespace,
} from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import { kvStore } from '../../src/adapters/storage/kv.ts'
import { createWholeHost } from '../../src/host/whole-host.ts'
import type { WholeHost } from '../../src/host/host.ts'
import { misconfiguredHost } from '../../src/host/misconfigured-host.ts'
import { publicIssuersFromCopies } from '../../src/reading/public-issuers.ts'
import { log } from './log.ts'
import { WORKER_CRONS } from './runtime.ts'
import { parseWorkerConfig, type WorkerSettings } from './worker-config.ts'
import { workerKeys } from './worker-keys.ts'

export { DirectoryObject, DocumentObject } from './objects.ts'

interface Env extends WorkerSettings {
  readonly PUBLIC_COPIES: KVNamespace
  readonly DOCUMENTS: ObjectNamespace<DocumentObjectStub>
  readonly DIRECTORY: ObjectNamespace<DirectoryObjectStub>
  /** Absent where it was taken out of the configuration. */
  readonly EXCHANGE_RATE?: RateLimitBinding
}

function hostOf(env: Env): WholeHost {
  const parsed = parseWorkerConfig(env)
  if (!parsed.ok) return misconfiguredHost(parsed.problems, log)
  const { config } = parsed
  return createWholeHost({
    config: config.host,
    controlSecretDigest: config.controlSecretDigest,
    controlTrust: config.controlTrust,
    documents: durableObjectStore({ documents: env.DOCUMENTS, directory: env.DIRECTORY }),
    publicIssuers: publicIssuersFromCopies(kvStore(env.PUBLIC_COPIES)),
    keyManagers: workerKeys(config, log),
    sourceLimit: env.EXCHANGE_RATE && workerRateLimit(env.EXCHANGE_RATE, log),
    log,
  })
}

// Bindings do not change during the life of an isolate, so its host is made once.
let host: WholeHost | undefined

export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> {
    host ??= hostOf(env)
    return host.fetch(request, (work) => context.waitUntil(work))
  },

  scheduled({ cron }: ScheduledController, env: Env): Promise<void> {
    host ??= hostOf(env)
    return host.scheduled(cron === WORKER_CRONS.sweep ? 'sweep' : 'rotate')
  },
}
