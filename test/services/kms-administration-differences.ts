/**
 * What a sweep of keys relies on in AWS KMS, asked of the fake and moto alike: how keys end, and how they are found.
 */

import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  ListKeysCommand,
  ListResourceTagsCommand,
  paginateListKeys,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { answerOf, type Difference } from './difference.ts'
import { symmetricKey, withKey } from './kms-probes.ts'

export const KMS_ADMINISTRATION_DIFFERENCES: readonly Difference<KMSClient>[] = [
  {
    what: 'KMS: GetKeyPolicy without the name of a policy',
    documented: 'given',
    otherwise: { moto: '400 NotFoundException' },
    probe: withKey((client, id) =>
      answerOf(client.send(new GetKeyPolicyCommand({ KeyId: id })), () => 'given'),
    ),
  },
  {
    what: 'KMS: DisableKey by ARN',
    documented: 'done',
    otherwise: { moto: '500' },
    probe: withKey(async (client, id) => {
      const KeyId = await arnOf(client, id)
      return answerOf(client.send(new DisableKeyCommand({ KeyId })), () => 'done')
    }),
  },
  {
    what: 'KMS: ScheduleKeyDeletion by ARN',
    documented: 'PendingDeletion',
    otherwise: { moto: '500' },
    probe: withKey(async (client, id) => deletionAnswer(client, await arnOf(client, id), 30)),
  },
  {
    what: 'KMS: DisableKey of a key about to be deleted',
    documented: '400 KMSInvalidStateException',
    otherwise: { moto: 'done' },
    probe: withKey(async (client, id) => {
      await client.send(new ScheduleKeyDeletionCommand({ KeyId: id }))
      return answerOf(client.send(new DisableKeyCommand({ KeyId: id })), () => 'done')
    }),
  },
  {
    what: 'KMS: ScheduleKeyDeletion in 6 days',
    documented: '400 ValidationException',
    otherwise: { moto: 'no state' },
    probe: withKey((client, id) => deletionAnswer(client, id, 6)),
  },
  {
    what: 'KMS: ScheduleKeyDeletion in 30 days',
    documented: 'PendingDeletion',
    otherwise: { moto: 'no state' },
    probe: withKey((client, id) => deletionAnswer(client, id, 30)),
  },
  {
    what: 'KMS: ScheduleKeyDeletion for the second time',
    documented: '400 KMSInvalidStateException',
    otherwise: { moto: 'no state' },
    probe: withKey(async (client, id) => {
      await deletionAnswer(client, id, 30)
      return deletionAnswer(client, id, 30)
    }),
  },
  {
    what: 'KMS: CancelKeyDeletion by ARN',
    documented: 'Disabled',
    otherwise: { moto: '500' },
    probe: withKey(async (client, id) => {
      await deletionAnswer(client, id, 30)
      return cancellationAnswer(client, await arnOf(client, id))
    }),
  },
  {
    what: 'KMS: CancelKeyDeletion by id',
    documented: 'Disabled',
    probe: withKey(async (client, id) => {
      await deletionAnswer(client, id, 30)
      return cancellationAnswer(client, id)
    }),
  },
  {
    what: 'KMS: CancelKeyDeletion of a key that is not about to be deleted',
    documented: '400 KMSInvalidStateException',
    otherwise: { moto: 'Disabled' },
    probe: withKey(cancellationAnswer),
  },
  {
    what: 'KMS: ListKeys with a limit of 1',
    documented: 'one',
    otherwise: { moto: 'all' },
    probe: withKey(async (client) => {
      await symmetricKey(client)
      return answerOf(
        client.send(new ListKeysCommand({ Limit: 1 })),
        ({ Keys: keys = [], Truncated: more }) => (keys.length === 1 && more ? 'one' : 'all'),
      )
    }),
  },
  {
    what: 'KMS: ListKeys with a key about to be deleted',
    documented: 'listed',
    probe: withKey(async (client, id) => {
      await deletionAnswer(client, id, 30)
      const ids: (string | undefined)[] = []
      for await (const { Keys: keys = [] } of paginateListKeys({ client }, {})) {
        ids.push(...keys.map(({ KeyId }) => KeyId))
      }
      return ids.includes(id) ? 'listed' : 'not listed'
    }),
  },
  {
    what: 'KMS: tags that a key was made with',
    documented: 'signet:issuer=prod signet:slot=slot 1',
    probe: withKey((client, id) =>
      answerOf(client.send(new ListResourceTagsCommand({ KeyId: id })), ({ Tags = [] }) =>
        Tags.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`)
          .toSorted()
          .join(' '),
      ),
    ),
  },
]

async function arnOf(client: KMSClient, id: string): Promise<string> {
  const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId: id }))
  return key?.Arn ?? ''
}

function deletionAnswer(client: KMSClient, id: string, days: number): Promise<string> {
  const command = new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: days })
  return answerOf(client.send(command), ({ KeyState = 'no state' }) => KeyState)
}

/** What becomes of the key. */
function cancellationAnswer(client: KMSClient, id: string): Promise<string> {
  return answerOf(client.send(new CancelKeyDeletionCommand({ KeyId: id })), async () => {
    const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId: id }))
    return key?.KeyState ?? 'no state'
  })
}
