/**
 * AWS KMS over signed `fetch`, for hosts on which the SDK's client does not belong: web APIs alone.
 *
 * Speaks AWS JSON 1.1 and takes nothing for granted: an answer has a bounded size and the members it has to have.
 */

import { decodeBase64, encodeBase64 } from '../../crypto/base64.ts'
import type { Bytes } from '../../crypto/base64url.ts'
import { isJsonObject, parseJson, type JsonObject } from '../../json.ts'
import { awsEndpoint } from './aws-endpoint.ts'
import { keyPolicyInput } from './key-policy-input.ts'
import type { KmsApi } from './kms-api.ts'
import { kmsListing } from './kms-listing.ts'
import { answeredError, connectionError, credentialsError, unreadableAnswer } from './kms-errors.ts'
import {
  type AwsAnswer,
  type AwsCredentials,
  signedPost,
  UnusableCredentials,
} from './signed-post.ts'

export interface KmsOverFetchOptions {
  readonly region: string
  /** @default that of the region */
  readonly endpoint?: string | undefined
  readonly credentials: AwsCredentials
  /** @default that of the runtime */
  readonly fetch?: typeof fetch
}

/** The largest answer is a page of 1,000 keys, with less than 200 bytes each. */
const ANSWER_BYTES_MAX = 262_144

type Call = (operation: string, input: JsonObject, signal: AbortSignal) => Promise<JsonObject>

/** Throws a `TypeError` when the endpoint is no URL. */
export function kmsOverFetch(options: KmsOverFetchOptions): KmsApi {
  const call = callOver(options)
  return {
    createKey: async ({ keySpec, description, tags, policy }, signal) => {
      const tagList = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
      const input = {
        KeySpec: keySpec,
        KeyUsage: 'SIGN_VERIFY',
        Description: description,
        Tags: tagList,
        ...keyPolicyInput(policy),
      }
      const { KeyMetadata: metadata } = await call('CreateKey', input, signal)
      return textOf(isJsonObject(metadata) ? metadata : {}, 'Arn')
    },
    getPublicKey: async (keyId, signal) =>
      bytesOf(await call('GetPublicKey', { KeyId: keyId }, signal), 'PublicKey'),
    sign: async ({ keyId, digest, algorithm }, signal) => {
      const input = {
        KeyId: keyId,
        Message: encodeBase64(digest),
        MessageType: 'DIGEST',
        SigningAlgorithm: algorithm,
      }
      return bytesOf(await call('Sign', input, signal), 'Signature')
    },
    ...endingCalls(call),
    ...kmsListing({
      listKeys: (input, signal) => call('ListKeys', { ...input }, signal),
      listResourceTags: (input, signal) => call('ListResourceTags', { ...input }, signal),
      describeKey: (input, signal) => call('DescribeKey', input, signal),
    }),
    ...dataKeyCalls(call),
  }
}

function endingCalls(
  call: Call,
): Pick<KmsApi, 'disableKey' | 'scheduleKeyDeletion' | 'cancelKeyDeletion'> {
  return {
    disableKey: async (keyId, signal) => {
      await call('DisableKey', { KeyId: keyId }, signal)
    },
    scheduleKeyDeletion: async (keyId, windowDays, signal) => {
      const input = { KeyId: keyId, PendingWindowInDays: windowDays }
      textOf(await call('ScheduleKeyDeletion', input, signal), 'KeyId')
    },
    cancelKeyDeletion: async (keyId, signal) => {
      textOf(await call('CancelKeyDeletion', { KeyId: keyId }, signal), 'KeyId')
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
      const answer = await call('GenerateDataKeyPairWithoutPlaintext', input, signal)
      return {
        publicKey: bytesOf(answer, 'PublicKey'),
        keyArn: textOf(answer, 'KeyId'),
        privateKeyCiphertext: bytesOf(answer, 'PrivateKeyCiphertextBlob'),
      }
    },
    decrypt: async ({ keyId, ciphertext, encryptionContext }, signal) => {
      const input = {
        KeyId: keyId,
        CiphertextBlob: encodeBase64(ciphertext),
        EncryptionContext: encryptionContext,
      }
      return bytesOf(await call('Decrypt', input, signal), 'Plaintext')
    },
  }
}

function callOver({ region, endpoint, credentials, fetch: given }: KmsOverFetchOptions): Call {
  const url = new URL(endpoint ?? awsEndpoint('kms', region)).href
  const answerBytesMax = ANSWER_BYTES_MAX
  const post = signedPost({ service: 'kms', region, credentials, answerBytesMax, fetch: given })

  return async (operation, input, signal) => {
    const headers = {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `TrentService.${operation}`,
    }
    const body = JSON.stringify(input)
    const answer = await post({ url, headers, body, signal }).catch((error: unknown) => {
      if (error instanceof UnusableCredentials) throw credentialsError()
      throw connectionError(error, signal)
    })
    return resultOf(answer)
  }
}

/** Calls without a result are answered with an empty body, and by others than AWS with `null`. */
function resultOf({ status, headers, text }: AwsAnswer): JsonObject {
  const body = text === '' ? {} : parseJson(text ?? '')
  const members = isJsonObject(body) ? body : {}
  if (status !== 200) {
    throw answeredError(headers.get('x-amzn-errortype') ?? members['__type'], status)
  }
  if (body !== null && !isJsonObject(body)) throw unreadableAnswer()
  return members
}

function textOf(answer: JsonObject, member: string): string {
  const value = answer[member]
  if (typeof value === 'string' && value !== '') return value
  throw unreadableAnswer()
}

function bytesOf(answer: JsonObject, member: string): Bytes {
  const text = textOf(answer, member)
  try {
    return decodeBase64(text)
  } catch {
    throw unreadableAnswer()
  }
}
