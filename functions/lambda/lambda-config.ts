/**
 * Configuration of the Lambda functions. AWS gives region and credentials by itself.
 */

import { parseEndpoint } from '../../src/adapters/aws/aws-endpoint.ts'
import {
  type CredentialSettings,
  credentialsOf,
} from '../../src/adapters/aws/credential-settings.ts'
import {
  type KmsSettings,
  parseKmsCustodies,
  parseWrappingKey,
  REGION,
} from '../../src/adapters/aws/kms-settings.ts'
import type { LambdaCallsOptions } from '../../src/adapters/aws/lambda-calls.ts'
import { parseDefaultCustody } from '../../src/config/default-custody.ts'
import {
  type HostConfig,
  type HostSettings,
  parseHostConfig,
} from '../../src/config/host-config.ts'
import { isUnset, type ParsedConfig, textOf } from '../../src/config/setting.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'

/** Unchecked settings, by name. */
export interface HttpSettings extends HostSettings, Pick<KmsSettings, 'KMS_WRAPPING_KEY'> {
  readonly AWS_REGION?: unknown
  readonly DOCUMENTS_BUCKET?: unknown
}

/** Of the function that everyone may ask. */
export interface PublicSettings extends HttpSettings {
  readonly HOST_IN_PATH?: unknown
}

interface KeySettings extends HttpSettings {
  readonly STATIC_COPIES_BUCKET?: unknown
  readonly DEFAULT_CUSTODY?: unknown
}

export interface RotateSettings extends KeySettings, KmsSettings {}

export interface ControlSettings extends KeySettings, CredentialSettings {
  readonly ROTATE_FUNCTION?: unknown
  /** AWS's own name, as the SDK reads those of S3 and KMS. */
  readonly AWS_ENDPOINT_URL_LAMBDA?: unknown
}

/** Where documents are, and what keys need to sign. */
export interface HttpConfig {
  readonly host: HostConfig
  readonly region: string
  readonly bucket: string
  /** Of the installation, in the bucket. */
  readonly prefix: string
  /** `undefined` where no key is wrapped. */
  readonly wrappingKey: string | undefined
}

export interface PublicConfig extends HttpConfig {
  /** Whether the first segment of a path is the host that was asked for. */
  readonly hostInPath: boolean
}

interface KeyConfig extends HttpConfig {
  readonly defaultCustody: KeyCustody
}

export interface RotateConfig extends KeyConfig {
  /** Of the static copies; absent where there are none. */
  readonly copiesBucket?: string
  /** ARNs of the IAM principals that may sign with keys that are made here. */
  readonly signers: readonly [string, ...string[]]
}

export interface ControlConfig extends KeyConfig {
  /** The function that makes and destroys keys. */
  readonly rotateFunction: string
  /** Whether that function makes static copies: this one has no part in them. */
  readonly hasStaticCopies: boolean
  readonly lambda: LambdaCallsOptions
}

