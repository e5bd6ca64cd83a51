/**
 * An app without routes yet.
 *
 * On the router that is ready at once. hono's default compiles its routes at the first request, which every start of a Worker
 * or of a function would pay for, and few of them serve enough requests to gain it back.
 */

import type { Env } from 'hono'
import { HonoBase } from 'hono/hono-base'
import { TrieRouter } from 'hono/router/trie-router'
import type { BlankEnv } from 'hono/types'

export type App<E extends Env = BlankEnv> = HonoBase<E>

export function newApp<E extends Env = BlankEnv>(): App<E> {
  return new HonoBase<E>({ router: new TrieRouter() })
}
