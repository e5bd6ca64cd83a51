/**
 * Who may use the control API: the holder of the control secret (RFC 6750 §2.1).
 *
 * Only the SHA-256 of the secret is configured. Without one there is no control API: 404.
 */

import type { MiddlewareHandler } from 'hono'
import { type Bytes, utf8 } from '../crypto/base64url.ts'
import { equalInConstantTime, sha256 } from '../crypto/digest.ts'
import { answerNotFound, errorResponse } from '../http/errors.ts'

export function bearerGuard(secretDigest: Bytes | undefined): MiddlewareHandler {
  return async function controlBearerGuard(c, next) {
    if (secretDigest === undefined) return answerNotFound(c)
    const [, presented] = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '') ?? []
    if (presented !== undefined) {
      const digest = await sha256(utf8(presented))
      if (equalInConstantTime(digest, secretDigest)) return next()
    }
    c.header('WWW-Authenticate', 'Bearer')
    return errorResponse(
      c,
      401,
      'invalid_token',
      'the control API wants its secret as a bearer token',
    )
  }
}
