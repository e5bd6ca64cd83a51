/**
 * Who may use the control API: the holder of the control secret (RFC 6750 §2.1), and whoever has a token that the deployment
 * trusts for control, within what its grant opens.
 *
 * Only the SHA-256 of the secret is configured, and either may be switched off. Without both there is no control API: 404.
 */

import type { MiddlewareHandler } from 'hono'
import { tokenSha256 } from '../audit/token-sha256.ts'
import { type Bytes, utf8 } from '../crypto/base64url.ts'
import { equalInConstantTime, sha256 } from '../crypto/digest.ts'
import { answerNotFound } from '../http/errors.ts'
import type { KeepAlive } from '../reading/storage-flights.ts'
import { controlActionOf } from './action-of-request.ts'
import type { ControlAccess, ControlEnv } from './control-access.ts'
import { isAllowed } from './control-grant.ts'
import type { ControlTokens } from './control-tokens.ts'
import { answerNoCredential, answerNotAllowed, answerRefusedToken } from './refused-caller.ts'

export interface ControlGuardOptions {
  /** SHA-256 of the control secret; without it no secret opens anything. */
  readonly secretDigest: Bytes | undefined
  /** Without it no token opens anything. */
  readonly tokens: ControlTokens | undefined
}

export function controlGuard(options: ControlGuardOptions): MiddlewareHandler<ControlEnv> {
  const { secretDigest, tokens } = options
  const accepted = { secret: secretDigest !== undefined, audience: tokens?.audience }
  return async function controlBearerGuard(c, next) {
    if (secretDigest === undefined && tokens === undefined) return answerNotFound(c)
    // Also where nobody comes to know who it was.
    c.set('access', {})
    const access = await accessOf(c.req.header('Authorization') ?? '', options, c.env?.keepAlive)
    c.set('access', access)
    const { principal, token, refusal } = access
    if (principal === undefined) {
      return token === undefined || tokens === undefined
        ? answerNoCredential(c, accepted)
        : answerRefusedToken(c, refusal?.reason ?? 'credential_unknown', tokens.audience)
    }
    if (principal.kind === 'token') {
      const requested = controlActionOf(c.req.method, c.req.path)
      if (!isAllowed(principal.allows, requested)) {
        return answerNotAllowed(c, requested?.action)
      }
    }
    return next()
  }
}

/** For a host to which AWS IAM has let through whoever calls. */
export const iamGuard: MiddlewareHandler<ControlEnv> = async (c, next) => {
  c.set('access', { principal: { kind: 'iam' } })
  return next()
}

async function accessOf(
  authorization: string,
  { secretDigest, tokens }: ControlGuardOptions,
  keepAlive: KeepAlive | undefined,
): Promise<ControlAccess> {
  const [, presented] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  if (presented === undefined) return { refusal: { reason: 'no_credential' } }
  if (
    secretDigest !== undefined &&
    equalInConstantTime(await sha256(utf8(presented)), secretDigest)
  ) {
    return { principal: { kind: 'secret' } }
  }
  if (tokens === undefined || presented.split('.').length !== 3) {
    return { refusal: { reason: 'credential_unknown' } }
  }
  return tokens.judge(presented, await tokenSha256(presented), keepAlive)
}
