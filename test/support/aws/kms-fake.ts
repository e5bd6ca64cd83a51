/**
 * A fake of AWS KMS over HTTP, for what Signet asks of KMS: the real SDK client drives it.
 *
 * Its answers are those of the KMS API reference and of the KMS developer guide, which a comment names at each. It grants
 * everything to everyone, unless a test puts a guard before it.
 */

import {
  startFakeService,
  type FakeAnswer,
  type FakeRequest,
  type FakeService,
  type Guard,
} from './fake-service.ts'
import { ADMINISTRATION, metadataOf, type Operation } from './kms-fake-administration.ts'
import { errorAnswer, jsonAnswer, KmsFakeError, type KmsInput } from './kms-fake-answers.ts'
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
  /** Unix seconds, for the moments that keys have. @default the clock of the system */
  readonly now?: () => number
  /** No list has more at once, as KMS is free to do. @default as many as were asked for */
  readonly pageMax?: number
  /** Who may do what. @default everyone everything: key policies are kept and not applied */
  readonly guard?: Guard
  /** @default one that is free */
  readonly port?: number
}

export interface KmsFakeKey {
  readonly arn: string
  readonly keyId: string
  readonly spec: KeySpec
  /** KMS API reference, `KeyMetadata`, KeyUsage. */
  readonly usage: string
  readonly state: KeyState
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  readonly policy: string | undefined
  /** With the fraction that those of KMS have. */
  readonly createdAt: number
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

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateKey: async (table, input) => ({ KeyMetadata: metadataOf(await createKey(table, input)) }),
  CreateAlias: createAlias,
  GetPublicKey: getPublicKey,
  Sign: signMessage,
  GenerateDataKeyPairWithoutPlaintext: generateDataKeyPairWithoutPlaintext,
  Decrypt: decrypt,
  ...ADMINISTRATION,
}

export async function startKmsFake(options: KmsFakeOptions = {}): Promise<KmsFake> {
  const { quotas = {}, credentials, port, guard, now = systemSeconds } = options
  const { pageMax = Number.POSITIVE_INFINITY } = options
  const table: KeyTable = { all: [], aliases: new Map(), now, pageMax }
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
    guard,
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

function shownKey({ deletion, ...key }: FakeKey): KmsFakeKey {
  const { arn, keyId, spec, usage, state, description, tags, policy, createdAt } = key
  const deletionWindowDays = deletion?.windowDays
  return {
    arn,
    keyId,
    spec,
    usage,
    state,
    description,
    tags,
    policy,
    createdAt,
    deletionWindowDays,
  }
}

function systemSeconds(): number {
  return new Date().getTime() / 1000
}
