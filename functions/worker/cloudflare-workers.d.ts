/**
 * The one class that is used of the runtime's own module. `@cloudflare/workers-types` declares it too, but as globals
 * its types replace those of the web platform, which the core is written against.
 */
declare module 'cloudflare:workers' {
  import type { DurableObjectState } from '@cloudflare/workers-types'

  export abstract class DurableObject<Env> {
    protected readonly ctx: DurableObjectState
    protected readonly env: Env
    constructor(ctx: DurableObjectState, env: Env)
  }
}
