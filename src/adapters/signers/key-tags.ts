/**
 * What says whose a key is, where AWS KMS keeps or protects it: the tags of a key, and the encryption context of a wrapped
 * one. Both are in clear in CloudTrail.
 */

import type { KeyBinding } from '../../signers/key-manager.ts'

export const DEPLOYMENT_TAG = 'signet:deployment'
const ISSUER_TAG = 'signet:issuer'
const SLOT_TAG = 'signet:slot'

/** Every tag of a key: it gets no other. */
export const KEY_TAGS: readonly string[] = [DEPLOYMENT_TAG, ISSUER_TAG, SLOT_TAG]

export function keyTags(
  deployment: string,
  { issuerId, slot }: KeyBinding,
): Readonly<Record<string, string>> {
  return { [DEPLOYMENT_TAG]: deployment, [ISSUER_TAG]: issuerId, [SLOT_TAG]: slot }
}

/** Where the key with these tags belongs; `undefined` for one that is not of this installation. */
export function placeOfTags(
  deployment: string,
  tags: Readonly<Record<string, string>>,
): Omit<KeyBinding, 'alg'> | undefined {
  const { [DEPLOYMENT_TAG]: its, [ISSUER_TAG]: issuerId, [SLOT_TAG]: slot } = tags
  if (its !== deployment) return undefined
  return issuerId === undefined || slot === undefined ? undefined : { issuerId, slot }
}
