/**
 * What says whose a key is, where AWS KMS keeps or protects it: the tags of a key, and the encryption context of a wrapped
 * one. Both are in clear in CloudTrail.
 */

import type { KeyBinding } from '../../signers/key-manager.ts'

export function keyTags(
  deployment: string,
  { issuerId, slot }: KeyBinding,
): Readonly<Record<string, string>> {
  return { 'signet:deployment': deployment, 'signet:issuer': issuerId, 'signet:slot': slot }
}