/** S3 bucket names; no access points, which have other rules. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const FUNCTION_NAME =
  /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[\w-]{1,64}(?::[\w$-]{1,128})?$/

export function parseHttpConfig(settings: PublicSettings): ParsedConfig<PublicConfig> {
  const problems: string[] = []
  const config = parseHttp(settings, problems)
  const hostInPath = parseHostInPath(settings.HOST_IN_PATH, problems)
  if (problems.length > 0 || config === undefined) return { ok: false, problems }
  return { ok: true, config: { ...config, hostInPath } }
}

export function parseRotateConfig(settings: RotateSettings): ParsedConfig<RotateConfig> {
  const problems: string[] = []
  const keys = parseKeyConfig(settings, problems)
  const { signers } = parseKmsCustodies({ KMS_SIGNERS: settings.KMS_SIGNERS }, problems)
  if (isUnset(settings.KMS_SIGNERS)) {
    problems.push(
      'KMS_SIGNERS must be ARNs of IAM roles or users of one account with commas between them, got nothing: give the roles of the functions that sign, this one too',
    )
  }
  const copiesBucket = parseCopiesBucket(settings, problems)
  if (problems.length > 0 || keys === undefined || signers === undefined) {
    return { ok: false, problems }
  }
  const copies = copiesBucket === undefined ? {} : { copiesBucket }
  return { ok: true, config: { ...keys, ...copies, signers } }
}

export function parseControlConfig(settings: ControlSettings): ParsedConfig<ControlConfig> {
  const problems: string[] = []
  const keys = parseKeyConfig(settings, problems)
  const rotateFunction = parseFunctionName(settings.ROTATE_FUNCTION, problems)
  const hasStaticCopies = parseCopiesBucket(settings, problems) !== undefined
  const endpoint = parseEndpoint(
    'AWS_ENDPOINT_URL_LAMBDA',
    settings.AWS_ENDPOINT_URL_LAMBDA,
    problems,
  )
  if (problems.length > 0 || keys === undefined) return { ok: false, problems }
  const lambda = {
    region: keys.region,
    credentials: credentialsOf(settings),
    ...(endpoint === undefined ? {} : { endpoint }),
  }
  return { ok: true, config: { ...keys, rotateFunction, hasStaticCopies, lambda } }
}

function parseKeyConfig(settings: KeySettings, problems: string[]): KeyConfig | undefined {
  const http = parseHttp(settings, problems)
  // What was meant to be there: a setting that is wrong is one problem, and not two.
  const custodies: KeyCustody[] = isUnset(settings.KMS_WRAPPING_KEY)
    ? ['kms']
    : ['kms', 'kms-wrapped']
  const defaultCustody = parseDefaultCustody(settings.DEFAULT_CUSTODY, custodies, problems)
  if (http === undefined || defaultCustody === undefined) return undefined
  return { ...http, defaultCustody }
}

/** What was given, of which nothing is repeated: an ARN has the account in it. */
function kindOf(value: unknown): string {
  return isUnset(value) ? 'nothing' : 'something else'
}

/** `undefined` where something is wrong; `problems` then has more. */
function parseHttp(settings: HttpSettings, problems: string[]): HttpConfig | undefined {
  const before = problems.length
  const host = parseHostConfig(settings, problems)
  const region = textOf(settings.AWS_REGION)
  if (!REGION.test(region)) {
    problems.push('AWS_REGION must be the region of the bucket, which Lambda sets, got no region')
  }
  const bucket = textOf(settings.DOCUMENTS_BUCKET)
  if (!BUCKET.test(bucket)) {
    // An ARN or a wrong name may have the account in it, so it is not repeated.
    problems.push(
      `DOCUMENTS_BUCKET must be the name of an S3 bucket, got ${kindOf(settings.DOCUMENTS_BUCKET)}: give that of the documents`,
    )
  }
  const wrappingKey = parseWrappingKey(settings.KMS_WRAPPING_KEY, problems)
  if (problems.length > before || host === undefined) return undefined
  return { host, region, bucket, prefix: `${host.deployment}/`, wrappingKey }
}

/** `undefined` where there are no static copies, and where something is wrong; `problems` then has more. */
function parseCopiesBucket(settings: KeySettings, problems: string[]): string | undefined {
  if (isUnset(settings.STATIC_COPIES_BUCKET)) return undefined
  const bucket = textOf(settings.STATIC_COPIES_BUCKET)
  if (BUCKET.test(bucket) && bucket !== textOf(settings.DOCUMENTS_BUCKET)) return bucket
  problems.push(
    'STATIC_COPIES_BUCKET must be the name of an S3 bucket other than that of the documents, got something else: give one that is for static copies alone, or leave it out to have none',
  )
  return undefined
}

/** Never guessed: under the wrong one no issuer is found. */
function parseHostInPath(value: unknown, problems: string[]): boolean {
  if (isUnset(value)) return false
  if (textOf(value) === 'true') return true
  problems.push(
    `HOST_IN_PATH must be true or not set, got ${kindOf(value)}: set it where a CDN puts the host that it was asked for before the path, and only there`,
  )
  return false
}

function parseFunctionName(value: unknown, problems: string[]): string {
  const name = textOf(value)
  // Its ARN names the account, so it is not repeated.
  if (!FUNCTION_NAME.test(name)) {
    problems.push(
      `ROTATE_FUNCTION must be the name or the ARN of the function that makes keys, got ${kindOf(value)}: give that of this installation`,
    )
  }
  return name
}
