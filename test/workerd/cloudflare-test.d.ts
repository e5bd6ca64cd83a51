/**
 * What these tests use of the runtime's own modules and of the test runner's. `@cloudflare/workers-types` would
 * declare them with globals that replace those of the web platform, which the core is written against.
 */
declare module 'cloudflare:workers' {
  import type { KVNamespace } from '@cloudflare/workers-types'
  import type {
    DirectoryObjectStub,
    DocumentObjectStub,
    ObjectNamespace,
  } from '../../src/adapters/storage/durable-object/durable-object-store.ts'

  /** The bindings of `wrangler.toml`. */
  export const env: {
    readonly PUBLIC_COPIES: KVNamespace
    readonly DOCUMENTS: ObjectNamespace<DocumentObjectStub>
    readonly DIRECTORY: ObjectNamespace<DirectoryObjectStub>
  }
}

declare module 'cloudflare:test' {
  import type { DurableObjectState } from '@cloudflare/workers-types'

  /** Runs `callback` inside the object, beside its own instance. */
  export function runInDurableObject<Result>(
    stub: object,
    callback: (instance: unknown, state: DurableObjectState) => Promise<Result>,
  ): Promise<Result>

  /** Runs the object's alarm now; false where none is set. */
  export function runDurableObjectAlarm(stub: object): Promise<boolean>
}
