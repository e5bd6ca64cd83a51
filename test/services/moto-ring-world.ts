/**
 * A ring's world over services that nobody here wrote: documents in S3 of either, keys in the KMS of moto.
 */

import {
  DescribeKeyCommand,
  KMSClient,
  ListKeysCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms'
import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { lazyS3 } from '../../src/adapters/aws/s3-calls.ts'
import { kmsKeyManager } from '../../src/adapters/signers/kms/kms-key-manager.ts'
import { s3Store } from '../../src/adapters/storage/s3.ts'
import { keyManagers } from '../../src/signers/key-managers.ts'
import { AWS_DEPLOYMENT, worldOverAws } from '../ring-life/aws-world.ts'
import { START } from '../ring-life/controlled-time.ts'
import type { KeptKey, RingWorld } from '../ring-life/ring-world.ts'
import { SIGNERS } from '../support/aws/kms-managers.ts'
import { CREDENTIALS, REGION } from './endpoints.ts'
import { kmsOfMoto } from './moto-kms.ts'
import { motoSignatures } from './moto-signatures.ts'
import { freshBucket } from './s3-buckets.ts'

/** `documents`: the URL of the S3 that has them; `keys`: that of moto. */
export async function motoRingWorld(documents: string, keys: string): Promise<RingWorld> {
  const options = { region: REGION, endpoint: keys, credentials: CREDENTIALS }
  const client = new KMSClient(options)
  const signatures = motoSignatures(client)
  const { bucket } = await freshBucket(documents)
  return worldOverAws({
    name: 'services',
    custodies: ['kms'],
    clock: { seconds: START },
    newClients: () => ({
      documents: s3Store({
        calls: lazyS3({ ...options, endpoint: documents }),
        bucket,
        prefix: `${AWS_DEPLOYMENT}/`,
      }),
      kms: signatures.kms(retryingKms(kmsOfMoto(kmsOverSdk(options)))),
    }),
    keysOver: (kms) =>
      keyManagers(
        signatures.manager(kmsKeyManager({ kms, deployment: AWS_DEPLOYMENT, signers: SIGNERS })),
      ),
    keptKeys: (id) => keptKeys(client, id),
  })
}

async function keptKeys(client: KMSClient, id: string): Promise<KeptKey[]> {
  const { Keys = [] } = await client.send(new ListKeysCommand({ Limit: 1000 }))
  const kept: KeptKey[] = []
  for (const { KeyId } of Keys) {
    const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }))
    const tags = new Map(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]))
    if (tags.get('signet:issuer') !== id) continue
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }))
    const isDeleted = KeyMetadata?.KeyState === 'PendingDeletion'
    kept.push({ slot: tags.get('signet:slot') ?? '', isDeleted })
  }
  return kept
}
