/**
 * AWS KMS over the SDK's client, for hosts on Node.
 */

import { keyPolicyInput } from './key-policy-input.ts'
import type { KmsApi } from './kms-api.ts'
import { kmsListing } from './kms-listing.ts'
import { bytesOf, given, sdkCalls, type KmsOverSdkOptions, type SdkCall } from './kms-sdk-call.ts'

export function kmsOverSdk(options: KmsOverSdkOptions): KmsApi {
  const call = sdkCalls(options)
  return {
    createKey: async ({ keySpec, description, tags, policy }, signal) => {
      const input = {
        KeySpec: keySpec,
        KeyUsage: 'SIGN_VERIFY',
        Description: description,
        Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        ...keyPolicyInput(policy),
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
    ...listingCalls(call),
    ...dataKeyCalls(call),
  }
}

function endingCalls(
  call: SdkCall,
): Pick<KmsApi, 'disableKey' | 'scheduleKeyDeletion' | 'cancelKeyDeletion'> {
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
    cancelKeyDeletion: async (keyId, signal) => {
      const answer = await call(
        ({ sdk, client }, sending) =>
          client.send(new sdk.CancelKeyDeletionCommand({ KeyId: keyId }), sending),
        signal,
      )
      given(answer.KeyId)
    },
  }
}

function listingCalls(call: SdkCall): ReturnType<typeof kmsListing> {
  return kmsListing({
    listKeys: (input, signal) =>
      call(
        ({ sdk, client }, sending) => client.send(new sdk.ListKeysCommand(input), sending),
        signal,
      ),
    listResourceTags: (input, signal) =>
      call(
        ({ sdk, client }, sending) => client.send(new sdk.ListResourceTagsCommand(input), sending),
        signal,
      ),
    describeKey: (input, signal) =>
      call(
        ({ sdk, client }, sending) => client.send(new sdk.DescribeKeyCommand(input), sending),
        signal,
      ),
  })
}

function dataKeyCalls(call: SdkCall): Pick<KmsApi, 'generateDataKeyPair' | 'decrypt'> {
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
