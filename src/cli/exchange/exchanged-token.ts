/**
 * An issued token, out of what a token endpoint answered (RFC 8693 §2.2.1): read, not verified.
 */

import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as z from 'zod/mini'
import { tokenTypeOfUri } from '../../exchange/token-types.ts'
import { TOKEN_CHARS_MAX } from '../../limits.ts'

const answer = z.object({
  access_token: z.string().check(z.maxLength(TOKEN_CHARS_MAX), z.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)),
  issued_token_type: z.string().check(z.refine((uri) => tokenTypeOfUri(uri) !== undefined)),
  // Of any other type it could not be used by whoever merely holds it (RFC 6749 §7.1).
  token_type: z.string().check(z.regex(/^(?:bearer|n_a)$/i)),
  expires_in: z.int().check(z.positive()),
})

const header = z.object({ kid: z.string(), alg: z.string() })

const claims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.int(),
  jti: z.optional(z.string()),
})

export interface ExchangedToken extends z.infer<typeof header>, z.infer<typeof claims> {
  readonly token: string
  readonly issuedTokenType: string
  readonly tokenType: string
  /** Seconds, as the host counts them: unlike `exp` they need no clock that agrees with its own. */
  readonly expiresIn: number
}

/** `undefined` for what is no such answer, or holds no JWT. */
export function exchangedTokenOf(json: unknown): ExchangedToken | undefined {
  const parsed = answer.safeParse(json)
  if (!parsed.success) return undefined
  const { access_token: token, issued_token_type, token_type, expires_in } = parsed.data
  try {
    return {
      token,
      expiresIn: expires_in,
      issuedTokenType: issued_token_type,
      tokenType: token_type,
      ...header.parse(decodeProtectedHeader(token)),
      ...claims.parse(decodeJwt(token)),
    }
  } catch {
    return undefined
  }
}
