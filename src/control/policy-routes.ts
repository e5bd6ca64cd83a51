/**
 * Routes for the exchange policy of an issuer; the decisions are in `policy-operations.ts`.
 */

import type { Context } from 'hono'
import { answerMethodNotAllowed } from '../http/errors.ts'
import { answerJson } from '../http/json-answer.ts'
import { type App, newApp } from '../http/new-app.ts'
import { refusalStatus } from '../refusal.ts'
import type { OperationDeps } from './control-deps.ts'
import { type PolicyOutcome, readPolicy, setPolicy } from './policy-operations.ts'
import { policyView } from './policy-view.ts'
import { expectedRevision, reply, replyRefused, revisionEtag } from './replies.ts'
import { readBody } from './request-body.ts'
import { setPolicyBody } from './schemas.ts'

/** Of an answer, which so stays one that a client takes: one mistake may be made in each of many entries. */
const PROBLEMS_MAX = 100

export function policyRoutes(deps: OperationDeps): App {
  const { clock } = deps
  const app = newApp()

  async function replyPolicy(
    c: Context,
    outcome: PolicyOutcome,
    members: object = {},
  ): Promise<Response> {
    if (!outcome.ok) return replyPolicyRefused(c, outcome)
    const view = await policyView(outcome.value, clock.now())
    return reply(c, 200, { ...view, ...members }, { ETag: revisionEtag(view.revision) })
  }

  app.get('/issuers/:id/policy', async (c) =>
    replyPolicy(c, await readPolicy(deps, c.req.param('id'))),
  )
  app.put('/issuers/:id/policy', async (c) => {
    const revision = expectedRevision(c)
    if (!revision.ok) return replyRefused(c, revision.refusal)
    const body = await readBody(c, setPolicyBody)
    if (!body.ok) return replyRefused(c, body.refusal)
    const id = c.req.param('id')
    const { policy, dryRun = false } = body.value
    const outcome = await setPolicy(deps, { id, policy, dryRun, revision: revision.value })
    return replyPolicy(c, outcome, dryRun ? { dryRun } : {})
  })
  app.all('/issuers/:id/policy', (c) => answerMethodNotAllowed(c, 'GET, HEAD, PUT'))
  return app
}

/** Beside the sentence, each problem with its place, which a client finds again in what it has sent. */
function replyPolicyRefused(
  c: Context,
  outcome: Extract<PolicyOutcome, { readonly ok: false }>,
): Response {
  const { reason, message } = outcome.refusal
  if (!('problems' in outcome)) return replyRefused(c, outcome.refusal)
  return answerJson(c, refusalStatus(reason), {
    error: reason,
    error_description: message,
    problems: outcome.problems.slice(0, PROBLEMS_MAX),
  })
}
