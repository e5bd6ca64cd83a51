/**
 * The fake of AWS KMS with a client of the SDK, for the tests of the fake itself.
 */

import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  KMSClient,
  type KMSClientConfig,
} from '@aws-sdk/client-kms'
import { onTestFinished } from 'vitest'
import { FAKE_REGION, type KmsFakeOptions, startKmsFake } from './kms-fake.ts'

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret of the tests' }

/** Ends with the test. */
export async function startedKms(options: KmsFakeOptions = {}, config: KMSClientConfig = {}) {
  const fake = await startKmsFake(options)
  onTestFinished(() => fake.close())
  const client = new KMSClient({
    region: FAKE_REGION,
    endpoint: fake.url,
    credentials,
    maxAttempts: 1,
    ...config,
  })
  const createKey = async (input: CreateKeyCommandInput = {}) => {
    const { KeyMetadata: key } = await client.send(new CreateKeyCommand(input))
    return key?.Arn ?? ''
  }
  return { fake, client, createKey }
}

export function tagsOf(count: number) {
  return Array.from({ length: count }, (_, n) => ({ TagKey: `tag-${n}`, TagValue: 'é' }))
}
