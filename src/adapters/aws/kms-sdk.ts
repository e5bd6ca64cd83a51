/**
 * AWS KMS over the SDK's client, for hosts on Node.
 *
 * The client is loaded with the first call, since it costs a cold start more than all else. It attempts each call once.
 */

import type * as Sdk from '@aws-sdk/client-kms'
import type { Bytes } from '../../crypto/base64url.ts'
import type { KmsApi, KmsError } from './kms-api.ts'
import { answeredError, connectionError, credentialsError, unreadableAnswer } from './kms-errors.ts'
import { untilAborted } from './until-aborted.ts'

export interface KmsOverSdkOptions {
  readonly region: string
  /** @default that of the region */
  readonly endpoint?: string | undefined
  /** @default those that the SDK finds in the environment */
  readonly credentials?: NonNullable<Sdk.KMSClientConfig['credentials']> | undefined
}

interface Loaded {
  readonly sdk: typeof Sdk
  readonly client: Sdk.KMSClient
}

type Sending<Result> = (loaded: Loaded, options: { abortSignal: AbortSignal }) => Promise<Result>
type Call = <Result>(send: Sending<Result>, signal: AbortSignal) => Promise<Result>

/** What the SDK calls an answer that has no name, or is no JSON. */
const NAMELESS: readonly string[] = ['Unknown', 'UnknownError', 'SyntaxError']

export function kmsOverSdk(options: KmsOverSdkOptions): KmsApi {
  const call = callOver(options)
  return {
    createKey: async ({ keySpec, description, tags, policy }, signal) => {
      const input = {
        KeySpec: keySpec,
        KeyUsage: 'SIGN_VERIFY',
        Description: description,
        Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        ...(policy !== undefined && { Policy: policy }),
      } as const
      const answer = await call(
        ({ sdk, client }, sending) => client.send(new sdk.CreateKeyCommand(input), sending),
        signal,
      )
      return given(answer.KeyMetadata?.Arn)
    },
    getPublicKey: async (keyId, signal) => {
      const answer = await call(
        ({ sdk, client }, sending) =>
          client.send(new sdk.GetPublicKeyCommand({ KeyId: keyId }), sending),
        signal,
      )
      return bytesOf(answer.PublicKey)
    },
    sign: async ({ keyId, digest, algorithm }, signal) => {
      const input = {
        KeyId: keyId,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm: algorithm,
      } as const
      const answer = await call(
        ({ sdk, client }, sending) => client.send(new sdk.SignCommand(input), sending),
        signal,
      )
      return bytesOf(answer.Signature)
    },
    ...endingCalls(call),
    ...dataKeyCalls(call),
  }
}

function endingCalls(call: Call): Pick<KmsApi, 'disableKey' | 'scheduleKeyDeletion'> {
  return {
    disableKey: async (keyId, signal) => {
      await call(
        ({ sdk, client }, sending) =>
          client.send(new sdk.DisableKeyCommand({ KeyId: keyId }), sending),
        signal,
      )
    },
    scheduleKeyDeletion: async (keyId, windowDays, signal) => {
      const input = { KeyId: keyId, PendingWindowInDays: windowDays }
      const answer = await call(
        ({ sdk, client }, sending) =>
          client.send(new sdk.ScheduleKeyDeletionCommand(input), sending),
        signal,
      )
      given(answer.KeyId)
    },
  }
}

function dataKeyCalls(call: Call): Pick<KmsApi, 'generateDataKeyPair' | 'decrypt'> {
  return {
    generateDataKeyPair: async ({ keyId, keyPairSpec, encryptionContext }, signal) => {
      const input = {
        KeyId: keyId,
        KeyPairSpec: keyPairSpec,
        EncryptionContext: encryptionContext,
      }
      const answer = await call(
        ({ sdk, client }, sending) =>
          client.send(new sdk.GenerateDataKeyPairWithoutPlaintextCommand(input), sending),
        signal,
      )
      return {
        publicKey: bytesOf(answer.PublicKey),
        keyArn: given(answer.KeyId),
        privateKeyCiphertext: bytesOf(answer.PrivateKeyCiphertextBlob),
      }
    },
    decrypt: async ({ keyId, ciphertext, encryptionContext }, signal) => {
      const input = {
        KeyId: keyId,
        CiphertextBlob: ciphertext,
        EncryptionContext: encryptionContext,
      }
      const answer = await call(
        ({ sdk, client }, sending) => client.send(new sdk.DecryptCommand(input), sending),
        signal,
      )
      return bytesOf(answer.Plaintext)
    },
  }
}

function callOver(options: KmsOverSdkOptions): Call {
  let loading: Promise<Loaded> | undefined
  return async (send, signal) => {
    loading ??= load(options)
    const sent = loading.then((loaded) => send(loaded, { abortSignal: signal }))
    try {
      // The SDK looks for credentials without hearing the signal.
      return await untilAborted(sent, signal)
    } catch (error) {
      throw kmsErrorOf(error, signal)
    }
  }
}

async function load({ region, endpoint, credentials }: KmsOverSdkOptions): Promise<Loaded> {
  const sdk = await import('@aws-sdk/client-kms')
  const client = new sdk.KMSClient({
    region,
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  })
  return { sdk, client }
}

/** The SDK's errors are told apart by their members: a bundle may hold its classes twice. */
function kmsErrorOf(error: unknown, signal: AbortSignal): KmsError {
  if (!(error instanceof Error)) return connectionError(error, signal)
  if (error.name === 'CredentialsProviderError') return credentialsError()
  const { $metadata: metadata } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number }
  }
  const status = metadata?.httpStatusCode
  if (status === undefined) return connectionError(error, signal)
  if (status === 200) return unreadableAnswer()
  return answeredError(NAMELESS.includes(error.name) ? undefined : error.name, status)
}

function given(text: string | undefined): string {
  if (text === undefined || text === '') throw unreadableAnswer()
  return text
}

/** The SDK's own bytes: a copy of a private key would be one more to overwrite. */
function bytesOf(bytes: Uint8Array | undefined): Bytes {
  if (bytes === undefined || bytes.length === 0) throw unreadableAnswer()
  return bytes as Bytes
}
