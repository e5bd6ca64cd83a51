/**
 * Signet on Cloudflare Workers: wiring alone.
 */

import type { ExecutionContext, KVNamespace } from '@cloudflare/workers-types'
import {
  type DirectoryObjectStub,
  type DocumentObjectStub,
  durableObjectStore,
  type ObjectNamespace,
} from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import { kvStore } from '../../src/adapters/storage/kv.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { type HostSettings, parseConfig } from '../../src/config.ts'
import { createHost, type Host, misconfiguredHost } from '../../src/host.ts'
import { publicIssuersFromCopies } from '../../src/reading/public-issuers.ts'
import { log } from './log.ts'

export { DirectoryObject, DocumentObject } from './objects.ts'

interface Env extends HostSettings {
  readonly PUBLIC_COPIES: KVNamespace
  readonly DOCUMENTS: ObjectNamespace<DocumentObjectStub>
  readonly DIRECTORY: ObjectNamespace<DirectoryObjectStub>
}

function hostOf(env: Env): Host {
  const parsed = parseConfig(env)
  if (!parsed.ok) return misconfiguredHost(parsed.problems, log)
  const { config } = parsed
  return createHost({
    config,
    documents: durableObjectStore({ documents: env.DOCUMENTS, directory: env.DIRECTORY }),
    publicIssuers: publicIssuersFromCopies(kvStore(env.PUBLIC_COPIES)),
    keyManager: sealedKeyManager({
      secret: config.sealedSecrets.current,
      previousSecret: config.sealedSecrets.previous,
      deployment: config.deployment,
    }),
    log,
  })
}

// Bindings do not change during the life of an isolate, so its host is made once.
let host: Host | undefined

export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> {
    host ??= hostOf(env)
    return host.fetch(request, (work) => context.waitUntil(work))
  },
}
