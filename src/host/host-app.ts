/**
 * The app of a host before it has routes: what it does not know is 404, and what is thrown is answered and logged.
 */

import type { Env } from 'hono'
import type { BlankEnv } from 'hono/types'
import { answerNotFound, answerThrown } from '../http/errors.ts'
import { type App, newApp } from '../http/new-app.ts'
import type { Log } from '../log.ts'

export function hostApp<E extends Env = BlankEnv>(log: Log): App<E> {
  const app = newApp<E>()
  app.notFound(answerNotFound)
  app.onError((error, c) => answerThrown(error, c, log))
  return app
}
