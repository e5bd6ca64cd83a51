/**
 * The methods of the token endpoint, and who may ask it at all.
 */

import type { Context } from 'hono'
import type { AskedIssuer } from './asked-issuer.ts'
import { answerDeleted } from './deleted-answer.ts'
import { answerMethodNotAllowed, answerNotFound } from './errors.ts'
import { answerPreflight } from './preflight.ts'
import type { TokenEndpoint } from './token-endpoint.ts'

export interface TokenRoute {
  readonly endpoint: TokenEndpoint
  /** Answers whoever may not ask here, `foreignAnswers` of `local-only.ts`. Default: everyone may. */
  readonly answerForeign?: ((c: Context) => Response | undefined) | undefined
}

const METHODS = 'POST, OPTIONS'

export async function answerToken(
  c: Context,
  { endpoint, answerForeign }: TokenRoute,
  issuer: AskedIssuer,
): Promise<Response> {
  const foreign = answerForeign?.(c)
  if (foreign !== undefined) return foreign
  if (c.req.method === 'POST') return endpoint.answer(c, issuer)
  const known = await issuer.read()
  // One that only publishes has no such endpoint, and its discovery document names none.
  if (known === undefined || (known.kind === 'issuer' && known.policy.custody === 'none')) {
    return answerNotFound(c)
  }
  if (known.kind === 'tombstone') return answerDeleted(c)
  if (c.req.method !== 'OPTIONS') return answerMethodNotAllowed(c, METHODS)
  return answerPreflight(c, { allow: METHODS, methods: 'POST', headers: 'Content-Type' })
}
