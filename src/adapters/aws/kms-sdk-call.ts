/**
 * One call of AWS KMS by the SDK's client, and its errors as those of `KmsApi`.
 *
 * The client is loaded with the first call, since it costs a cold start more than all else. It attempts each call once.
 */

import type * as Sdk from '@aws-sdk/client-kms'
import type { Bytes } from '../../crypto/base64url.ts'
import type { KmsError } from './kms-api.ts'
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
export type SdkCall = <Result>(send: Sending<Result>, signal: AbortSignal) => Promise<Result>

/** What the SDK calls an answer that has no name, or is no JSON. */
const NAMELESS: readonly string[] = ['Unknown', 'UnknownError', 'SyntaxError']

export function sdkCalls(options: KmsOverSdkOptions): SdkCall {
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

export function given(text: string | undefined): string {
  if (text === undefined || text === '') throw unreadableAnswer()
  return text
}

/** The SDK's own bytes: a copy of a private key would be one more to overwrite. */
export function bytesOf(bytes: Uint8Array | undefined): Bytes {
  if (bytes === undefined || bytes.length === 0) throw unreadableAnswer()
  return bytes as Bytes
}
