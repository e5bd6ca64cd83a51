/**
 * What whoever the control API does not let in is told (RFC 6750 §3): of a token what its holder can see in it, and of what
 * is trusted here nothing.
 */

import type { Context } from 'hono'
import { errorResponse } from '../http/errors.ts'
import { RETRY_AFTER_SECONDS, TOKEN_CHARS_MAX } from '../limits.ts'
import type { ControlActionName } from './control-actions.ts'
import type { AccessRefusalReason, ControlEnv } from './control-access.ts'

/** What the host takes. */
export interface AcceptedCredentials {
  readonly secret: boolean
  /** The audience of tokens, where they are taken. */
  readonly audience: string | undefined
}

/** For what is no token: without an error in the challenge, as for whoever presents nothing. */
export function answerNoCredential(
  c: Context<ControlEnv>,
  accepted: AcceptedCredentials,
): Response {
  c.header('WWW-Authenticate', 'Bearer')
  return errorResponse(c, 401, 'invalid_token', wanted(accepted))
}

function wanted({ secret, audience }: AcceptedCredentials): string {
  if (audience === undefined) return 'the control API wants its secret as a bearer token'
  const token = 'a token that this installation trusts for control'
  return `the control API wants ${secret ? `its secret, or ${token},` : token} as a bearer token`
}

export function answerRefusedToken(
  c: Context<ControlEnv>,
  reason: AccessRefusalReason,
  audience: string,
): Response {
  const requestId = c.get('requestId')
  c.header('Signet-Request-Id', requestId)
  if (reason === 'key_set_unavailable') {
    c.header('Retry-After', String(RETRY_AFTER_SECONDS))
    return errorResponse(
      c,
      503,
      'temporarily_unavailable',
      `the keys that would verify the token cannot be had now: try again; the operator of this installation finds more under request id ${requestId}`,
    )
  }
  const description =
    visibleProblem(reason, audience) ??
    `the token is not accepted for control: the operator of this installation finds the reason under request id ${requestId}`
  return challenged(c, 401, 'invalid_token', description)
}

/** `action`: of the request, `undefined` where it is none. */
export function answerNotAllowed(
  c: Context<ControlEnv>,
  action: ControlActionName | undefined,
): Response {
  const what = action === undefined ? 'nothing at this path' : `no ${action} here`
  c.header('Signet-Request-Id', c.get('requestId'))
  return challenged(c, 403, 'insufficient_scope', `the token opens ${what}`)
}

/** `description`: of the characters that a quoted string of the challenge has. */
function challenged(
  c: Context<ControlEnv>,
  status: 401 | 403,
  error: string,
  description: string,
): Response {
  c.header('WWW-Authenticate', `Bearer error="${error}", error_description="${description}"`)
  return errorResponse(c, status, error, description)
}

/** Exhaustive: a new reason does not compile until it is decided whether its holder may know. */
function visibleProblem(reason: AccessRefusalReason, audience: string): string | undefined {
  switch (reason) {
    case 'subject_token_too_long':
      return `the token must have at most ${TOKEN_CHARS_MAX} characters, got more`
    case 'subject_token_malformed':
      return 'the token must be a signed JWT in compact form without duplicate members, got something else'
    case 'header_refused':
      return 'the header of the token must have a kid, and no crit, jku, jwk or x5u'
    case 'algorithm_refused':
      return 'the alg of the token is none that is verified here'
    case 'type_refused':
      return 'the typ of the token must be JWT or at+jwt, or left out'
    case 'claims_refused':
      return 'the token must have iss, sub, aud, iat and exp in their forms, and no huge or deep claims'
    case 'expired':
      return 'the token has expired: get a new one'
    case 'not_yet_valid':
      return 'the token is valid only later: set the clock of whoever issues it'
    case 'too_old':
      return 'the token was issued too long ago: get a new one'
    case 'audience_refused':
      return `the token must have one audience, and it is ${audience}: get one for that`
    case 'no_credential':
    case 'credential_unknown':
    case 'issuer_unknown':
    case 'key_unknown':
    case 'signature_wrong':
    case 'key_ambiguous':
    case 'own_key':
    case 'key_set_unavailable':
    case 'own_issuer':
    case 'condition_not_met':
    case 'expression_failed':
      return undefined
  }
}
