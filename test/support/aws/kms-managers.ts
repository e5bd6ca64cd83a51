/**
 * Key managers over the fake of AWS KMS, as hosts have them.
 */

import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import type { Kms } from '../../../src/adapters/aws/kms.ts'
import { kmsOverSdk } from '../../../src/adapters/aws/kms-sdk.ts'
import { retryingKms } from '../../../src/adapters/aws/retrying-kms.ts'
import { FAKE_ACCOUNT, FAKE_REGION } from './kms-fake.ts'

export const FAKE_CREDENTIALS = {
  accessKeyId: 'AKIDMARKED',
  secretAccessKey: 'marked-secret-access-key',
} as const

const NO_PAUSE = async (): Promise<void> => {}

/** Who may sign with keys that tests have made. */
export const SIGNERS: readonly [string, ...string[]] = [
  `arn:aws:iam::${FAKE_ACCOUNT}:role/marked-signer`,
]

/** Without pauses between attempts. */
export function kmsAt(endpoint: string): Kms {
  const api = kmsOverSdk({ region: FAKE_REGION, endpoint, credentials: FAKE_CREDENTIALS })
  return retryingKms(api, { pause: NO_PAUSE })
}

/** Resolves to the ARN of a new symmetric key, which is what wraps. */
export async function newWrappingKey(endpoint: string): Promise<string> {
  const client = new KMSClient({ region: FAKE_REGION, endpoint, credentials: FAKE_CREDENTIALS })
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
  client.destroy()
  return KeyMetadata?.Arn ?? ''
}
