/**
 * A fake of AWS KMS over HTTP, for what Signet asks of KMS: the real SDK client drives it.
 *
 * Its answers are those of the KMS API reference and of the KMS developer guide, which a comment names at each. It grants
 * everything to everyone: key policies are kept and not applied.
 */

import {
  startFakeService,
  type FakeAnswer,
  type FakeRequest,
  type FakeService,
} from './fake-service.ts'
import {
  errorAnswer,
  FAKE_ACCOUNT,
  invalid,
  jsonAnswer,
  KmsFakeError,
  textOf,
  type KmsInput,
} from './kms-fake-answers.ts'
import {
  decrypt,
  generateDataKeyPairWithoutPlaintext,
  getPublicKey,
  signMessage,
} from './kms-fake-crypto.ts'
import {
  createAlias,
  createKey,
  findKey,
  findKeyOrAlias,
  nowSeconds,
  requireNotPending,
  type FakeKey,
  type KeySpec,
  type KeyState,
  type KeyTable,
} from './kms-fake-keys.ts'
import { requireSignature, type FakeCredentials } from './kms-fake-signature.ts'

export { FAKE_ACCOUNT, FAKE_REGION, kmsErrors } from './kms-fake-answers.ts'

export interface KmsFakeOptions {
  /** Of an operation, how often it is done until `refill`; then it is throttled. Without one there is no end. */
  readonly quotas?: Readonly<Record<string, number>>
  /** Who may call; without it anyone who signs. */
  readonly credentials?: FakeCredentials
  /** @default one that is free */
  readonly port?: number
}

export interface KmsFakeKey {
  readonly arn: string
  readonly keyId: string
  readonly spec: KeySpec
  readonly state: KeyState
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  readonly policy: string | undefined
  readonly deletionWindowDays: number | undefined
}

export interface KmsFake extends FakeService {
  /** Those that there are, in the order they were made. */
  keys(): readonly KmsFakeKey[]
  /** What reached KMS, in its order: calls that a fault kept from it are in `calls` only. */
  readonly requests: readonly { readonly operation: string; readonly input: KmsInput }[]
  setState(arn: string, state: KeyState): void
  /** As if the key had been deleted long ago. */
  remove(arn: string): void
  /** Gives every quota anew. */
  refill(): void
}

type Operation = (table: KeyTable, input: KmsInput) => unknown

/** KMS API reference, `ScheduleKeyDeletion`: 7 to 30 days, 30 unless told. */
const WINDOW_DAYS = { min: 7, max: 30 }
const DAY_SECONDS = 86_400
/** KMS API reference, `ListKeys`: a page has 1 to 1,000 keys, 100 unless told. */
const PAGE_KEYS = { unlessTold: 100, max: 1000 }

/** KMS developer guide, "Default key policy": IAM policies of the account decide. */
const DEFAULT_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${FAKE_ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
})

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateKey: async (table, input) => ({ KeyMetadata: metadataOf(await createKey(table, input)) }),
  CreateAlias: createAlias,
  DescribeKey: (table, input) => ({
    KeyMetadata: metadataOf(findKeyOrAlias(table, textOf(input, 'KeyId'))),
  }),
  GetPublicKey: getPublicKey,
  Sign: signMessage,
  GenerateDataKeyPairWithoutPlaintext: generateDataKeyPairWithoutPlaintext,
  Decrypt: decrypt,
  DisableKey: (table, input) => changeState(table, input, 'Disabled'),
  EnableKey: (table, input) => changeState(table, input, 'Enabled'),
  ScheduleKeyDeletion: scheduleKeyDeletion,
  CancelKeyDeletion: cancelKeyDeletion,
  ListKeys: listKeys,
  GetKeyPolicy: (table, input) => ({
    Policy: findKey(table, textOf(input, 'KeyId')).policy ?? DEFAULT_POLICY,
    PolicyName: 'default',
  }),
  ListResourceTags: (table, input) => {
    const tags = Object.entries(findKey(table, textOf(input, 'KeyId')).tags)
    return {
      Tags: tags.map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Truncated: false,
    }
  },
}

