/**
 * A token verified as a relying party does: from the issuer's public URL alone (OpenID Connect Discovery 1.0 §4).
 *
 * Discovery document → JWK Set → signature → `iss`, `aud`, `exp`. Knows nothing of the host but its URL.
 */

import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { identifierProblem, isLoopbackUrl } from '../../issuers/issuer-identifier.ts'
import { failureReason, readJson, stringMember } from '../bounded-response.ts'
import { CliError, EXIT } from '../exit.ts'

const TIMEOUT_MS = 5000
const DOCUMENT_BYTES_MAX = 262_144

export interface VerifiedIssuer {
  readonly issuer: string
  readonly discovery: string
  readonly jwksUri: string
}

/** Why a relying party does not take a token. */
export class TokenRefusal extends CliError {
  constructor(why: string, cause?: unknown) {
    super(EXIT.refused, `a relying party refuses the token: ${why}`, { cause })
  }
}

/** `audience`: not checked when `undefined`. Rejects with a `TokenRefusal` that says which step refused. */
export async function verifyAsRelyingParty(
  token: string,
  issuer: string,
  audience: string | undefined,
): Promise<VerifiedIssuer> {
  const problem = identifierProblem('its iss', issuer)
  if (problem !== undefined) throw new TokenRefusal(problem)
  const discovery = `${issuer}/.well-known/openid-configuration`
  const document = await fetchJson(discovery)
  if (stringMember(document, 'issuer') !== issuer) {
    throw new TokenRefusal(`${discovery} names another issuer than the token does`)
  }
  const jwksUri = stringMember(document, 'jwks_uri')
  if (jwksUri === undefined || !mayServe(jwksUri, issuer)) {
    throw new TokenRefusal(`${discovery} names no https jwks_uri`)
  }
  const keySet = await fetchJson(jwksUri)
  try {
    await jwtVerify(token, createLocalJWKSet(keySet as JSONWebKeySet), {
      issuer,
      ...(audience === undefined ? {} : { audience }),
      requiredClaims: ['sub', 'aud', 'exp', 'iat'],
    })
  } catch (cause) {
    throw new TokenRefusal(
      cause instanceof errors.JOSEError ? cause.message : 'it cannot be verified',
      cause,
    )
  }
  return { issuer, discovery, jwksUri }
}

/** https, or the origin of a local issuer: a document from elsewhere must not make us call services of this machine. */
function mayServe(jwksUri: string, issuer: string): boolean {
  const [url, its] = [URL.parse(jwksUri), URL.parse(issuer)]
  if (url?.protocol === 'https:') return true
  return its !== null && isLoopbackUrl(its) && url?.origin === its.origin
}

async function fetchJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new TokenRefusal(`${url} answers with status ${response.status}`)
    }
    const document = await readJson(response, DOCUMENT_BYTES_MAX)
    if (document !== undefined) return document
  } catch (cause) {
    if (cause instanceof TokenRefusal) throw cause
    throw new TokenRefusal(`${url} does not answer (${failureReason(cause)})`, cause)
  }
  throw new TokenRefusal(`${url} does not answer with JSON of at most ${DOCUMENT_BYTES_MAX} bytes`)
}
