/**
 * Settings of AWS KMS: which custodies a host has of it, and with whose permissions.
 *
 * A problem never repeats a value: it may hold an account, a key or a secret.
 */

import { isUnset, textOf } from '../../config/setting.ts'
import { parseEndpoint } from './aws-endpoint.ts'
import { type CredentialSettings, credentialsOf } from './credential-settings.ts'
import type { AwsCredentials } from './signed-post.ts'

/** Unchecked settings, by name. */
export interface KmsSettings {
  readonly KMS_SIGNERS?: unknown
  readonly KMS_WRAPPING_KEY?: unknown
}

export interface KmsCustodySettings {
  /** ARNs of the IAM principals that may sign with keys that are made here; `undefined` where custody `kms` is not set up. */
  readonly signers: readonly [string, ...string[]] | undefined
  /** The symmetric key that wraps; `undefined` where custody `kms-wrapped` is not set up. */
  readonly wrappingKey: string | undefined
}

const SIGNER = /^arn:(aws[a-z-]*):iam::(\d{12}):(?:role|user)\/[\w+=,.@/-]{1,512}$/
const WRAPPING_KEY =
  /^(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[\w/-]{1,256}|alias\/(?!aws\/)[\w/-]{1,250}|(?:mrk-)?[0-9a-f-]{32,36})$/
export const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/

export function parseKmsCustodies(settings: KmsSettings, problems: string[]): KmsCustodySettings {
  return {
    signers: parseSigners(settings.KMS_SIGNERS, problems),
    wrappingKey: parseWrappingKey(settings.KMS_WRAPPING_KEY, problems),
  }
}

function parseSigners(value: unknown, problems: string[]): KmsCustodySettings['signers'] {
  if (isUnset(value)) return undefined
  const [first = '', ...others] = typeof value === 'string' ? value.split(',').map(trimmed) : []
  const parsed = [first, ...others].map((arn) => SIGNER.exec(arn))
  const accounts = new Set(parsed.map((match) => match?.slice(1, 3).join(':')))
  if (parsed.every((match) => match !== null) && accounts.size === 1) return [first, ...others]
  problems.push(
    'KMS_SIGNERS must be ARNs of IAM roles or users of one account with commas between them, got something else: give those that sign, such as the roles of the functions',
  )
  return undefined
}

function trimmed(text: string): string {
  return text.trim()
}

export function parseWrappingKey(value: unknown, problems: string[]): string | undefined {
  if (isUnset(value)) return undefined
  if (typeof value === 'string' && WRAPPING_KEY.test(value)) return value
  problems.push(
    'KMS_WRAPPING_KEY must be the ARN, the id or the alias of a symmetric KMS key, got something else: copy it from KMS',
  )
  return undefined
}

/** Where KMS is and with whose credentials it is called, for a host that AWS gives neither. */
export interface KmsAccess {
  readonly region: string
  /** Default: the region's own. */
  readonly endpoint?: string
  readonly credentials: AwsCredentials
}

/** Unchecked settings, by name. */
export interface KmsAccessSettings extends CredentialSettings {
  readonly AWS_REGION?: unknown
  readonly KMS_ENDPOINT?: unknown
}

/** `undefined` where something is wrong; `problems` then has more. */
export function parseKmsAccess(
  settings: KmsAccessSettings,
  problems: string[],
): KmsAccess | undefined {
  const before = problems.length
  const region = textOf(settings.AWS_REGION)
  const credentials = credentialsOf(settings)
  if (!REGION.test(region)) {
    problems.push(
      'AWS_REGION must be an AWS region such as "eu-central-1" where KMS is used: set it to that of the keys',
    )
  }
  if (credentials.accessKeyId === '' || credentials.secretAccessKey === '') {
    problems.push(
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must both be set where KMS is used: set them as secrets',
    )
  }
  const endpoint = parseEndpoint('KMS_ENDPOINT', settings.KMS_ENDPOINT, problems)
  if (problems.length > before) return undefined
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials,
  }
}
