/**
 * An observation as a job that runs elsewhere sends it: the version and the JWK Set, as they were fetched.
 *
 * Without a moment: whose clock that would be nobody knows, so the host that is told takes its own.
 */

import * as z from 'zod/mini'
import { isJsonObject, type JsonObject } from '../json.ts'
import { type Observation, OBSERVED_KEYS_MAX } from './observation.ts'
import { observedKeys } from './observed-keys.ts'

const versionMessage =
  'must be the Signet-Ring-Version that came with the JWK Set, a whole number of at least 1'
const keysMessage = `must be a list of at most ${OBSERVED_KEYS_MAX} JWKs`

/** Members of a JWK that nobody knows are left out later, as relying parties do (RFC 7517 §4). */
const jwk = z.custom<JsonObject>(isJsonObject, 'must be a JWK, which is a JSON object')

export const observationForm = z.strictObject(
  {
    ringVersion: z.int(versionMessage).check(z.positive(versionMessage)),
    jwks: z.strictObject(
      { keys: z.array(jwk, keysMessage).check(z.maxLength(OBSERVED_KEYS_MAX, keysMessage)) },
      { error: objectError('known is keys') },
    ),
  },
  { error: objectError('known are ringVersion, jwks') },
)
export type ObservationForm = z.infer<typeof observationForm>

/** `now`: of the host that is told. */
export function observationOf({ ringVersion, jwks }: ObservationForm, now: number): Observation {
  return { at: now, ringVersion, keys: observedKeys(jwks.keys) }
}

/** What is sent of an observation. */
export function formOf({ ringVersion, keys }: Observation): ObservationForm {
  return {
    ringVersion,
    jwks: { keys: keys.map(({ kid, alg, publicJwk }) => ({ ...publicJwk, kid, alg })) },
  }
}

function objectError(known: string): (issue: { readonly code: string }) => string {
  return ({ code }) => (code === 'unrecognized_keys' ? known : 'must be a JSON object')
}
