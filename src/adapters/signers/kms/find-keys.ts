/**
 * Finds keys of custody `kms` by their tags, in a region of an account that has other people's keys as well.
 *
 * KMS does not search by tag: the tags of every key are asked for, which takes a call each.
 */

import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../../crypto/algorithms.ts'
import { Fault } from '../../../errors.ts'
import type { FoundKey } from '../../../signers/key-manager.ts'
import type { Kms } from '../../aws/kms.ts'
import { KmsError, type KmsErrorCode } from '../../aws/kms-api.ts'
import { askingKmsForAll } from '../../aws/kms-faults.ts'
import { placeOfTags } from '../key-tags.ts'
import { KMS_ALGORITHMS } from './kms-algorithms.ts'

export interface TaggedKey extends Omit<FoundKey, 'keyRef'> {
  readonly arn: string
}

type Lookups = Pick<Kms, 'listKeys' | 'listResourceTags' | 'describeKey'>

/** A page has 1,000 keys: these take some minutes, and no function has many of them. */
export const KEY_PAGES_MAX = 20
/** Far below the quota of KMS, which is for all of the account; a Worker has six connections at once. */
const KEYS_AT_ONCE = 4

const FAILED = 'the keys of this installation could not be searched for'

/**
 * Those of `deployment` and of one of `slots`. Ends with the page on which every slot has a key that is not about to be
 * deleted. Rejects with the faults of keys. A key that is gone is none, nor is one whose tags may not be read, unless there
 * is no other.
 */
export async function findKeys(
  kms: Lookups,
  deployment: string,
  slots: ReadonlySet<string>,
): Promise<TaggedKey[]> {
  if (slots.size === 0) return []
  const found: TaggedKey[] = []
  const seen = { readable: 0, denied: 0 }

  async function look(keyId: string): Promise<void> {
    const tags = await kms.listResourceTags(keyId).catch(codeOf('denied', 'not_found'))
    if (tags === 'denied') seen.denied += 1
    if (typeof tags === 'string') return
    seen.readable += 1
    const place = placeOfTags(deployment, tags)
    if (place === undefined || !slots.has(place.slot)) return
    const key = await kms.describeKey(keyId).catch(codeOf('not_found'))
    const alg = typeof key === 'string' ? undefined : algorithmOf(key.keySpec)
    if (typeof key === 'string' || alg === undefined) return
    const { arn, createdAt, state } = key
    found.push({ binding: { ...place, alg }, arn, createdAt, state })
  }

  return askingKmsForAll(FAILED, async () => {
    let marker: string | undefined
    for (let page = 1; page <= KEY_PAGES_MAX; page++) {
      const { keyIds, next } = await kms.listKeys(marker)
      for (let start = 0; start < keyIds.length; start += KEYS_AT_ONCE) {
        await Promise.all(keyIds.slice(start, start + KEYS_AT_ONCE).map(look))
      }
      if (next === undefined || haveKeys(slots, found)) return readable(found, seen)
      marker = next
    }
    throw new Fault(
      'key_service_refused',
      `${FAILED}: AWS KMS has more than ${KEY_PAGES_MAX} pages of keys in this region: give Signet an account of its own`,
    )
  })
}

function haveKeys(slots: ReadonlySet<string>, found: readonly TaggedKey[]): boolean {
  // One that was given up may have a successor in its slot.
  const kept = found.filter(({ state }) => state !== 'pending_deletion')
  return new Set(kept.map(({ binding }) => binding.slot)).size === slots.size
}

/** Other people's keys have policies of their own; but who may read no tags at all finds nothing, and that would look like nothing there. */
function readable(
  found: TaggedKey[],
  seen: { readonly readable: number; readonly denied: number },
): TaggedKey[] {
  if (seen.denied === 0 || seen.readable > 0) return found
  throw new Fault(
    'key_service_refused',
    `${FAILED}: AWS KMS lets this host read the tags of no key: allow it kms:ListResourceTags`,
  )
}

/** In place of an answer, the code of an error that is to be expected. */
function codeOf<Code extends KmsErrorCode>(...expected: readonly Code[]): (error: unknown) => Code {
  return (error) => {
    const code =
      error instanceof KmsError ? expected.find((each) => each === error.code) : undefined
    if (code === undefined) throw error
    return code
  }
}

function algorithmOf(keySpec: string): SigningAlgorithm | undefined {
  return SIGNING_ALGORITHMS.find((alg) => KMS_ALGORITHMS[alg].keySpec === keySpec)
}
