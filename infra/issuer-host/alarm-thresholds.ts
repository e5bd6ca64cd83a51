/**
 * When the alarms of an issuer host go off: each number with its unit and its default. Which are taken, `number-ranges.ts` says.
 */

export interface AlarmThresholds {
  /**
   * Minutes without a rotation of all issuers: twice `rotationMinutes` at least, and 1440 at most.
   * @default 60, four rotations
   */
  readonly rotationSilenceMinutes?: number | undefined
  /**
   * Reports in an hour of rings whose key signs on although its time is over. Each run reports each ring.
   * @default 1
   */
  readonly overdueRings?: number | undefined
  /**
   * Reports in an hour of issuers that have no key to sign with or to publish.
   * @default 1
   */
  readonly ringsWithoutKey?: number | undefined
  /**
   * Reports in an hour of next keys that are not made, seen or proved in time.
   * @default 1
   */
  readonly successorsNotSeen?: number | undefined
  /**
   * Runs of `rotate` in an hour that failed for some issuer or for all.
   * @default 2: the next run mends what passes
   */
  readonly failedRuns?: number | undefined
  /**
   * Answers 5xx of the public API in five minutes.
   * @default 5
   */
  readonly publicServerErrors?: number | undefined
  /**
   * Answers 5xx of the control API in five minutes.
   * @default 3
   */
  readonly controlServerErrors?: number | undefined
  /**
   * Invocations of `http`, or of `control`, in five minutes that ended without an answer of theirs.
   * @default 1
   */
  readonly crashes?: number | undefined
  /**
   * Attempts in five minutes that AWS KMS throttled, those that were tried again among them.
   * @default 3, all attempts of one call: a single one passes
   */
  readonly throttledKeyCalls?: number | undefined
  /**
   * Calls in five minutes that AWS KMS failed or refused.
   * @default 3
   */
  readonly failedKeyCalls?: number | undefined
  /**
   * Milliseconds within which 99 of 100 tokens are issued, over three times five minutes. With the verification of the subject
   * token, and so with the fetch of keys of others.
   * @default 2000
   */
  readonly tokenMilliseconds?: number | undefined
  /**
   * Milliseconds within which 99 of 100 tokens are signed, over three times five minutes: from the opening of the key, which a
   * new instance has to do first, to its signature.
   * @default 1000
   */
  readonly signMilliseconds?: number | undefined
  /**
   * Failures in five minutes to read or write documents or static copies.
   * @default 5
   */
  readonly storageFailures?: number | undefined
}

export const ALARM_DEFAULTS = {
  rotationSilenceMinutes: 60,
  overdueRings: 1,
  ringsWithoutKey: 1,
  successorsNotSeen: 1,
  failedRuns: 2,
  publicServerErrors: 5,
  controlServerErrors: 3,
  crashes: 1,
  throttledKeyCalls: 3,
  failedKeyCalls: 3,
  tokenMilliseconds: 2000,
  signMilliseconds: 1000,
  storageFailures: 5,
} as const satisfies { readonly [Name in keyof AlarmThresholds]-?: number }

export const ALARM_NAMES = Object.keys(ALARM_DEFAULTS) as (keyof AlarmThresholds)[]

export type AlarmLimits = Readonly<Record<keyof AlarmThresholds, number>>

/** What is given as undefined counts as not given. */
export function alarmLimits(given: AlarmThresholds): AlarmLimits {
  const known = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...ALARM_DEFAULTS, ...Object.fromEntries(known) }
}
