/**
 * The keys of the fake of AWS KMS: their material, states, tags and aliases.
 */

import type { Buffer } from 'node:buffer'
import { generateKeyPair, randomBytes, randomUUID, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { isJsonObject, parseJson } from '../../../src/json.ts'
import {
  FAKE_ACCOUNT,
  FAKE_REGION,
  invalid,
  KmsFakeError,
  oneOf,
  textOf,
  type KmsInput,
} from './kms-fake-answers.ts'

export const PAIR_SPECS = ['RSA_2048', 'ECC_NIST_P256'] as const
export type PairSpec = (typeof PAIR_SPECS)[number]
export type KeySpec = PairSpec | 'SYMMETRIC_DEFAULT'
/** KMS API reference, `KeyMetadata`: those of its states that a key of this fake can be in. */
export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion'

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export interface FakeKey {
  readonly arn: string
  readonly keyId: string
  readonly spec: KeySpec
  readonly usage: string
  readonly description: string
  readonly policy: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly material: KeyPair | Buffer
  state: KeyState
  deletion: { readonly windowDays: number; readonly date: number } | undefined
}

export interface KeyTable {
  readonly all: FakeKey[]
  /** Unix seconds; those of KMS have a fraction. */
  readonly now: () => number
  /** No list has more at once, whatever was asked for. */
  readonly pageMax: number
  /** By alias name (`alias/…`), the ARN of a key. */
  readonly aliases: Map<string, string>
}

const generate = promisify(generateKeyPair)
const ARN_START = `arn:aws:kms:${FAKE_REGION}:${FAKE_ACCOUNT}:`
/** KMS API reference, `CreateKey`: a description has at most 8,192 characters. */
const DESCRIPTION_CHARS_MAX = 8192
/** KMS developer guide, "Tagging keys", and the tag limits of AWS: 50 tags, of these characters. */
const TAGS_MAX = 50
const TAG_KEY = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u

export async function makeKeyPair(spec: PairSpec): Promise<KeyPair> {
  if (spec === 'RSA_2048') return generate('rsa', { modulusLength: 2048 })
  return generate('ec', { namedCurve: 'prime256v1' })
}

export async function createKey(table: KeyTable, input: KmsInput): Promise<FakeKey> {
  const spec = oneOf({ KeySpec: 'SYMMETRIC_DEFAULT', ...input }, 'KeySpec', [
    'SYMMETRIC_DEFAULT',
    ...PAIR_SPECS,
  ])
  const keyId = randomUUID()
  const details = {
    usage: usageOf(spec, input),
    description: descriptionOf(input),
    policy: policyOf(input),
    tags: tagsOf(input['Tags']),
  }
  const key: FakeKey = {
    arn: `${ARN_START}key/${keyId}`,
    keyId,
    spec,
    ...details,
    createdAt: table.now(),
    material: spec === 'SYMMETRIC_DEFAULT' ? randomBytes(32) : await makeKeyPair(spec),
    state: 'Enabled',
    deletion: undefined,
  }
  table.all.push(key)
  return key
}

/** KMS API reference, `CreateKey`: the usage must be given for asymmetric keys; elliptic curves only sign here. */
function usageOf(spec: KeySpec, input: KmsInput): string {
  const allowed = {
    SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT'],
    RSA_2048: ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'],
    ECC_NIST_P256: ['SIGN_VERIFY'],
  } as const
  if (spec === 'SYMMETRIC_DEFAULT' && input['KeyUsage'] === undefined) return 'ENCRYPT_DECRYPT'
  if (input['KeyUsage'] === undefined) throw invalid('You must specify a KeyUsage value')
  return oneOf<string>(input, 'KeyUsage', allowed[spec])
}

function descriptionOf({ Description: description = '' }: KmsInput): string {
  const fits = typeof description === 'string' && description.length <= DESCRIPTION_CHARS_MAX
  if (fits) return description
  throw invalid(`Value at 'description' failed to satisfy constraint: at most 8192 characters`)
}

/**
 * KMS API reference, `CreateKey`: a policy that is not a policy is a `MalformedPolicyDocumentException`, and one that the caller
 * could not change afterwards too, unless that is meant. No caller here has `kms:PutKeyPolicy`.
 */
function policyOf(input: KmsInput): string | undefined {
  if (input['Policy'] === undefined) return undefined
  const policy = textOf(input, 'Policy')
  const document = parseJson(policy)
  if (input['BypassPolicyLockoutSafetyCheck'] !== true) {
    throw new KmsFakeError(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    )
  }
  if (isJsonObject(document) && Array.isArray(document['Statement'])) return policy
  throw new KmsFakeError('MalformedPolicyDocumentException', 'The policy is malformed')
}

/** KMS API reference, `CreateKey`: a tag that is not allowed is a `TagException`. */
function tagsOf(tags: unknown = []): Record<string, string> {
  const given = tags as readonly { readonly TagKey: string; readonly TagValue: string }[]
  const pairs = given.map(({ TagKey, TagValue }) => [TagKey, TagValue] as const)
  const kept = Object.fromEntries(pairs)
  const allowed = pairs.every(([key, value]) => TAG_KEY.test(key) && TAG_VALUE.test(value))
  if (allowed && pairs.length <= TAGS_MAX && Object.keys(kept).length === pairs.length) return kept
  throw new KmsFakeError('TagException', 'One or more tags are not valid')
}

/** KMS API reference, `CreateAlias`: names begin with `alias/`, `alias/aws/` is kept for AWS, and a name is taken once. */
export function createAlias(table: KeyTable, input: KmsInput): void {
  const name = textOf(input, 'AliasName')
  const key = findKey(table, textOf(input, 'TargetKeyId'))
  if (!/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/.test(name)) {
    throw new KmsFakeError('InvalidAliasNameException', 'The alias name is not valid')
  }
  if (table.aliases.has(name)) {
    throw new KmsFakeError(
      'AlreadyExistsException',
      `An alias with the name ${name} already exists`,
    )
  }
  table.aliases.set(name, key.arn)
}

/** By ARN or id, the only names that `DisableKey` and its like take (KMS API reference, their `KeyId`). */
export function findKey(table: KeyTable, name: string): FakeKey {
  const key = table.all.find(({ arn, keyId }) => arn === name || keyId === name)
  if (key !== undefined) return key
  const arn = name.startsWith('arn:') ? name : `${ARN_START}key/${name}`
  throw new KmsFakeError('NotFoundException', `Key '${arn}' does not exist`)
}

/** By ARN, id, or alias, as `Sign` and its like take them (KMS API reference, their `KeyId`). */
export function findKeyOrAlias(table: KeyTable, name: string): FakeKey {
  const alias = name.startsWith(`${ARN_START}alias/`) ? name.slice(ARN_START.length) : name
  if (!alias.startsWith('alias/')) return findKey(table, name)
  const arn = table.aliases.get(alias)
  if (arn !== undefined) return findKey(table, arn)
  throw new KmsFakeError('NotFoundException', `Alias ${ARN_START}${alias} is not found.`)
}

/** KMS developer guide, "Key states": the exceptions of keys that are not enabled, and their messages. */
export function requireEnabled(key: FakeKey): void {
  if (key.state === 'Disabled') {
    throw new KmsFakeError('DisabledException', `${key.arn} is disabled.`)
  }
  requireNotPending(key)
}

export function requireNotPending(key: FakeKey): void {
  if (key.state !== 'PendingDeletion') return
  throw new KmsFakeError('KMSInvalidStateException', `${key.arn} is pending deletion.`)
}
