/**
 * AWS KMS as key managers use it, over either transport: a few attempts of each call, all within one deadline.
 */

import { endsWithin, timerDeadline, type Deadline } from '../../deadline.ts'
import type { Log } from '../../log.ts'
import { KmsError, type KmsApi, type KmsErrorCode } from './kms-api.ts'
import type { Kms } from './kms.ts'

export interface RetryingKmsOptions {
  /** Ends a call. @default a timer */
  readonly deadline?: Deadline
  /** Passes between two attempts. @default a timer */
  readonly pause?: Deadline
  /** From 0 to 1, for the length of a pause. @default `Math.random` */
  readonly random?: () => number
  /** Hears of what KMS did not do at once, as `key_service_retried`. @default nobody does */
  readonly log?: Log | undefined
}

/** For all attempts of a call: relying parties wait for a token, and AWS for a document five seconds at most. */
export const KMS_CALL_MS_MAX = 4000
/** The longest pause after the first attempt; it doubles with each. Quotas of KMS are by the second. */
const PAUSE_MS_MAX = 250

interface Retries {
  readonly of: readonly KmsErrorCode[]
  readonly attemptsMax: number
}

/** What was throttled was not done. Of what was not answered nobody knows, but doing it twice comes to the same. */
const REPEATABLE: Retries = { of: ['throttled', 'unavailable'], attemptsMax: 3 }
/** An answer may be lost after the key was made, and then a second one would be made, to be paid for and never used. */
const NOT_REPEATABLE: Retries = { of: ['throttled'], attemptsMax: 3 }
/** A key is not known everywhere at once: it may not be found for some seconds after it was made. */
const JUST_MADE: Retries = { of: [...REPEATABLE.of, 'not_found'], attemptsMax: 5 }
/** Of a key that was just made; nobody is warned of it. */
const EXPECTED: KmsErrorCode = 'not_found'

/** A call that its deadline ended rejects as `unavailable`; then its request is aborted. */
export function retryingKms(api: KmsApi, options: RetryingKmsOptions = {}): Kms {
  const { deadline = timerDeadline, pause = timerDeadline, random = Math.random, log } = options

  async function attempts<Result>(
    attempt: (signal: AbortSignal) => Promise<Result>,
    retries: Retries,
    signal: AbortSignal,
  ): Promise<Result> {
    for (let attempted = 1; ; attempted++) {
      try {
        return await attempt(signal)
      } catch (error) {
        const again = error instanceof KmsError && retries.of.includes(error.code)
        if (!again || attempted === retries.attemptsMax || signal.aborted) throw error
        if (error.code !== EXPECTED) log?.('warn', 'key_service_retried', { code: error.code })
        // Full jitter: hosts that were throttled together do not come back together.
        await pause(random() * PAUSE_MS_MAX * 2 ** (attempted - 1), signal)
        if (signal.aborted) throw error
      }
    }
  }

  async function call<Result>(
    attempt: (signal: AbortSignal) => Promise<Result>,
    retries = REPEATABLE,
  ): Promise<Result> {
    const passed = new AbortController()
    const work = attempts(attempt, retries, passed.signal)
    if (await endsWithin(KMS_CALL_MS_MAX, work, deadline)) return work
    passed.abort()
    throw new KmsError('unavailable', 'TimeoutError')
  }

  return {
    createKey: (request) => call((signal) => api.createKey(request, signal), NOT_REPEATABLE),
    getPublicKey: (keyId) => call((signal) => api.getPublicKey(keyId, signal), JUST_MADE),
    sign: (request) => call((signal) => api.sign(request, signal)),
    disableKey: (keyId) => call((signal) => api.disableKey(keyId, signal)),
    scheduleKeyDeletion: (keyId, windowDays) =>
      call((signal) => api.scheduleKeyDeletion(keyId, windowDays, signal)),
    cancelKeyDeletion: (keyId) => call((signal) => api.cancelKeyDeletion(keyId, signal)),
    listKeys: (marker) => call((signal) => api.listKeys(marker, signal)),
    listResourceTags: (keyId) => call((signal) => api.listResourceTags(keyId, signal)),
    describeKey: (keyId) => call((signal) => api.describeKey(keyId, signal)),
    generateDataKeyPair: (request) => call((signal) => api.generateDataKeyPair(request, signal)),
    decrypt: (request) => call((signal) => api.decrypt(request, signal)),
  }
}
