/**
 * The control API: what an operator's credential opens.
 */

import { Hono } from 'hono'
import type { Bytes } from '../crypto/base64url.ts'
import { answerNotFound } from '../http/errors.ts'
import { adoptionRoutes } from './adoption-routes.ts'
import { bearerGuard } from './bearer-guard.ts'
import type { ControlDeps } from './control-deps.ts'
import { issuerRoutes } from './issuer-routes.ts'
import { boundedBody } from './request-body.ts'
import { tokenRoutes } from './token-routes.ts'

/** `secretDigest`: SHA-256 of the control secret; without it every path answers 404. */
export function controlApp(deps: ControlDeps, secretDigest: Bytes | undefined): Hono {
  const app = new Hono()
  app.use(bearerGuard(secretDigest), boundedBody)
  app.route('/', issuerRoutes(deps))
  app.route('/', adoptionRoutes(deps))
  app.route('/', tokenRoutes(deps))
  app.all('*', answerNotFound)
  return app
}