export async function startKmsFake(options: KmsFakeOptions = {}): Promise<KmsFake> {
  const { quotas = {}, credentials, port } = options
  const table: KeyTable = { all: [], aliases: new Map() }
  const requests: { operation: string; input: KmsInput }[] = []
  const left = new Map(Object.entries(quotas))

  async function perform(operation: string, request: FakeRequest): Promise<FakeAnswer> {
    try {
      requireSignature(request, credentials)
      const input = inputOf(request)
      requests.push({ operation, input })
      spend(left, operation)
      return jsonAnswer(200, await operationNamed(operation)(table, input))
    } catch (error) {
      if (error instanceof KmsFakeError) return errorAnswer(error)
      throw error
    }
  }

  const service = await startFakeService({
    operationOf: ({ headers }) => (headers['x-amz-target'] ?? '').replace(/^TrentService\./, ''),
    perform,
    ...(port !== undefined && { port }),
  })
  return {
    ...service,
    keys: () => table.all.map(shownKey),
    requests,
    setState: (arn, state) => {
      findKey(table, arn).state = state
    },
    remove: (arn) => {
      table.all.splice(table.all.indexOf(findKey(table, arn)), 1)
    },
    refill: () => {
      for (const [operation, calls] of Object.entries(quotas)) left.set(operation, calls)
    },
  }
}

function operationNamed(name: string): Operation {
  const operation = OPERATIONS[name]
  if (operation !== undefined) return operation
  throw new KmsFakeError('UnknownOperationException', '')
}

/** KMS API reference, "Making API requests": JSON, posted to the root. */
function inputOf({ method, target, body }: FakeRequest): KmsInput {
  if (method !== 'POST' || target !== '/') throw new KmsFakeError('UnknownOperationException', '')
  try {
    return JSON.parse(body.toString()) as KmsInput
  } catch {
    throw new KmsFakeError('SerializationException', '')
  }
}

/** KMS developer guide, "Request quotas": what is over its quota is a `ThrottlingException`, and not done. */
function spend(left: Map<string, number>, operation: string): void {
  const calls = left.get(operation)
  if (calls === undefined) return
  if (calls === 0) throw new KmsFakeError('ThrottlingException', 'Rate exceeded')
  left.set(operation, calls - 1)
}

/** KMS developer guide, "Key states": a key about to be deleted is neither enabled nor disabled. */
function changeState(table: KeyTable, input: KmsInput, state: KeyState): undefined {
  const key = findKey(table, textOf(input, 'KeyId'))
  requireNotPending(key)
  key.state = state
}

/** KMS API reference, `ScheduleKeyDeletion`: a key about to be deleted already is a `KMSInvalidStateException`. */
function scheduleKeyDeletion(table: KeyTable, input: KmsInput) {
  const key = findKey(table, textOf(input, 'KeyId'))
  const { PendingWindowInDays: days = WINDOW_DAYS.max } = input
  if (!Number.isInteger(days) || Number(days) < WINDOW_DAYS.min || Number(days) > WINDOW_DAYS.max) {
    throw invalid(`Value at 'pendingWindowInDays' failed to satisfy constraint: 7 to 30`)
  }
  requireNotPending(key)
  key.state = 'PendingDeletion'
  key.deletionWindowDays = Number(days)
  return {
    KeyId: key.arn,
    KeyState: key.state,
    PendingWindowInDays: key.deletionWindowDays,
    DeletionDate: nowSeconds() + key.deletionWindowDays * DAY_SECONDS,
  }
}

/** KMS API reference, `CancelKeyDeletion`: the key is disabled then. */
function cancelKeyDeletion(table: KeyTable, input: KmsInput) {
  const key = findKey(table, textOf(input, 'KeyId'))
  if (key.state !== 'PendingDeletion') {
    throw new KmsFakeError('KMSInvalidStateException', `${key.arn} is not pending deletion.`)
  }
  key.state = 'Disabled'
  key.deletionWindowDays = undefined
  return { KeyId: key.arn }
}

function listKeys(
  table: KeyTable,
  { Limit: limit = PAGE_KEYS.unlessTold, Marker: marker }: KmsInput,
) {
  const start = marker === undefined ? 0 : Number(marker)
  if (!Number.isInteger(start)) throw new KmsFakeError('InvalidMarkerException', '')
  const end = start + Math.min(Number(limit), PAGE_KEYS.max)
  const more = end < table.all.length
  return {
    Keys: table.all.slice(start, end).map(({ arn, keyId }) => ({ KeyArn: arn, KeyId: keyId })),
    Truncated: more,
    ...(more && { NextMarker: String(end) }),
  }
}

function metadataOf(key: FakeKey) {
  const { deletionWindowDays: days } = key
  return {
    AWSAccountId: FAKE_ACCOUNT,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: key.createdAt,
    Description: key.description,
    Enabled: key.state === 'Enabled',
    KeySpec: key.spec,
    KeyState: key.state,
    KeyUsage: key.usage,
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
    ...(days !== undefined && { DeletionDate: nowSeconds() + days * DAY_SECONDS }),
  }
}

function shownKey(key: FakeKey): KmsFakeKey {
  const { arn, keyId, spec, state, description, tags, policy, deletionWindowDays } = key
  return { arn, keyId, spec, state, description, tags, policy, deletionWindowDays }
}
