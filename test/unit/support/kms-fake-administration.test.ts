/**
 * How keys of the fake of AWS KMS are listed and end, seen by the SDK's client.
 */

import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  ListKeysCommand,
  type ListKeysCommandInput,
  ListResourceTagsCommand,
  type ListResourceTagsCommandInput,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { expect, test } from 'vitest'
import { startedKms, tagsOf } from '../../support/aws/started-kms.ts'

test('takes a deletion back, and leaves the key disabled', async () => {
  const { fake, client, createKey } = await startedKms()
  const KeyId = await createKey()
  const cancel = () => client.send(new CancelKeyDeletionCommand({ KeyId }))
  const enable = () => client.send(new EnableKeyCommand({ KeyId }))
  await expect(cancel()).rejects.toMatchObject({ name: 'KMSInvalidStateException' })
  const scheduled = await client.send(new ScheduleKeyDeletionCommand({ KeyId }))
  expect(scheduled).toMatchObject({ KeyState: 'PendingDeletion', PendingWindowInDays: 30 })
  await expect(enable()).rejects.toMatchObject({ name: 'KMSInvalidStateException' })
  await cancel()
  expect(fake.keys()).toMatchObject([{ state: 'Disabled', deletionWindowDays: undefined }])
  await enable()
  expect(fake.keys()).toMatchObject([{ state: 'Enabled' }])
})

test('lists its keys page by page', async () => {
  const { fake, client, createKey } = await startedKms()
  for (const _ of [1, 2, 3]) await createKey()
  const first = await client.send(new ListKeysCommand({ Limit: 2 }))
  const last = await client.send(new ListKeysCommand({ Limit: 2, Marker: first.NextMarker }))
  const arns = [...(first.Keys ?? []), ...(last.Keys ?? [])].map(({ KeyArn }) => KeyArn)
  const all = await client.send(new ListKeysCommand({ Limit: 3 }))
  expect([first, last, all].map(({ Truncated: more }) => more)).toEqual([true, false, false])
  expect(arns).toEqual(fake.keys().map(({ arn }) => arn))
})

test('lists no more at once than it is told to, whatever is asked for', async () => {
  const { fake, client, createKey } = await startedKms({ pageMax: 2 })
  const KeyId = await createKey({ Tags: tagsOf(3) })
  for (const _ of [1, 2]) await createKey()
  const { Keys: keys, NextMarker: marker } = await client.send(new ListKeysCommand({ Limit: 1000 }))
  const first = await client.send(new ListResourceTagsCommand({ KeyId }))
  const last = await client.send(new ListResourceTagsCommand({ KeyId, Marker: first.NextMarker }))
  expect([keys?.length, marker]).toEqual([2, '2'])
  expect([first.Truncated, last.Truncated, last.NextMarker]).toEqual([true, false, undefined])
  expect([...(first.Tags ?? []), ...(last.Tags ?? [])]).toEqual(tagsOf(3))
  expect(fake.keys()).toHaveLength(3)
})

test.each<[string, ListKeysCommandInput, string]>([
  ['no key at once', { Limit: 0 }, 'ValidationException'],
  ['more than 1,000 keys at once', { Limit: 1001 }, 'ValidationException'],
  ['a page that it has not named', { Marker: 'next' }, 'InvalidMarkerException'],
  ['a page behind the last', { Marker: '2' }, 'InvalidMarkerException'],
])('lists no keys for whoever asks for %s', async (_, input, name) => {
  const { client, createKey } = await startedKms()
  await createKey()
  await expect(client.send(new ListKeysCommand(input))).rejects.toMatchObject({ name })
})

test('lists no tags for whoever asks for more than 50 at once, or by an alias', async () => {
  const { client, createKey } = await startedKms()
  const KeyId = await createKey()
  await client.send(new CreateAliasCommand({ AliasName: 'alias/wrap', TargetKeyId: KeyId }))
  const listing = (input: ListResourceTagsCommandInput) =>
    client.send(new ListResourceTagsCommand(input))
  const notFound = { name: 'NotFoundException' }
  await expect(listing({ KeyId, Limit: 51 })).rejects.toMatchObject({ name: 'ValidationException' })
  await expect(listing({ KeyId: 'alias/wrap' })).rejects.toMatchObject(notFound)
  expect(await listing({ KeyId, Limit: 50 })).toMatchObject({ Tags: [], Truncated: false })
})

test('has the clock that it was given, and keeps the moments that it told', async () => {
  let now = 1_800_000_000.25
  const { fake, client, createKey } = await startedKms({ now: () => now })
  const KeyId = await createKey()
  now += 86_400
  const scheduled = await client.send(new ScheduleKeyDeletionCommand({ KeyId }))
  now += 86_400
  const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId }))
  expect(key?.CreationDate).toEqual(new Date(1_800_000_000_250))
  expect(key?.DeletionDate).toEqual(new Date(1_800_000_000_250 + 31 * 86_400_000))
  expect(scheduled.DeletionDate).toEqual(key?.DeletionDate)
  expect(fake.keys()).toMatchObject([{ createdAt: 1_800_000_000.25 }])
})
