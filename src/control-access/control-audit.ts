/**
 * The audit record of the control API: one for each request that its guard has judged, done or refused (`audit-record.ts`).
 *
 * What came of it is read from the answer that is sent, so no route has to remember it. Of the answer only names and ids are
 * taken, of a token that was presented no more than its fingerprint until its signature is verified.
 */

import type { MiddlewareHandler } from 'hono'
import { audited, auditedDetail } from '../audit/audited.ts'
import { millisecondsSince } from '../audit/duration.ts'
import { knownFields } from '../audit/known-fields.ts'
import { tokenSha256 } from '../audit/token-sha256.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { Log, LogFields } from '../log.ts'
import { runtimeStopwatch, type Stopwatch } from '../stopwatch.ts'
import { controlActionOf, type RequestedAction } from './action-of-request.ts'
import type { ControlAccess, ControlEnv } from './control-access.ts'
import { CONTROL_ACTIONS, type ControlActionName } from './control-actions.ts'

export interface ControlAuditOptions {
  readonly log: Log
  /** Default: that of the runtime. */
  readonly stopwatch?: Stopwatch | undefined
}

/** Goes before the guard. */
export function controlAudit({
  log,
  stopwatch = runtimeStopwatch,
}: ControlAuditOptions): MiddlewareHandler<ControlEnv> {
  return async function controlAuditing(c, next) {
    const begunAt = stopwatch()
    const requestId = crypto.randomUUID()
    c.set('requestId', requestId)
    await next()
    const access = c.get('access')
    if (access === undefined) return
    const { status } = c.res
    const outcome = outcomeOf(status)
    const requested = controlActionOf(c.req.method, c.req.path)
    const fields = {
      requestId,
      ...actionFields(requested),
      ...accessFields(access),
      ...(await endingFields(c.res, access, requested?.action)),
      outcome,
      status,
      durationMs: millisecondsSince(begunAt, stopwatch),
    }
    log(outcome === 'done' ? 'info' : 'warn', 'control_action', fields)
  }
}

/** What failed may have been done all the same. */
function outcomeOf(status: number): 'done' | 'refused' | 'failed' {
  if (status < 400) return 'done'
  return status < 500 ? 'refused' : 'failed'
}

function actionFields(requested: RequestedAction | undefined): LogFields {
  if (requested === undefined) return { action: 'none', ownerEquivalent: false }
  const { action, issuer } = requested
  return knownFields({ action, issuer, ownerEquivalent: CONTROL_ACTIONS[action].ownerEquivalent })
}

function accessFields({ principal, token }: ControlAccess): LogFields {
  const { grant, issuer, subject, audience, jti, kid } = token?.verified ?? {}
  return knownFields({
    principal: principal?.kind ?? 'none',
    grant,
    subjectIssuer: issuer && audited(issuer),
    subject: subject && audited(subject),
    // Beside `audience`, which is that of an issued token.
    subjectAudience: audience && audited(audience),
    subjectJti: jti && audited(jti),
    subjectKid: kid && audited(kid),
    subjectTokenSha256: token?.sha256,
  })
}

/** Why it was refused; of what was done, what it made. */
async function endingFields(
  answer: Response,
  { refusal }: ControlAccess,
  action: ControlActionName | undefined,
): Promise<LogFields> {
  if (refusal !== undefined) {
    const { reason, detail } = refusal
    return knownFields({ reason, detail: detail && auditedDetail(detail) })
  }
  if (answer.status >= 400) {
    const { error } = await membersOf(answer)
    return knownFields({ reason: textOf(error) })
  }
  // What is read may be long, and nothing in it was made.
  return action === undefined || action === 'read'
    ? {}
    : madeFields(action, await membersOf(answer))
}

async function madeFields(
  action: Exclude<ControlActionName, 'read'>,
  members: JsonObject,
): Promise<LogFields> {
  const { id, revision, dryRun } = members
  switch (action) {
    case 'create':
      return knownFields({ issuer: textOf(id), revision: numberOf(revision) })
    case 'mint':
      return mintedFields(members)
    case 'rotate':
    case 'sweep':
    case 'update':
    case 'delete':
    case 'adopt':
    case 'policy':
      return knownFields({
        revision: numberOf(revision),
        // Of what only would have been done; else there is no such field.
        dryRun: dryRun === true || undefined,
      })
  }
}

/** By the names of `token_issued`: it is one more way to a token. */
async function mintedFields({ token, ...members }: JsonObject): Promise<LogFields> {
  const { sub, aud, jti, kid, alg, exp } = members
  const subject = textOf(sub)
  const audience = textOf(Array.isArray(aud) ? aud[0] : aud)
  return knownFields({
    audience: audience && audited(audience),
    issuedSubject: subject && audited(subject),
    jti: textOf(jti),
    kid: textOf(kid),
    alg: textOf(alg),
    tokenSha256: typeof token === 'string' ? await tokenSha256(token) : undefined,
    expiresAt: numberOf(exp),
  })
}

async function membersOf(answer: Response): Promise<JsonObject> {
  try {
    const json: unknown = await answer.clone().json()
    return isJsonObject(json) ? json : {}
  } catch {
    return {}
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
