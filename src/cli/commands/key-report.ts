/**
 * The keys of a ring as people read them.
 */

import { firstFew } from '../../printable.ts'
import type { IssuerAnswer, KeyAnswer, KeysAnswer } from '../host/answers.ts'
import { type TargetOptions, targetWords } from '../host/target.ts'
import { formatMoment } from '../moments.ts'
import { data, note, table } from '../output.ts'

type OwnKey = Extract<KeyAnswer, { readonly origin: 'own' }>
type AdoptedKey = Extract<KeyAnswer, { readonly origin: 'adopted' }>

type Ring = Pick<KeysAnswer, 'id' | 'keys'> & Partial<Pick<IssuerAnswer, 'policy'>>

/** `options`: of the command that asked, so that the next one can be pasted. */
export function printKeys({ id, keys, policy }: Ring, options: TargetOptions, now: number): void {
  if (keys.length > 0) return data(keyTable(keys, now))
  if (policy !== undefined && policy.custody !== 'none') {
    return note(
      `It has no key yet, so nothing of it is served: npx signet issuer update ${id} --reseal${targetWords(options)}`,
    )
  }
  note(
    `It publishes no key yet: kubectl get --raw /openid/v1/jwks | npx signet keys adopt ${id} -${targetWords(options)}`,
  )
}

export function keyTable(keys: readonly KeyAnswer[], now: number): string {
  return table(
    ['KID', 'ALG', 'CUSTODY', 'STATUS', 'PUBLISHED', 'SIGNS FROM'],
    keys.map((key) => [
      key.kid,
      key.alg,
      key.origin === 'own' ? key.custody : 'its cluster',
      key.status,
      publication(key, now),
      key.origin === 'own' ? signsFrom(key, now) : 'never here',
    ]),
  )
}

function publication(key: KeyAnswer, now: number): string {
  if (key.origin === 'adopted' && key.withdrawal !== undefined) {
    return `until ${formatMoment(key.withdrawal.publishedUntil, now)}`
  }
  return formatMoment(key.publishedAt, now)
}

function signsFrom({ publishedAt, activatesAt }: OwnKey, now: number): string {
  if (activatesAt === undefined) return 'not decided'
  // The first key's moment lies a clock skew in the past; nobody saw it sign before it was there.
  return formatMoment(Math.max(activatesAt, publishedAt), now)
}

/** What an adoption did, in sentences. `before`: at the revision that it was decided on. */
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
