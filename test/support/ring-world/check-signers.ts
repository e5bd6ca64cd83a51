/**
 * Who signs: at every moment one key, which all hosts agree on, and none that has stopped.
 */

import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { activeKey } from '../../../src/keyring/key-status.ts'
import { CLOCK_SKEW_SECONDS, SIGNER_STALENESS_SECONDS } from '../../../src/limits.ts'
import { type Reign, reignsOf, SKEW, stretches } from './signing-times.ts'
import type { Timeline } from './timeline.ts'

/** By the true clock. */
export function* oneSigner(timeline: Timeline): Iterable<string> {
  const began: string[] = []
  const all = reignsOf(timeline).flatMap(({ document, from, until }) =>
    stretches(document, Math.floor(from), until).map((stretch) => ({ ...stretch, document })),
  )
  for (const { kid, from, document } of all) {
    if (kid === undefined) {
      const isMissing = began.length > 0 && !isWaiting(document, from)
      if (isMissing) yield `(1) no key signs at ${from}`
    } else if (kid !== began.at(-1)) {
      if (began.includes(kid)) yield `(1) a superseded key signs again at ${from}`
      began.push(kid)
    }
  }
}

/** It has no key of its own any more, or the last one that signed was revoked. */
function isWaiting({ policy, ring }: IssuerDocument, now: number): boolean {
  if (policy.custody === 'none') return true
  const begun = ring.keys.filter(({ activatesAt = Infinity }) => activatesAt <= now)
  const last = begun.toSorted((a, b) => (a.activatesAt ?? 0) - (b.activatesAt ?? 0)).at(-1)
  return last?.revokedAt !== undefined
}

/** Hosts with copies and clocks as different as they may be, around each write. */
export function* agreement(timeline: Timeline): Iterable<string> {
  const reigns = reignsOf(timeline)
  for (const [index, after] of reigns.entries()) {
    const before = reigns[index - 1]
    if (before === undefined) continue
    const stale = Math.min(SIGNER_STALENESS_SECONDS, after.until - after.from)
    for (const age of [0, stale]) {
      const time = after.from + age
      const disagreeing = CLOCKS.find(
        ([a, b]) => !isAgreed(before, after, { time, old: time + a, fresh: time + b }),
      )
      if (disagreeing !== undefined) yield `(4) hosts disagree on the signer at ${time}`
    }
  }
}

const CLOCKS = [
  [-SKEW, SKEW],
  [SKEW, -SKEW],
] as const

function isAgreed(
  before: Reign,
  after: Reign,
  at: { readonly time: number; readonly old: number; readonly fresh: number },
): boolean {
  const old = activeKey(before.document.ring.keys, Math.floor(at.old))
  const fresh = activeKey(after.document.ring.keys, Math.floor(at.fresh))
  // Who has none yet signs nothing.
  if (old === undefined || old.kid === fresh?.kid) return true
  const tolerance = SIGNER_STALENESS_SECONDS + CLOCK_SKEW_SECONDS
  // Of a hand-over that both know, or of a revocation.
  const known = after.document.ring.keys.filter(({ kid, activatesAt }) =>
    before.document.ring.keys.some((key) => key.kid === kid && key.activatesAt === activatesAt),
  )
  const moments = [
    ...known.flatMap(({ activatesAt }) => activatesAt ?? []),
    ...after.document.ring.keys.flatMap(({ revokedAt }) => revokedAt ?? []),
  ]
  return moments.some((moment) => Math.abs(moment - at.time) <= tolerance)
}

/** A moment changes only while every host can still hear of it before the old and the new one. */
export function* notice(timeline: Timeline): Iterable<string> {
  const reigns = reignsOf(timeline)
  for (const [index, after] of reigns.entries()) {
    const before = reigns[index - 1]
    if (before === undefined || after.by === 'revoke') continue
    yield* changedMoments(before.document, after)
  }
}

function* changedMoments(before: IssuerDocument, { document, from }: Reign): Iterable<string> {
  const earliest = from + SIGNER_STALENESS_SECONDS + CLOCK_SKEW_SECONDS
  for (const old of before.ring.keys) {
    const key = document.ring.keys.find(({ kid }) => kid === old.kid)
    const isUsed = old.revokedAt === undefined || old.revokedAt > (old.activatesAt ?? Infinity)
    if (key?.activatesAt === old.activatesAt || !isUsed) continue
    if (old.activatesAt !== undefined && old.activatesAt < earliest) {
      // A superseded key is forgotten: its moment does not change who signs.
      const isPast = activeKey(before.ring.keys, from)?.kid !== old.kid && old.activatesAt <= from
      if (key !== undefined || !isPast) yield `(notice) a near hand-over is changed at ${from}`
    }
    if (key?.activatesAt !== undefined && key.activatesAt < earliest) {
      yield `(notice) a hand-over is moved too near at ${from}`
    }
  }
}
