/**
 * What the probes of AWS KMS share: keys to ask about.
 */

import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import type { Difference } from './difference.ts'

export type Spec = 'RSA_2048' | 'ECC_NIST_P256'
export type Probe = Difference<KMSClient>['probe']

const TAGS = [
  { TagKey: 'signet:issuer', TagValue: 'prod' },
  { TagKey: 'signet:slot', TagValue: 'slot 1' },
]

export function withKey(ask: (client: KMSClient, id: string) => Promise<string>): Probe {
  return async (client) => ask(client, await signingKey(client, 'ECC_NIST_P256'))
}

export async function signingKey(client: KMSClient, spec: Spec): Promise<string> {
  const command = new CreateKeyCommand({ KeySpec: spec, KeyUsage: 'SIGN_VERIFY', Tags: TAGS })
  return (await client.send(command)).KeyMetadata?.KeyId ?? ''
}

export async function symmetricKey(client: KMSClient): Promise<string> {
  return (await client.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? ''
}
