/**
 * The claims set of a token (RFC 7519 §4), decided before anything is signed.
 *
 * One audience and no `azp`: with several, or with an `azp` that differs, AWS refuses the token. Integer times.
 */

import { TOKEN_BACKDATE_SECONDS } from '../limits.ts'
import {
  type ServiceAccount,
  serviceAccountClaim,
  serviceAccountSubject,
} from './service-account.ts'

export type ExtraClaims = Readonly<Record<string, unknown>>

/** Who the token speaks of: a plain subject, or a Kubernetes service account. */
export type TokenSubject =
  | { readonly type: 'plain'; readonly subject: string }
  | { readonly type: 'service_account'; readonly serviceAccount: ServiceAccount }

export interface TokenRequest {
  readonly subject: TokenSubject
  readonly audience: string
  readonly ttlSeconds: number
  readonly claims: ExtraClaims
}

/** Set by the issuer alone; `azp` is never issued. */
export const REGISTERED_CLAIMS: readonly string[] = [
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'azp',
  'kubernetes.io',
]

export const CLAIMS_SUPPORTED: readonly string[] = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'kubernetes.io',
]

export interface ClaimsSet {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly iat: number
  readonly nbf: number
  readonly exp: number
  readonly jti: string
  readonly [claim: string]: unknown
}

export function subjectOf(subject: TokenSubject): string {
  return subject.type === 'plain' ? subject.subject : serviceAccountSubject(subject.serviceAccount)
}

/** `jti`: a fresh UUID, as Kubernetes has it. */
export function buildClaims(
  issuer: string,
  { subject, audience, ttlSeconds, claims }: TokenRequest,
  jti: string,
  now: number,
): ClaimsSet {
  const iat = now - TOKEN_BACKDATE_SECONDS
  const aud = subject.type === 'plain' ? audience : [audience]
  return {
    ...withoutRegistered(claims),
    iss: issuer,
    sub: subjectOf(subject),
    aud,
    iat,
    nbf: iat,
    exp: iat + ttlSeconds,
    jti,
    ...(subject.type === 'plain'
      ? {}
      : { 'kubernetes.io': serviceAccountClaim(subject.serviceAccount) }),
  }
}

/** Whatever a caller checked before: what only the issuer may say, only the issuer says. */
function withoutRegistered(claims: ExtraClaims): ExtraClaims {
  const entries = Object.entries(claims).filter(([name]) => !REGISTERED_CLAIMS.includes(name))
  return Object.fromEntries(entries)
}
