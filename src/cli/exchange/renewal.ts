/**
 * When a token that is kept fresh is exchanged for the next one: after success and after failure. Pure.
 *
 * Every wait is spread at random, so that a fleet that was started at one moment does not come back at one moment.
 */

import type { CliError } from '../exit.ts'
import { ExchangeFailure } from './exchange-failure.ts'

/** At 80 % of its life a fifth of it is left for failures; up to a twentieth earlier, never later. */
const RENEWAL = { share: 0.8, spread: 0.05 } as const
/** Between two exchanges, however short the life of a token and however long they take. */
export const RENEWAL_PAUSE_SECONDS_MIN = 5

const BACKOFF_SECONDS = { first: 1, max: 60 } as const
/** More than that no host is believed. */
const RETRY_AFTER_SECONDS_MAX = 600

/** From the start of an exchange to that of the next. `random`: from 0 up to 1. */
export function renewalDelay(lifeSeconds: number, random: number): number {
  return Math.max(
    RENEWAL_PAUSE_SECONDS_MIN,
    lifeSeconds * (RENEWAL.share - RENEWAL.spread * random),
  )
}

/** `failures`: in a row, with this one. What others have to mend first waits the longest from the beginning. */
export function retryDelay(failure: CliError, failures: number, random: number): number {
  const isFinal = failure instanceof ExchangeFailure && failure.isFinal
  const doubled = BACKOFF_SECONDS.first * 2 ** (failures - 1)
  const longest = isFinal ? BACKOFF_SECONDS.max : Math.min(doubled, BACKOFF_SECONDS.max)
  const asked = failure instanceof ExchangeFailure ? failure.retryAfterSeconds : 0
  return Math.max(longest * (1 - random / 2), Math.min(asked, RETRY_AFTER_SECONDS_MAX))
}
