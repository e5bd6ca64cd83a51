/**
 * What a key has to be like, as conditions of IAM policies: this deployment's, and one that signs.
 *
 * A tag counts some minutes after it was written (KMS: up to five), so nothing that is asked of a key right after it was made
 * goes by its tags.
 */

import { DEPLOYMENT_TAG, KEY_TAGS } from '../../signers/key-tags.ts'
import { KMS_ALGORITHMS } from '../../signers/kms/kms-algorithms.ts'
import type { Place } from './place.ts'

const ALGORITHMS = Object.values(KMS_ALGORITHMS)
export const KEY_SPECS: readonly string[] = ALGORITHMS.map(({ keySpec }) => keySpec)
const SIGNING_ALGORITHMS: readonly string[] = ALGORITHMS.map((each) => each.signingAlgorithm)

type Tests = Readonly<Record<string, string | readonly string[]>>

/** Of a key that is there: it has this deployment's tag. */
export function hasTagOf({ deployment }: Place): Tests {
  return { [`aws:ResourceTag/${DEPLOYMENT_TAG}`]: deployment }
}

/** Of a request that tags: it gives this deployment's tag. */
export function givesTagOf({ deployment }: Place): Tests {
  return { [`aws:RequestTag/${DEPLOYMENT_TAG}`]: deployment }
}

/** Of a request that tags, for `ForAllValues`: it gives no tag but ours. */
export const GIVES_NO_OTHER_TAG: Tests = { 'aws:TagKeys': KEY_TAGS }

/** Of a key, and of a request for one: it signs, and is of a kind that is made here. What encrypts data is none. */
export const IS_SIGNING_KEY: Tests = { 'kms:KeyUsage': 'SIGN_VERIFY', 'kms:KeySpec': KEY_SPECS }

/** Of a request to sign: a digest, by an algorithm of tokens. */
export const SIGNS_AS_TOKENS_DO: Tests = {
  'kms:MessageType': 'DIGEST',
  'kms:SigningAlgorithm': SIGNING_ALGORITHMS,
}

/** Of a request to wrap or unwrap: the key is this deployment's. */
export function isWrappedFor({ deployment }: Place): Tests {
  return { [`kms:EncryptionContext:${DEPLOYMENT_TAG}`]: deployment }
}
