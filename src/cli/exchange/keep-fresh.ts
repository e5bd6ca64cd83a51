/**
 * A token file kept fresh: exchange, write, wait, again, until it is told to stop.
 *
 * Whatever fails leaves the old file as it is and is tried again, since all of it can be mended from outside: the host comes
 * back, the policy is changed, the subject token is renewed. Time, chance and the outside are ports.
 */

import { CliError } from '../exit.ts'
import { formatDuration } from '../moments.ts'
import type { ExchangedToken } from './exchanged-token.ts'
import { RENEWAL_PAUSE_SECONDS_MIN, renewalDelay, retryDelay } from './renewal.ts'

/** How long a sleep may be: what happened meanwhile to the clock or to the subject token is seen after it. */
export const POLL_SECONDS = 10

export interface WatchPorts {
  /** Seconds since any moment; never goes back. */
  readonly now: () => number
  /** Resolves at once when `signal` is aborted. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>
  /** From 0 up to 1. */
  readonly random: () => number
  /** Whether there is a file to keep fresh already. Never rejects. */
  readonly isThere: () => Promise<boolean>
  /** Differs once somebody has changed the subject token. Never rejects. */
  readonly version: () => Promise<string>
  /** These three reject with a `CliError`. */
  readonly read: () => Promise<string>
  readonly exchange: (subjectToken: string, signal: AbortSignal) => Promise<ExchangedToken>
  readonly write: (token: string) => Promise<void>
  /** A line for people. */
  readonly say: (line: string) => void
}

/** `file`: its name, for people. Resolves once `signal` is aborted. Rejects for what is a mistake of Signet's own. */
export async function keepFresh(
  ports: WatchPorts,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const { now, random, version, say } = ports
  const expiry = expiryNotice(ports, file)
  let failures = 0
  while (!signal.aborted) {
    const startedAt = now()
    // Before the token is read: a change in between is seen as one.
    const versionRead = await version()
    const round = await exchangeOnce(ports, signal)
    if (signal.aborted) return
    if (round instanceof CliError) {
      failures += 1
      const delay = retryDelay(round, failures, random())
      const left = (await ports.isThere()) ? `${file} stays as it is` : `there is no ${file} yet`
      say(`signet: ${round.message}; ${left}, tried again in ${formatDuration(Math.ceil(delay))}`)
      expiry.tellIfOver()
      await pause(ports, now() + delay, signal, async () => {
        expiry.tellIfOver()
        return (await version()) !== versionRead
      })
    } else {
      failures = 0
      expiry.expect(startedAt + round.expiresIn)
      const delay = renewalDelay(round.expiresIn, random())
      say(`${writtenSentence(round, file)}; the next one in ${formatDuration(Math.round(delay))}.`)
      const earliest = now() + RENEWAL_PAUSE_SECONDS_MIN
      await pause(ports, Math.max(startedAt + delay, earliest), signal, async () => false)
    }
  }
}

/** Tells once that the token which was written last is over, and nothing of a token that was there before. */
function expiryNotice({ now, say }: WatchPorts, file: string) {
  let expiresAt = Number.POSITIVE_INFINITY
  return {
    expect: (moment: number): void => {
      expiresAt = moment
    },
    tellIfOver: (): void => {
      if (now() < expiresAt) return
      expiresAt = Number.POSITIVE_INFINITY
      say(
        `signet: the token in ${file} has expired and there is no new one: whoever uses it is refused until an exchange succeeds`,
      )
    },
  }
}

/** Without a full stop. */
export function writtenSentence({ iss, sub, expiresIn }: ExchangedToken, file: string): string {
  return `Token of ${iss} for ${sub} written to ${file}, expires in ${formatDuration(expiresIn)}`
}

/** What comes after it was told to stop is not written. */
async function exchangeOnce(
  { read, exchange, write }: WatchPorts,
  signal: AbortSignal,
): Promise<ExchangedToken | CliError> {
  try {
    const issued = await exchange(await read(), signal)
    if (!signal.aborted) await write(issued.token)
    return issued
  } catch (error) {
    if (error instanceof CliError) return error
    throw error
  }
}

/** Resolves at that moment, or once `isOver` says so after a sleep, or the signal is aborted. */
async function pause(
  { now, sleep }: WatchPorts,
  until: number,
  signal: AbortSignal,
  isOver: () => Promise<boolean>,
): Promise<void> {
  while (!signal.aborted) {
    const rest = until - now()
    if (rest <= 0) return
    await sleep(Math.min(rest, POLL_SECONDS), signal)
    if (await isOver()) return
  }
}
