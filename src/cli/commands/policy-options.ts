/**
 * The durations of a policy as options, with the bounds that the host has too.
 */

import { type Command, Option } from 'commander'
import { DURATION_SETTINGS, type DurationSetting } from '../../issuers/policy.ts'
import { usageError } from '../exit.ts'
import { formatDuration, parseDuration } from '../moments.ts'
import { once } from '../options.ts'

const FLAGS = {
  rotationPeriodSeconds: ['--rotation-period', 'how long a key signs'],
  propagationDelaySeconds: ['--propagation-delay', 'from publication to first signature'],
  tokenTtlMaxSeconds: ['--token-ttl-max', 'longest lifetime of a token'],
  jwksMaxAgeSeconds: ['--jwks-max-age', 'how long the documents may be cached'],
} as const satisfies Record<DurationSetting, readonly [string, string]>

export const DURATION_FLAGS = Object.values(FLAGS).map(([flag]) => flag)

/** Values by setting, under commander's names for the flags. */
export interface DurationOptions {
  readonly rotationPeriod?: number
  readonly propagationDelay?: number
  readonly tokenTtlMax?: number
  readonly jwksMaxAge?: number
}

/** `withDefaults`: where a setting that is left out takes its default, rather than staying as it is. */
export function addDurationOptions(command: Command, withDefaults: boolean): Command {
  for (const [setting, [flag, what]] of Object.entries(FLAGS)) {
    const bounds = DURATION_SETTINGS[setting as DurationSetting]
    const suffix = withDefaults ? ` (default: ${formatDuration(bounds.default)})` : ''
    command.addOption(
      new Option(`${flag} <duration>`, `${what}${suffix}`).argParser(
        once(flag, (text) => parseBounded(flag, text, bounds)),
      ),
    )
  }
  return command
}

function parseBounded(
  flag: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const seconds = parseDuration(text)
  if (seconds >= min && seconds <= max) return seconds
  throw usageError(
    `${flag} must be from ${formatDuration(min)} to ${formatDuration(max)}, got ${text}`,
  )
}

/** The flags that were given. */
export function givenFlags(options: DurationOptions): string[] {
  return Object.keys(durationsOf(options)).map((setting) => FLAGS[setting as DurationSetting][0])
}

export function durationsOf(options: DurationOptions): Partial<Record<DurationSetting, number>> {
  const { rotationPeriod, propagationDelay, tokenTtlMax, jwksMaxAge } = options
  return {
    ...(rotationPeriod === undefined ? {} : { rotationPeriodSeconds: rotationPeriod }),
    ...(propagationDelay === undefined ? {} : { propagationDelaySeconds: propagationDelay }),
    ...(tokenTtlMax === undefined ? {} : { tokenTtlMaxSeconds: tokenTtlMax }),
    ...(jwksMaxAge === undefined ? {} : { jwksMaxAgeSeconds: jwksMaxAge }),
  }
}
