/**
 * What verifying a subject token takes and gives. Done in `verify-subject-token.ts`.
 */

import type { JsonObject } from '../json.ts'
import type { KeepAlive } from '../reading/storage-flights.ts'
import type { SubjectRefusal } from './subject-refusal.ts'
import type { VerificationKey } from './verification-key.ts'
import type { VerificationSource } from './verification-source.ts'

export interface SubjectExpectations<S extends VerificationSource> {
  /** Whom this host trusts for it; the key that verifies selects one of them. */
  readonly sources: readonly S[]
  /** The audiences that a token may have, of which it has exactly one. */
  readonly audiences: readonly string[]
  /** `access_token` has its own `typ` (RFC 9068 §2.1). */
  readonly type: SubjectTokenType
  /** Keys that the issuer has adopted and publishes now. Where there are any, no other key set is trusted. */
  readonly adopted: readonly VerificationKey[]
  /** Fingerprints of the issuer's own keys, those of former times too: they never verify a subject token. */
  readonly own: ReadonlySet<string>
  /** Of the request: has the runtime finish a fetch of keys that others wait for too. */
  readonly keepAlive?: KeepAlive | undefined
}

export type SubjectTokenType = 'jwt' | 'id_token' | 'access_token'

export interface VerifiedSubject<S extends VerificationSource> {
  readonly source: S
  readonly claims: JsonObject
  readonly subject: string
  readonly audience: string
  readonly expiresAt: number
  readonly jti: string | undefined
  readonly kid: string
}

export type SubjectVerification<S extends VerificationSource> =
  | { readonly ok: true; readonly verified: VerifiedSubject<S> }
  | { readonly ok: false; readonly refusal: SubjectRefusal }

export interface SubjectVerifier {
  /** Never rejects for what a token or its issuer is like. `now`: Unix seconds. */
  verify<S extends VerificationSource>(
    token: string,
    expected: SubjectExpectations<S>,
    now: number,
  ): Promise<SubjectVerification<S>>
}
