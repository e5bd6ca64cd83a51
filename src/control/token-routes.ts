/**
 * The route by which an operator mints tokens. Owner-equivalent: whoever may call it can be any subject of the issuer.
 */

import { type App, newApp } from '../http/new-app.ts'
import { answerMethodNotAllowed } from '../http/errors.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { mintedTtlMaxSeconds } from '../issuers/policy-in-force.ts'
import { TOKEN_TTL_DEFAULT_SECONDS } from '../limits.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import type { TokenRequest } from '../tokens/claims.ts'
import { withFreshDocument } from '../tokens/fresh-document.ts'
import { mintToken } from '../tokens/mint.ts'
import { loadIssuer } from './change-issuer.ts'
import type { OperationDeps } from './control-deps.ts'
import { reply, replyRefused } from './replies.ts'
import { readBody } from './request-body.ts'
import { type MintBody, mintBody } from './schemas.ts'
import { type MintedTokenView, mintedTokenView } from './views.ts'

export function tokenRoutes(deps: OperationDeps): App {
  const app = newApp()

  async function mint(document: IssuerDocument, body: MintBody): Promise<Outcome<MintedTokenView>> {
    const request = tokenRequest(document, body)
    if (!request.ok) return request
    const now = deps.clock.now()
    const minted = await mintToken(document, request.value, deps.keyManagers, now)
    return minted.ok ? accepted(mintedTokenView(minted.value, now)) : minted
  }

  app.post('/issuers/:id/tokens', async (c) => {
    const body = await readBody(c, mintBody)
    if (!body.ok) return replyRefused(c, body.refusal)
    const id = c.req.param('id')
    const outcome = await withFreshDocument(
      async () => {
        const found = await loadIssuer(deps, id)
        return found.ok ? accepted(found.value.stored) : found
      },
      (document) => mint(document, body.value),
    )
    return outcome.ok ? reply(c, 201, outcome.value) : replyRefused(c, outcome.refusal)
  })
  app.all('/issuers/:id/tokens', (c) => answerMethodNotAllowed(c, 'POST'))
  return app
}

function tokenRequest(issuer: IssuerDocument, body: MintBody): Outcome<TokenRequest> {
  const { subject, serviceAccount, audience, ttlSeconds, claims = {} } = body
  if ((subject === undefined) === (serviceAccount === undefined)) {
    return refused(
      'invalid_request',
      `the body must have either subject or serviceAccount, got ${subject === undefined ? 'neither' : 'both'}`,
    )
  }
  return accepted({
    subject:
      serviceAccount === undefined
        ? { type: 'plain', subject: subject ?? '' }
        : { type: 'service_account', serviceAccount },
    audience,
    ttlSeconds: ttlSeconds ?? Math.min(TOKEN_TTL_DEFAULT_SECONDS, mintedTtlMaxSeconds(issuer)),
    claims,
  })
}
