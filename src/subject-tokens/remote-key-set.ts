/**
 * What is known of one remote key set, and what follows from it at a moment: whether it may be used, whether it is to be
 * fetched. No I/O, no clock.
 */

import {
  KEY_SET_COOLDOWN_SECONDS,
  KEY_SET_REFETCH_SECONDS,
  KEY_SET_STALE_SECONDS,
} from '../limits.ts'
import type { FetchedKeySet, KeySetFailure } from './fetch-key-set.ts'
import type { KeySetAnswer } from './key-sets.ts'
import type { VerificationKey } from './verification-key.ts'

export interface KnownKeySet extends KeySetHistory {
  /** Of the last fetch that brought some; `undefined` too once they made room for others. */
  readonly kept: KeptKeys | undefined
}

export interface KeySetHistory {
  /** When the last fetch began. */
  readonly begunAt: number | undefined
  /** When keys came last. */
  readonly cameAt: number | undefined
  /** The last fetch that ended, if it brought nothing. */
  readonly failure: PastFailure | undefined
}

export interface KeptKeys {
  readonly keys: readonly VerificationKey[]
  readonly freshUntil: number
}

interface PastFailure {
  readonly at: number
  readonly message: string
}

export const NO_HISTORY: KeySetHistory = {
  begunAt: undefined,
  cameAt: undefined,
  failure: undefined,
}

/** The keys, where they may be used without asking anybody. */
export function freshKeysWith(
  { kept }: KnownKeySet,
  kid: string,
  now: number,
): readonly VerificationKey[] | undefined {
  return kept !== undefined && now < kept.freshUntil && hasKid(kept.keys, kid)
    ? kept.keys
    : undefined
}

/** Whether there is an answer with `kid` to go on with, should the issuer take its time. */
export function isUsableWith(known: KnownKeySet, kid: string, now: number): boolean {
  const usable = usableKeys(known, now)
  return usable !== undefined && hasKid(usable, kid)
}

/** Whether an issuer may be asked, of which `freshKeysWith` gave nothing. */
export function isFetchDue({ kept, begunAt, cameAt, failure }: KnownKeySet, now: number): boolean {
  if (isWithin(KEY_SET_COOLDOWN_SECONDS, failure?.at, now)) return false
  if (kept === undefined) return !isWithin(KEY_SET_REFETCH_SECONDS, cameAt, now)
  // Fresh keys and an unknown `kid`: a fetch that began and never ended counts too, or whoever hangs up could have us
  // fetch as often as he likes. Without fresh keys all tokens wait for the next one, which is then not put off.
  return now >= kept.freshUntil || !isWithin(KEY_SET_COOLDOWN_SECONDS, begunAt, now)
}

export function withFetchBegun(known: KnownKeySet, now: number): KnownKeySet {
  return { ...known, begunAt: now }
}

/** `before`: what was known when this fetch began. It is no news where another one has brought keys since. */
export function withFetchEnded(
  known: KnownKeySet,
  fetched: FetchedKeySet | KeySetFailure,
  before: KnownKeySet,
  now: number,
): KnownKeySet {
  if (known.kept !== undefined && known.kept !== before.kept) return known
  if (fetched.ok) {
    const { keys, ageSeconds } = fetched
    return {
      ...known,
      kept: { keys, freshUntil: now + ageSeconds },
      cameAt: now,
      failure: undefined,
    }
  }
  const { problem, message } = fetched
  // An issuer that publishes no usable key has withdrawn those that it had.
  const kept = problem === 'no_usable_key' ? undefined : known.kept
  return { ...known, kept, failure: { at: now, message } }
}

/** What is answered once no fetch is due or to be waited for. */
export function answerFrom(known: KnownKeySet, kid: string, now: number): KeySetAnswer | undefined {
  const { failure } = known
  const usable = usableKeys(known, now)
  // Whether the issuer has this key is not known as long as it cannot be asked.
  if (usable !== undefined && (failure === undefined || hasKid(usable, kid))) {
    return { ok: true, keys: usable }
  }
  return failure && { ok: false, message: failure.message }
}

function usableKeys({ kept }: KnownKeySet, now: number): readonly VerificationKey[] | undefined {
  return kept !== undefined && now < kept.freshUntil + KEY_SET_STALE_SECONDS ? kept.keys : undefined
}

function hasKid(keys: readonly VerificationKey[], kid: string): boolean {
  return keys.some((key) => key.kid === kid)
}

function isWithin(seconds: number, at: number | undefined, now: number): boolean {
  return at !== undefined && now < at + seconds
}
