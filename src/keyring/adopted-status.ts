/**
 * The status of an adopted key, derived. An adopted key is published or was; it never signs here.
 */

import type { PublicAdoptedKey } from '../issuers/key-record.ts'

/** `withdrawn`: no longer in the cluster's set, and still published. */
export type AdoptedKeyStatus = 'adopted' | 'withdrawn' | 'retired'

export function adoptedKeyStatus({ withdrawal }: PublicAdoptedKey, now: number): AdoptedKeyStatus {
  if (withdrawal === undefined) return 'adopted'
  return now < withdrawal.publishedUntil ? 'withdrawn' : 'retired'
}

export function isPublishedAdoptedKey(key: PublicAdoptedKey, now: number): boolean {
  return adoptedKeyStatus(key, now) !== 'retired'
}
