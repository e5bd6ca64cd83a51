/**
 * The public routes: discovery, JWK Set, health.
 *
 * They read and never write. An issuer is selected by its id among the stored ones; no header of the request
 * chooses anything, and nothing of the request is echoed.
 */

import { type Context, Hono } from 'hono'
import type { Clock } from '../clock.ts'
import { buildDiscoveryDocument } from '../documents/discovery.ts'
import { issuerHealth } from '../documents/issuer-health.ts'
import { buildJwkSet } from '../documents/jwk-set.ts'
import { isIssuerId } from '../issuers/issuer-id.ts'
import type { PublicIssuer } from '../issuers/issuer-document.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import type { PublicIssuers } from '../issuers/public-issuers.ts'
import { answerMethodNotAllowed, answerNotFound, errorResponse } from './errors.ts'
import { publishDocument } from './published-document.ts'

export interface PublicDeps {
  readonly publicIssuers: PublicIssuers
  readonly clock: Clock
}

const READ_METHODS = 'GET, HEAD, OPTIONS'

type Answer = (
  c: Context,
  issuer: PublicIssuer,
  bounds: PublicationBounds,
  now: number,
) => Response | Promise<Response>

export function publicApp({ publicIssuers, clock }: PublicDeps): Hono {
  const app = new Hono()
  const bounds = { documentStalenessSeconds: publicIssuers.stalenessSeconds }

  function serve(path: string, answer: Answer): void {
    app.get(path, async (c) => {
      const id = c.req.param('issuer') ?? ''
      const found = isIssuerId(id) ? await publicIssuers.load(id) : undefined
      if (found === undefined) return answerNotFound(c)
      if (found.kind === 'tombstone') {
        return errorResponse(
          c,
          410,
          'issuer_deleted',
          'this issuer was deleted and does not come back',
        )
      }
      return answer(c, found, bounds, clock.now())
    })
    readOnly(app, path)
  }

  app.get('/healthz', (c) => health(c, { status: 'ok' }))
  readOnly(app, '/healthz')
  serve('/:issuer/.well-known/openid-configuration', answerDiscovery)
  serve('/.well-known/oauth-authorization-server/:issuer', answerDiscovery)
  serve('/:issuer/.well-known/jwks.json', answerJwkSet)
  serve('/:issuer/healthz', (c, issuer, itsBounds, now) => {
    const report = issuerHealth(issuer, itsBounds, now)
    return health(c, report, report.status === 'no_active_key' ? 503 : 200)
  })
  return app
}

const answerDiscovery: Answer = (c, issuer, bounds, now) =>
  publishDocument(c, {
    contentType: 'application/json',
    document: buildDiscoveryDocument(issuer, bounds, now),
    maxAgeSeconds: issuer.policy.jwksMaxAgeSeconds,
  })

const answerJwkSet: Answer = (c, issuer, bounds, now) =>
  publishDocument(c, {
    contentType: 'application/jwk-set+json',
    document: buildJwkSet(issuer, bounds, now),
    maxAgeSeconds: issuer.policy.jwksMaxAgeSeconds,
    headers: { 'Signet-Ring-Version': String(issuer.revision) },
  })

function health(c: Context, report: object, status: 200 | 503 = 200): Response {
  c.header('Cache-Control', 'no-store')
  return c.json(report, status)
}

/** Answers a browser's preflight, and refuses every method but reading. */
function readOnly(app: Hono, path: string): void {
  app.options(path, (c) =>
    c.body(null, 204, {
      Allow: READ_METHODS,
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Allow-Headers': 'If-None-Match',
    }),
  )
  app.all(path, (c) => answerMethodNotAllowed(c, READ_METHODS))
}
