/**
 * What an adoption did, in sentences.
 */

import { firstFew } from '../../printable.ts'
import type { KeyAnswer, KeysAnswer } from '../host/answers.ts'
import { formatMoment } from '../moments.ts'

type AdoptedKey = Extract<KeyAnswer, { readonly origin: 'adopted' }>

/** `before`: at the revision that it was decided on. */
export function adoptionReport(before: KeysAnswer, after: KeysAnswer, now: number): string[] {
  const was = adoptedByKid(before)
  const is = adoptedByKid(after)
  const inSet = [...is.values()].filter(({ status }) => status === 'adopted')
  if (before.revision === after.revision) {
    return [`Nothing to change: ${after.id} publishes this set already (${keyCount(inSet)}).`]
  }
  const added = inSet.filter(({ kid }) => !was.has(kid))
  const kept = inSet.filter(({ kid }) => was.get(kid)?.status === 'adopted')
  const counts = [
    [added.length, 'new'],
    [inSet.length - added.length - kept.length, 'back in the set'],
    [kept.length, 'as before'],
  ] as const
  const set = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ')
  return [
    set === ''
      ? `Adopted for ${after.id}: an empty set.`
      : `Adopted for ${after.id}: ${keyCount(inSet)} (${set}).`,
    ...withdrawnSentences(was, is, now),
    ...droppedSentences(was, is),
  ]
}

/** Whatever this adoption ended, be it a key that was withdrawn before and now leaves earlier. */
function* withdrawnSentences(was: Keys, is: Keys, now: number): Iterable<string> {
  const withdrawn = [...is.values()].filter(({ kid, withdrawal }) => {
    const { publishedUntil } = was.get(kid)?.withdrawal ?? {}
    return withdrawal !== undefined && withdrawal.publishedUntil !== publishedUntil
  })
  const [until] = withdrawn.map(({ withdrawal }) => withdrawal?.publishedUntil)
  if (until === undefined) return
  yield `Withdrawn, since not in the set: ${kids(withdrawn)}; published until ${formatMoment(until, now)}.`
}

function* droppedSentences(was: Keys, is: Keys): Iterable<string> {
  const dropped = [...was.values()].filter(
    ({ kid, status }) => status !== 'retired' && !is.has(kid),
  )
  if (dropped.length > 0) yield `Dropped, published no longer: ${kids(dropped)}.`
}

type Keys = ReadonlyMap<string, AdoptedKey>

function adoptedByKid({ keys }: KeysAnswer): Keys {
  return new Map(keys.flatMap((key) => (key.origin === 'adopted' ? [[key.kid, key]] : [])))
}

function keyCount({ length }: readonly unknown[]): string {
  return length === 1 ? '1 key' : `${length} keys`
}

function kids(keys: readonly AdoptedKey[]): string {
  return firstFew(
    keys.map(({ kid }) => kid),
    ', ',
  )
}
