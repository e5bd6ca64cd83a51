/**
 * What says whose a key is, where AWS KMS keeps or protects it: the tags of a key, and the encryption context of a wrapped
 * one. Both are in clear in CloudTrail.
 */

import type { KeyBinding } from '../../signers/key-manager.ts'

const DEPLOYMENT = 'signet:deployment'
const ISSUER = 'signet:issuer'
const SLOT = 'signet:slot'

export function keyTags(
  deployment: string,
  { issuerId, slot }: KeyBinding,
): Readonly<Record<string, string>> {
  return { [DEPLOYMENT]: deployment, [ISSUER]: issuerId, [SLOT]: slot }
}

/** Where the key with these tags belongs; `undefined` for one that is not of this installation. */
export function placeOfTags(
  deployment: string,
  tags: Readonly<Record<string, string>>,
): Omit<KeyBinding, 'alg'> | undefined {
  const { [DEPLOYMENT]: its, [ISSUER]: issuerId, [SLOT]: slot } = tags
  if (its !== deployment) return undefined
  return issuerId === undefined || slot === undefined ? undefined : { issuerId, slot }
}
