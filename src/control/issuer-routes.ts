/**
 * Routes for issuers and the list of their keys; the decisions are in `issuer-operations.ts`.
 */

import type { Context } from 'hono'
import { type App, newApp } from '../http/new-app.ts'
import { answerMethodNotAllowed } from '../http/errors.ts'
import type { IssuerDocument, IssuerTombstone } from '../issuers/issuer-document.ts'
import type { Outcome } from '../refusal.ts'
import type { OperationDeps } from './control-deps.ts'
import { replyIssuerList } from './issuer-list.ts'
import { issuerOperations } from './issuer-operations.ts'
import { expectedRevision, reply, replyKeys, replyRefused, revisionEtag } from './replies.ts'
import { readBody, readOptionalBody } from './request-body.ts'
import { createIssuerBody, deleteIssuerBody, updateIssuerBody } from './schemas.ts'
import type { PolicyForecast } from './update-issuer.ts'
import { deletedIssuerView, issuerView } from './views.ts'

export function issuerRoutes(deps: OperationDeps): App {
  const { issuers, bounds, clock } = deps
  const operations = issuerOperations(deps)
  const app = newApp()

  function replyIssuer(c: Context, status: 200 | 201, outcome: Outcome<IssuerDocument>): Response {
    if (!outcome.ok) return replyRefused(c, outcome.refusal)
    const view = issuerView(outcome.value, bounds, clock.now())
    return reply(c, status, view, { ETag: revisionEtag(view.revision) })
  }

  app.get('/issuers', (c) => replyIssuerList(c, issuers))
  app.post('/issuers', async (c) => {
    const body = await readBody(c, createIssuerBody)
    if (!body.ok) return replyRefused(c, body.refusal)
    const { id, issuer, policy = {} } = body.value
    return replyIssuer(c, 201, await operations.create({ id, issuer, settings: policy }))
  })
  app.all('/issuers', (c) => answerMethodNotAllowed(c, 'GET, HEAD, POST'))

  app.get('/issuers/:id', async (c) =>
    replyIssuer(c, 200, await operations.read(c.req.param('id'))),
  )
  app.patch('/issuers/:id', async (c) => {
    const revision = expectedRevision(c)
    if (!revision.ok) return replyRefused(c, revision.refusal)
    const body = await readBody(c, updateIssuerBody)
    if (!body.ok) return replyRefused(c, body.refusal)
    const { policy, dryRun } = body.value
    const id = c.req.param('id')
    if (dryRun) return replyForecast(c, await operations.forecast(id, policy, revision.value))
    return replyIssuer(c, 200, await operations.update(id, policy, revision.value))
  })
  app.delete('/issuers/:id', async (c) => {
    const revision = expectedRevision(c)
    if (!revision.ok) return replyRefused(c, revision.refusal)
    const body = await readOptionalBody(c, deleteIssuerBody)
    if (!body.ok) return replyRefused(c, body.refusal)
    const reason = body.value?.reason
    return replyDeleted(c, await operations.delete(c.req.param('id'), reason, revision.value))
  })
  app.all('/issuers/:id', (c) => answerMethodNotAllowed(c, 'GET, HEAD, PATCH, DELETE'))

  app.get('/issuers/:id/keys', async (c) => {
    const found = await operations.read(c.req.param('id'))
    if (!found.ok) return replyRefused(c, found.refusal)
    return replyKeys(c, found.value, bounds, clock.now())
  })
  app.all('/issuers/:id/keys', (c) => answerMethodNotAllowed(c, 'GET, HEAD'))
  return app
}

function replyForecast(c: Context, outcome: Outcome<PolicyForecast>): Response {
  if (!outcome.ok) return replyRefused(c, outcome.refusal)
  const { document, effects } = outcome.value
  const { id, revision } = document
  return reply(c, 200, { id, revision, dryRun: true, effects }, { ETag: revisionEtag(revision) })
}

function replyDeleted(c: Context, outcome: Outcome<IssuerTombstone>): Response {
  if (!outcome.ok) return replyRefused(c, outcome.refusal)
  return reply(c, 200, deletedIssuerView(outcome.value))
}
