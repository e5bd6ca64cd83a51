/**
 * The keys of a ring as people read them.
 */

import { printable } from '../../printable.ts'
import type { IssuerAnswer, KeyAnswer, KeysAnswer } from '../host/answers.ts'
import { type TargetOptions, targetWords } from '../host/target.ts'
import { formatDistance, formatMoment } from '../moments.ts'
import { data, note, table } from '../output.ts'
import { terminalWidth, wantsAscii } from '../terminal.ts'
import { ringTimeline } from './key-timeline.ts'
import { dueAt, leftoverSentences, ringHeader } from './ring-text.ts'

type OwnKey = Extract<KeyAnswer, { readonly origin: 'own' }>

type Ring = KeysAnswer | IssuerAnswer

/** The keys, or how it gets one. `options`: of the command that asked, so that the next one can be pasted. */
export function printKeys(
  { id, keys, policy }: Pick<Ring, 'id' | 'keys' | 'policy'>,
  options: TargetOptions,
  now: number,
): void {
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

/** The whole ring: how it is, its keys, where they are in their lives, and what else it remembers. */
export function printRing(ring: KeysAnswer, options: TargetOptions, now: number): void {
  const { keys } = ring
  if (keys.length > 0) {
    for (const line of ringHeader(ring, now)) data(printable(line))
    data('')
  }
  printKeys(ring, options, now)
  if (keys.length > 0) {
    const canvas = { width: terminalWidth(), ascii: wantsAscii(process.env) }
    data(`\n${ringTimeline(keys, { now, dueAt: dueAt(ring) }, canvas).join('\n')}`)
  }
  for (const sentence of leftoverSentences(ring, targetWords(options), now)) note(sentence)
}

/** What a rotation decides of a key has a column where some key has it. */
export function keyTable(keys: readonly KeyAnswer[], now: number): string {
  const columns = COLUMNS.filter(
    ({ ofSome }) => ofSome === undefined || keys.some((key) => key.origin === 'own' && ofSome(key)),
  )
  return table(
    columns.map(({ title }) => title),
    keys.map((key) => columns.map(({ cell }) => cell(key, now))),
  )
}

interface Column {
  readonly title: string
  readonly cell: (key: KeyAnswer, now: number) => string
  /** Whether a key has it, for a column that is not always there. */
  readonly ofSome?: (key: OwnKey) => boolean
}

const COLUMNS: readonly Column[] = [
  { title: 'KID', cell: ({ kid }) => kid },
  { title: 'ALG', cell: ({ alg }) => alg },
  { title: 'CUSTODY', cell: (key) => (key.origin === 'own' ? key.custody : 'its cluster') },
  { title: 'STATUS', cell: ({ status }) => status },
  { title: 'PUBLISHED', cell: publication },
  {
    title: 'FIRST SEEN',
    cell: (key, now) => (key.origin === 'own' ? firstSeen(key, now) : ''),
    ofSome: ({ firstSeenAt }) => firstSeenAt !== undefined,
  },
  {
    title: 'SIGNS FROM',
    cell: (key, now) => (key.origin === 'own' ? signsFrom(key, now) : 'never here'),
  },
  {
    title: 'NEXT',
    cell: (key, now) => (key.origin === 'own' ? nextOfKey(key, now) : ''),
    ofSome: (key) => key.status !== 'active' || key.supersededAt !== undefined,
  },
]

function publication(key: KeyAnswer, now: number): string {
  if (key.origin === 'adopted' && key.withdrawal !== undefined) {
    return `until ${formatMoment(key.withdrawal.publishedUntil, now)}`
  }
  return formatMoment(key.publishedAt, now)
}

/** The first key of an issuer is not looked for: nobody knows the issuer before it. */
function firstSeen({ firstSeenAt, activatesAt }: OwnKey, now: number): string {
  if (firstSeenAt === undefined && activatesAt === undefined) return 'not yet'
  return shownMoment(firstSeenAt, now)
}

function signsFrom({ publishedAt, activatesAt }: OwnKey, now: number): string {
  if (activatesAt === undefined) return 'not decided'
  // The first key's moment lies a clock skew in the past; nobody saw it sign before it was there.
  return formatMoment(Math.max(activatesAt, publishedAt), now)
}

/** What comes next in its life, or what ended it. */
function nextOfKey(key: OwnKey, now: number): string {
  const { status, firstSeenAt, activatesAt, supersededAt, retiresAt, revokedAt } = key
  const about = (what: string, moment: number | undefined, format = formatDistance): string =>
    moment === undefined ? '' : `${what} ${format(moment, now)}`
  if (revokedAt !== undefined) return about('revoked', revokedAt, formatMoment)
  if (status === 'active') return about('hands over', supersededAt)
  if (status === 'retiring') return about('leaves', retiresAt, formatMoment)
  if (status !== 'pending') return about('left', retiresAt)
  if (activatesAt !== undefined) return about('signs', activatesAt)
  return firstSeenAt === undefined ? 'to be seen' : 'to be seen again'
}

function shownMoment(moment: number | undefined, now: number): string {
  return moment === undefined ? '' : formatMoment(moment, now)
}
