/**
 * The control API: what an operator's credential opens.
 */

import type { MiddlewareHandler } from 'hono'
import type { ControlEnv } from '../control-access/control-access.ts'
import { controlAudit } from '../control-access/control-audit.ts'
import { type App, newApp } from '../http/new-app.ts'
import { answerNotFound } from '../http/errors.ts'
import { adoptionRoutes } from './adoption-routes.ts'
import type { OperationDeps } from './control-deps.ts'
import { issuerRoutes } from './issuer-routes.ts'
import { policyRoutes } from './policy-routes.ts'
import { boundedBody } from './request-body.ts'
import { rotationRoutes } from './rotation-routes.ts'
import { tokenRoutes } from './token-routes.ts'

/** `guard`: lets through whoever may use it, and answers everyone else. */
export function controlApp(
  deps: OperationDeps,
  guard: MiddlewareHandler<ControlEnv>,
): App<ControlEnv> {
  const app = newApp<ControlEnv>()
  app.use(controlAudit(deps), guard, boundedBody)
  app.route('/', issuerRoutes(deps))
  app.route('/', adoptionRoutes(deps))
  app.route('/', policyRoutes(deps))
  app.route('/', rotationRoutes(deps))
  app.route('/', tokenRoutes(deps))
  app.all('*', answerNotFound)
  return app
}
