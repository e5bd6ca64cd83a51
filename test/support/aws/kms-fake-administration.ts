/**
 * The fake of AWS KMS as whoever administers keys sees it: which there are, what they are, and how they end.
 */

import { FAKE_ACCOUNT, invalid, KmsFakeError, textOf, type KmsInput } from './kms-fake-answers.ts'
import {
  findKey,
  findKeyOrAlias,
  requireNotPending,
  type FakeKey,
  type KeyState,
  type KeyTable,
} from './kms-fake-keys.ts'

export type Operation = (table: KeyTable, input: KmsInput) => unknown

/** KMS API reference, `ScheduleKeyDeletion`: 7 to 30 days, 30 unless told. */
const WINDOW_DAYS = { min: 7, max: 30 }
const DAY_SECONDS = 86_400
/** KMS API reference, `ListKeys` and `ListResourceTags`: so many at once, the first number unless told. */
const KEYS_LIMITS = { unlessTold: 100, max: 1000 }
const TAGS_LIMITS = { unlessTold: 50, max: 50 }

/** KMS developer guide, "Default key policy": IAM policies of the account decide. */
const DEFAULT_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${FAKE_ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
})

export const ADMINISTRATION: Readonly<Record<string, Operation>> = {
  DescribeKey: (table, input) => ({
    KeyMetadata: metadataOf(findKeyOrAlias(table, textOf(input, 'KeyId'))),
  }),
  DisableKey: (table, input) => changeState(table, input, 'Disabled'),
  EnableKey: (table, input) => changeState(table, input, 'Enabled'),
  ScheduleKeyDeletion: scheduleKeyDeletion,
  CancelKeyDeletion: cancelKeyDeletion,
  ListKeys: (table, input) => {
    const { items, ...page } = pageOf(table.all, input, KEYS_LIMITS, table.pageMax)
    return { Keys: items.map(({ arn, keyId }) => ({ KeyArn: arn, KeyId: keyId })), ...page }
  },
  ListResourceTags: (table, input) => {
    const tags = Object.entries(findKey(table, textOf(input, 'KeyId')).tags)
    const { items, ...page } = pageOf(tags, input, TAGS_LIMITS, table.pageMax)
    return { Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...page }
  },
  GetKeyPolicy: (table, input) => ({
    Policy: findKey(table, textOf(input, 'KeyId')).policy ?? DEFAULT_POLICY,
    PolicyName: 'default',
  }),
}

/** KMS developer guide, "Key states": a key about to be deleted is neither enabled nor disabled. */
function changeState(table: KeyTable, input: KmsInput, state: KeyState): undefined {
  const key = findKey(table, textOf(input, 'KeyId'))
  requireNotPending(key)
  key.state = state
}

/** KMS API reference, `ScheduleKeyDeletion`: a key about to be deleted already is a `KMSInvalidStateException`. */
function scheduleKeyDeletion(table: KeyTable, input: KmsInput) {
  const key = findKey(table, textOf(input, 'KeyId'))
  const { PendingWindowInDays: days = WINDOW_DAYS.max } = input
  if (!Number.isInteger(days) || Number(days) < WINDOW_DAYS.min || Number(days) > WINDOW_DAYS.max) {
    throw invalid(`Value at 'pendingWindowInDays' failed to satisfy constraint: 7 to 30`)
  }
  requireNotPending(key)
  key.state = 'PendingDeletion'
  const windowDays = Number(days)
  key.deletion = { windowDays, date: table.now() + windowDays * DAY_SECONDS }
  return {
    KeyId: key.arn,
    KeyState: key.state,
    PendingWindowInDays: windowDays,
    DeletionDate: key.deletion.date,
  }
}

/** KMS API reference, `CancelKeyDeletion`: the key is disabled then. */
function cancelKeyDeletion(table: KeyTable, input: KmsInput) {
  const key = findKey(table, textOf(input, 'KeyId'))
  if (key.state !== 'PendingDeletion') {
    throw new KmsFakeError('KMSInvalidStateException', `${key.arn} is not pending deletion.`)
  }
  key.state = 'Disabled'
  key.deletion = undefined
  return { KeyId: key.arn }
}

/** KMS API reference, `ListKeys`: a marker is there where the list is truncated, and is one that KMS has given out. */
function pageOf<Item>(
  all: readonly Item[],
  { Limit: limit, Marker: marker = '0' }: KmsInput,
  limits: { readonly unlessTold: number; readonly max: number },
  pageMax: number,
) {
  const asked = limit ?? limits.unlessTold
  if (!Number.isInteger(asked) || Number(asked) < 1 || Number(asked) > limits.max) {
    throw invalid(`Value at 'limit' failed to satisfy constraint: 1 to ${limits.max}`)
  }
  const start = Number(marker)
  if (!Number.isInteger(start) || start > all.length) {
    throw new KmsFakeError('InvalidMarkerException', 'Could not deserialize marker')
  }
  const end = start + Math.min(Number(asked), pageMax)
  const more = end < all.length
  return {
    items: all.slice(start, end),
    Truncated: more,
    ...(more && { NextMarker: String(end) }),
  }
}

export function metadataOf(key: FakeKey) {
  return {
    AWSAccountId: FAKE_ACCOUNT,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: key.createdAt,
    Description: key.description,
    Enabled: key.state === 'Enabled',
    KeySpec: key.spec,
    KeyState: key.state,
    KeyUsage: key.usage,
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
    ...(key.deletion !== undefined && { DeletionDate: key.deletion.date }),
  }
}
