/**
 * What settings of an issuer host must be to each other: one rule for the construct and for the settings of the app.
 */

import { shown } from '../../src/printable.ts'
import { ALARM_DEFAULTS } from './alarm-thresholds.ts'
import { ISSUER_HOST_DEFAULTS } from './issuer-host-props.ts'

/** What is undefined is not given, or not known yet. */
export interface RelatedSettings {
  readonly wrappedKeys?: boolean | undefined
  readonly defaultCustody?: string | undefined
  readonly bucketNames?:
    | { readonly documents?: string | undefined; readonly staticCopies?: string | undefined }
    | undefined
  readonly rotationMinutes?: number | undefined
  readonly rotationSilenceMinutes?: number | undefined
}

/** A sentence for each pair that does not go together. */
export function relationProblems(settings: RelatedSettings): string[] {
  return [
    ...custodyProblems(settings),
    ...bucketNameProblems(settings),
    ...rotationSilenceProblems(settings),
  ]
}

function custodyProblems({ wrappedKeys, defaultCustody }: RelatedSettings): string[] {
  if (wrappedKeys !== false || defaultCustody !== 'kms-wrapped') return []
  return [
    'defaultCustody must be "kms" where wrappedKeys is false, got "kms-wrapped": change one of the two',
  ]
}

function bucketNameProblems({ bucketNames }: RelatedSettings): string[] {
  const { documents, staticCopies } = bucketNames ?? {}
  if (documents === undefined || documents !== staticCopies) return []
  return [
    `bucketNames must name two buckets, got ${shown(documents)} for both: the CDN may read all of one and nothing of the other`,
  ]
}

function rotationSilenceProblems({
  rotationMinutes = ISSUER_HOST_DEFAULTS.rotationMinutes,
  rotationSilenceMinutes = ALARM_DEFAULTS.rotationSilenceMinutes,
}: RelatedSettings): string[] {
  const least = 2 * rotationMinutes
  if (rotationSilenceMinutes >= least) return []
  return [
    `alarmThresholds.rotationSilenceMinutes must be at least ${least}, twice rotationMinutes, got ${rotationSilenceMinutes}: between two rotations that are well there would be an alarm`,
  ]
}
