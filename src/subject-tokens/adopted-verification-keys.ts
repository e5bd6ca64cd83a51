/**
 * The keys that an issuer has adopted, as those that verify subject tokens: what it publishes, it stands by.
 */

import type { KeyRing } from '../issuers/issuer-document.ts'
import { isPublishedAdoptedKey } from '../keyring/adopted-status.ts'
import type { VerificationKey } from './verification-key.ts'

/** Those in the JWK Set at `now`, withdrawn ones that are still published among them. */
export function adoptedVerificationKeys(
  { adopted }: Pick<KeyRing, 'adopted'>,
  now: number,
): VerificationKey[] {
  return adopted
    .filter((key) => isPublishedAdoptedKey(key, now))
    .map(({ kid, fingerprint, publicJwk, alg }) => ({
      kid,
      fingerprint,
      publicJwk,
      algorithms: [alg],
    }))
}
