/**
 * The routes by which an operator's job has a ring rotated, and what it has forgotten swept.
 */

import type { Context } from 'hono'
import type * as z from 'zod/mini'
import { type App, newApp } from '../http/new-app.ts'
import { answerMethodNotAllowed } from '../http/errors.ts'
import { leftoversOf } from '../issuers/leftovers.ts'
import { shown } from '../printable.ts'
import { observationOf } from '../publication/observation-form.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import type { RotationReport } from '../keyring/rotation-report.ts'
import type { SweepReport } from '../keyring/sweep-report.ts'
import { loadIssuer, loadStored } from './change-issuer.ts'
import type { OperationDeps } from './control-deps.ts'
import { reply, replyRefused, withoutRevision } from './replies.ts'
import { readOptionalBody } from './request-body.ts'
import { type RotateBody, rotateBody, type SweepBody, sweepBody } from './schemas.ts'

export function rotationRoutes(deps: OperationDeps): App {
  const app = newApp()

  app.post('/issuers/:id/rotate', async (c) => {
    const body = await readWork(c, rotateBody)
    if (!body.ok) return replyRefused(c, body.refusal)
    const outcome = await rotate(deps, c.req.param('id'), body.value ?? {})
    return outcome.ok ? reply(c, 200, outcome.value) : replyRefused(c, outcome.refusal)
  })
  app.all('/issuers/:id/rotate', (c) => answerMethodNotAllowed(c, 'POST'))

  app.post('/issuers/:id/sweep', async (c) => {
    const body = await readWork(c, sweepBody)
    if (!body.ok) return replyRefused(c, body.refusal)
    const outcome = await sweep(deps, c.req.param('id'), body.value ?? {})
    return outcome.ok ? reply(c, 200, outcome.value) : replyRefused(c, outcome.refusal)
  })
  app.all('/issuers/:id/sweep', (c) => answerMethodNotAllowed(c, 'POST'))
  return app
}

async function readWork<T>(c: Context, schema: z.ZodMiniType<T>): Promise<Outcome<T | undefined>> {
  const anyRevision = withoutRevision(c)
  return anyRevision.ok ? readOptionalBody(c, schema) : anyRevision
}

async function rotate(
  deps: OperationDeps,
  id: string,
  { dryRun, observation }: RotateBody,
): Promise<Outcome<RotationReport>> {
  const found = await loadIssuer(deps, id)
  if (!found.ok) return found
  const observed = observation && observationOf(observation, deps.clock.now())
  const report = await deps.rotation.run(id, { dryRun, observation: observed })
  if (report !== undefined) return accepted(report)
  // Deleted in between, or whoever rotates sees other documents.
  return refused('issuer_not_found', unseen(id))
}

async function sweep(
  deps: OperationDeps,
  id: string,
  { dryRun, windowDays, takeBack }: SweepBody,
): Promise<Outcome<SweepReport>> {
  const found = await loadStored(deps, id)
  if (!found.ok) return found
  if (takeBack !== undefined) {
    const slots = leftoversOf(found.value.stored).map(({ slot }) => slot)
    if (!slots.includes(takeBack)) {
      return refused(
        'invalid_request',
        `takeBack must be a slot that issuer ${id} has forgotten, got ${shown(takeBack)}: see the slots that a dry run of the sweep lists`,
      )
    }
  }
  const report = await deps.rotation.sweep(id, { dryRun, windowDays, takeBack })
  return report === undefined ? refused('issuer_not_found', unseen(id)) : accepted(report)
}

function unseen(id: string): string {
  return `issuer ${id} is not there for whoever makes and deletes keys: give it the same documents, or list the issuers to see their ids`
}
