/**
 * The timeline of a ring: where each key is in its life, as far as its moments are known.
 */

import { printable } from '../../printable.ts'
import type { KeyAnswer } from '../host/answers.ts'
import { type Axis, type Canvas, type Stretch, timeline } from '../timeline.ts'

const LABEL_CHARS = 10

/** Of the axis: what comes after the last moment that is known, so that a key that signs on is seen to. */
const MARGIN = 0.05

/** What both a key of a ring and one of a simulation have. */
export interface KeyLife {
  readonly publishedAt: number
  readonly activatesAt?: number | undefined
  readonly supersededAt?: number | undefined
  readonly retiresAt?: number | undefined
  readonly revokedAt?: number | undefined
}

/** `dueAt`: when the next hand-over is due, which belongs on the axis. */
export function ringTimeline(
  keys: readonly KeyAnswer[],
  { now, dueAt }: { readonly now: number; readonly dueAt: number | undefined },
  canvas: Canvas,
): string[] {
  const rows = keys.map((key) => ({
    label: shortKid(key.kid),
    stretches: key.origin === 'own' ? lifeOf(key) : adoptedLife(key),
  }))
  const moments = [
    ...rows.flatMap(({ stretches }) => stretches.flatMap(({ from, until }) => [from, until])),
    dueAt ?? now,
    now,
  ].filter(Number.isFinite)
  const from = Math.min(...moments)
  const last = Math.max(...moments)
  const axis: Axis = { from, until: Math.ceil(last + MARGIN * (last - from)), now }
  return timeline(rows, axis, canvas)
}

/** Published, signing, published on; a revocation ends all of it. */
export function lifeOf(key: KeyLife): Stretch[] {
  const { publishedAt, activatesAt = Infinity, supersededAt = Infinity, revokedAt = Infinity } = key
  const retiresAt = Math.min(key.retiresAt ?? Infinity, revokedAt)
  const signsFrom = Math.min(Math.max(activatesAt, publishedAt), retiresAt)
  const signsUntil = Math.min(supersededAt, retiresAt)
  const stretches: Stretch[] = [
    { from: publishedAt, until: signsFrom, phase: 'published' },
    { from: signsFrom, until: signsUntil, phase: 'signs' },
    { from: signsUntil, until: retiresAt, phase: 'retiring' },
  ]
  return stretches.filter(({ from, until }) => from < until)
}

function adoptedLife({
  publishedAt,
  withdrawal,
}: Extract<KeyAnswer, { readonly origin: 'adopted' }>): Stretch[] {
  return [{ from: publishedAt, until: withdrawal?.publishedUntil ?? Infinity, phase: 'published' }]
}

/** Enough to find the key in the table. */
export function shortKid(kid: string): string {
  const text = printable(kid)
  return text.length <= LABEL_CHARS ? text : `${text.slice(0, LABEL_CHARS - 2)}..`
}
