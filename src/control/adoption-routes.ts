/**
 * The route by which an operator gives an issuer its cluster's keys.
 */

import type { Context } from 'hono'
import { type App, newApp } from '../http/new-app.ts'
import { answerMethodNotAllowed } from '../http/errors.ts'
import { WITHDRAWN_RETENTION_MAX_SECONDS } from '../limits.ts'
import { shown } from '../printable.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import type { Adoption } from './adopt-issuer-keys.ts'
import type { OperationDeps } from './control-deps.ts'
import { issuerOperations } from './issuer-operations.ts'
import { onlyParameters } from './query-parameters.ts'
import { expectedRevision, replyKeys, replyRefused } from './replies.ts'
import { readText } from './request-body.ts'

const KEY_MEDIA_TYPES = [
  'application/jwk-set+json',
  'application/json',
  'application/jwk+json',
  'application/x-pem-file',
]

export function adoptionRoutes(deps: OperationDeps): App {
  const { bounds, clock } = deps
  const operations = issuerOperations(deps)
  const app = newApp()

  app.put('/issuers/:id/adopted-keys', async (c) => {
    const revision = expectedRevision(c)
    if (!revision.ok) return replyRefused(c, revision.refusal)
    const adoption = await readAdoption(c)
    if (!adoption.ok) return replyRefused(c, adoption.refusal)
    const id = c.req.param('id')
    const outcome = await operations.adopt(id, adoption.value, revision.value)
    if (!outcome.ok) return replyRefused(c, outcome.refusal)
    return replyKeys(c, outcome.value, bounds, clock.now())
  })
  app.all('/issuers/:id/adopted-keys', (c) => answerMethodNotAllowed(c, 'PUT'))
  return app
}

async function readAdoption(c: Context): Promise<Outcome<Adoption>> {
  const query = onlyParameters(c, ['kid', 'retentionSeconds'])
  if (!query.ok) return query
  const { kid, retentionSeconds } = c.req.queries()
  if ((kid?.length ?? 0) > 1 || (retentionSeconds?.length ?? 0) > 1) {
    return refused('invalid_request', 'a query parameter must be given once, got one twice')
  }
  const retention = retentionOf(retentionSeconds?.[0])
  if (!retention.ok) return retention
  const text = await readText(c, KEY_MEDIA_TYPES)
  if (!text.ok) return text
  return accepted({ text: text.value, kid: kid?.[0], retentionSeconds: retention.value })
}

function retentionOf(text: string | undefined): Outcome<number | undefined> {
  if (text === undefined) return accepted(undefined)
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (seconds <= WITHDRAWN_RETENTION_MAX_SECONDS) return accepted(seconds)
  return refused(
    'invalid_request',
    `retentionSeconds must be a whole number of seconds from 0 to ${WITHDRAWN_RETENTION_MAX_SECONDS}, got ${shown(text)}`,
  )
}
