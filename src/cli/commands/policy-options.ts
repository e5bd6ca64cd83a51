/**
 * A policy as options, with the bounds that the host has too.
 */

import { type Command, Option } from 'commander'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../crypto/algorithms.ts'
import { DEFAULT_POLICY, DURATION_SETTINGS, type DurationSetting } from '../../issuers/policy.ts'
import { KEY_CUSTODIES, type KeyCustody } from '../../signers/key-manager.ts'
import { usageError } from '../exit.ts'
import type { PolicyChange } from '../host/control-client.ts'
import { formatDuration, parseDuration } from '../moments.ts'
import { once } from '../options.ts'

const DURATIONS = {
  rotationPeriodSeconds: ['--rotation-period', 'how long a key signs'],
  propagationDelaySeconds: ['--propagation-delay', 'from publication to first signature'],
  tokenTtlMaxSeconds: ['--token-ttl-max', 'longest lifetime of a token'],
  jwksMaxAgeSeconds: ['--jwks-max-age', 'how long the documents may be cached'],
} as const satisfies Record<DurationSetting, readonly [string, string]>

const FLAGS: Readonly<Record<keyof PolicyChange, string>> = {
  algorithm: '--algorithm',
  custody: '--custody',
  rotationPeriodSeconds: DURATIONS.rotationPeriodSeconds[0],
  propagationDelaySeconds: DURATIONS.propagationDelaySeconds[0],
  tokenTtlMaxSeconds: DURATIONS.tokenTtlMaxSeconds[0],
  jwksMaxAgeSeconds: DURATIONS.jwksMaxAgeSeconds[0],
}

export const POLICY_FLAGS = Object.values(FLAGS)

/** Values by setting, under commander's names for the flags. */
export interface PolicyOptions {
  readonly algorithm?: SigningAlgorithm
  readonly custody?: KeyCustody
  readonly rotationPeriod?: number
  readonly propagationDelay?: number
  readonly tokenTtlMax?: number
  readonly jwksMaxAge?: number
}

/** `create`: a setting that is left out takes its default. `update`: it stays as it is. */
export function addPolicyOptions(command: Command, purpose: 'create' | 'update'): Command {
  const suffix = (usual: string): string => (purpose === 'create' ? ` (default: ${usual})` : '')
  command
    .option(
      '--algorithm <alg>',
      `of its keys: ${SIGNING_ALGORITHMS.join(' or ')}${suffix(DEFAULT_POLICY.algorithm)}`,
      once('--algorithm', parseAlgorithm),
    )
    .option(
      '--custody <custody>',
      `where its private keys live: ${KEY_CUSTODIES.join(', ')}, of those that the host has${suffix("the host's")}`,
      once('--custody', (text) => parseCustody(text, purpose)),
    )
  for (const [setting, [flag, what]] of Object.entries(DURATIONS)) {
    const bounds = DURATION_SETTINGS[setting as DurationSetting]
    command.addOption(
      new Option(
        `${flag} <duration>`,
        `${what}${suffix(formatDuration(bounds.default))}`,
      ).argParser(once(flag, (text) => parseBounded(flag, text, bounds))),
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

function parseCustody(text: string, purpose: 'create' | 'update'): KeyCustody {
  const known = KEY_CUSTODIES.find((custody) => custody === text)
  if (known !== undefined) return known
  const hint = purpose === 'create' ? ': for none of these give --publish-only' : ''
  throw usageError(
    `--custody must be one of ${KEY_CUSTODIES.join(', ')}, got ${JSON.stringify(text)}${hint}`,
  )
}

function parseAlgorithm(text: string): SigningAlgorithm {
  const known = SIGNING_ALGORITHMS.find((algorithm) => algorithm === text)
  if (known !== undefined) return known
  throw usageError(
    `--algorithm must be one of ${SIGNING_ALGORITHMS.join(', ')}, got ${JSON.stringify(text)}`,
  )
}

/** The flags that were given. */
export function givenFlags(options: PolicyOptions): string[] {
  return Object.keys(policyOf(options)).map((setting) => FLAGS[setting as keyof PolicyChange])
}

/** What is named, by setting. */
export function policyOf(options: PolicyOptions): PolicyChange {
  const { algorithm, custody } = options
  const { rotationPeriod, propagationDelay, tokenTtlMax, jwksMaxAge } = options
  return {
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(custody === undefined ? {} : { custody }),
    ...(rotationPeriod === undefined ? {} : { rotationPeriodSeconds: rotationPeriod }),
    ...(propagationDelay === undefined ? {} : { propagationDelaySeconds: propagationDelay }),
    ...(tokenTtlMax === undefined ? {} : { tokenTtlMaxSeconds: tokenTtlMax }),
    ...(jwksMaxAge === undefined ? {} : { jwksMaxAgeSeconds: jwksMaxAge }),
  }
}
