/**
 * The Durable Objects of the Worker: each hands its storage to a keeper and its methods to callers.
 */

import type { DurableObjectState, KVNamespace } from '@cloudflare/workers-types'
import { DurableObject } from 'cloudflare:workers'
import { directoryKeeper } from '../../src/adapters/storage/durable-object/directory-keeper.ts'
import { documentKeeper } from '../../src/adapters/storage/durable-object/document-keeper.ts'
import type {
  DirectoryObjectStub,
  DocumentObjectStub,
} from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import { kvStore } from '../../src/adapters/storage/kv.ts'
import { systemClock } from '../../src/clock.ts'
import { deliveredCopy } from '../../src/reading/public-copy-body.ts'
import type { PutCondition } from '../../src/storage/document-store.ts'
import { log } from './log.ts'

interface ObjectEnv {
  readonly PUBLIC_COPIES: KVNamespace
}

export class DocumentObject extends DurableObject<ObjectEnv> implements DocumentObjectStub {
  readonly #keeper

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env)
    this.#keeper = documentKeeper({
      storage: ctx.storage,
      copies: kvStore(env.PUBLIC_COPIES),
      copyOf: deliveredCopy,
      clock: systemClock,
      log,
    })
  }

  async get() {
    return this.#keeper.get()
  }

  async put(key: string, body: string, condition: PutCondition) {
    return this.#keeper.put(key, body, condition)
  }

  async recopy(key: string) {
    await this.#keeper.recopy(key)
  }

  async alarm() {
    await this.#keeper.alarm()
  }
}

export class DirectoryObject extends DurableObject<unknown> implements DirectoryObjectStub {
  readonly #keeper

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env)
    this.#keeper = directoryKeeper(ctx.storage)
  }

  async add(...request: Parameters<DirectoryObjectStub['add']>) {
    this.#keeper.add(...request)
  }

  async has(...request: Parameters<DirectoryObjectStub['has']>) {
    return this.#keeper.has(...request)
  }

  async list(...request: Parameters<DirectoryObjectStub['list']>) {
    return this.#keeper.list(...request)
  }
}
