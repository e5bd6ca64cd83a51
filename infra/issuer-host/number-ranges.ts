/**
 * Which numbers an issuer host takes: one rule for the construct and for the settings of the app. Units are in the names.
 */

import type { LambdaName } from '../../functions/bundle.ts'
import type { AlarmThresholds } from './alarm-thresholds.ts'

export interface NumberRange {
  readonly min: number
  readonly max: number
}

/** What AWS takes; quotas of an account are lower, and are raised by AWS. */
export const MEMORY_MB: NumberRange = { min: 128, max: 10_240 }
export const CONCURRENCY: NumberRange = { min: 1, max: 100_000 }
/** Of API Gateway, for requests a second and for requests at once. */
export const THROTTLE_REQUESTS: NumberRange = { min: 1, max: 100_000 }
export const NONCURRENT_DAYS: NumberRange = { min: 1, max: 36_500 }
/** Two rotations a minute apart are the least; CloudWatch has no period that is longer than a day. */
const ROTATION_SILENCE_MINUTES: NumberRange = { min: 2, max: 1440 }
const ALARM_THRESHOLD: NumberRange = { min: 1, max: 1_000_000 }

export function alarmRange(name: keyof AlarmThresholds): NumberRange {
  return name === 'rotationSilenceMinutes' ? ROTATION_SILENCE_MINUTES : ALARM_THRESHOLD
}

/** Alarms, and whoever waits for a static copy to go, count on two an hour. */
export const ROTATION_MINUTES: NumberRange = { min: 1, max: 30 }

/**
 * Of what is asked over HTTP, API Gateway waits for no answer longer; Lambda runs for no longer than 15 minutes, and no rotation
 * of all issuers ends within seconds.
 */
export const TIMEOUT_SECONDS = {
  http: { min: 1, max: 29 },
  control: { min: 1, max: 29 },
  rotate: { min: 60, max: 900 },
} as const satisfies Readonly<Record<LambdaName, NumberRange>>
