/**
 * Signet on Cloudflare Workers: wiring alone.
 */

import type { KVNamespace } from '@cloudflare/workers-types'
import type { Hono } from 'hono'
import {
  type DirectoryObjectStub,
  type DocumentObjectStub,
  durableObjectStore,
  type ObjectNamespace,
} from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import { kvStore } from '../../src/adapters/storage/kv.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { type HostSettings, parseConfig } from '../../src/config.ts'
import { createHost, misconfiguredHost } from '../../src/host.ts'
import { publicIssuersFromCopies } from '../../src/issuers/public-issuers.ts'
import { log } from './log.ts'

export { DirectoryObject, DocumentObject } from './objects.ts'

interface Env extends HostSettings {
  readonly PUBLIC_COPIES: KVNamespace
  readonly DOCUMENTS: ObjectNamespace<DocumentObjectStub>
  readonly DIRECTORY: ObjectNamespace<DirectoryObjectStub>
}

function hostOf(env: Env): Hono {
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
let host: Hono | undefined

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    host ??= hostOf(env)
    return host.fetch(request)
  },
}
