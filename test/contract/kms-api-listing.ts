/**
 * How every transport to AWS KMS reads what KMS says of its keys: part of the contract suite of the port `KmsApi`, for which
 * the service is a fake.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import type { KmsApi } from '../../src/adapters/aws/kms-api.ts'
import { type KmsFake, startKmsFake } from '../support/aws/kms-fake.ts'
import { answering, expectNoMarks, KEY_ID, kmsErrorOf, MARKED } from './kms-api-faults.ts'
import { unaborted } from './kms-api.ts'

const LISTING = {
  ListKeys: (api: KmsApi) => api.listKeys(undefined, unaborted()),
  ListResourceTags: (api: KmsApi) => api.listResourceTags(KEY_ID, unaborted()),
  DescribeKey: (api: KmsApi) => api.describeKey(KEY_ID, unaborted()),
}

export function describeKmsListing(name: string, makeApi: (endpoint: string) => KmsApi): void {
  describe(`lists of KMS over ${name}`, () => {
    let fake: KmsFake
    let api: KmsApi

    beforeAll(async () => {
      fake = await startKmsFake()
      api = makeApi(fake.url)
      return () => fake.close()
    })

    test.each<[keyof typeof LISTING, string, unknown]>([
      ['ListKeys', 'keys without ARNs', { Keys: [{ KeyId: KEY_ID }], Truncated: false }],
      ['ListKeys', 'keys that are none', { Keys: ['marked'], Truncated: false }],
      ['ListKeys', 'no list', { Keys: { KeyArn: MARKED }, Truncated: false }],
      ['ListKeys', 'a page without the way to the next', { Keys: [], Truncated: true }],
      ['ListResourceTags', 'tags without names', { Tags: [{ TagValue: 'marked' }] }],
      ['ListResourceTags', 'tags without values', { Tags: [{ TagKey: 'marked' }] }],
      ['ListResourceTags', 'a page without the way to the next', { Tags: [], Truncated: true }],
      ['DescribeKey', 'no moment', describedAs({ CreationDate: undefined })],
      ['DescribeKey', 'a moment that is none', describedAs({ CreationDate: 'marked' })],
      ['DescribeKey', 'a moment behind all time', describedAs({ CreationDate: 1e300 })],
      ['DescribeKey', 'no key', describedAs({ Arn: undefined })],
      ['DescribeKey', 'no kind of key', describedAs({ KeySpec: undefined })],
      ['DescribeKey', 'no state', describedAs({ KeyState: undefined })],
    ])('takes an answer to %s with %s for none', async (operation, _, members) => {
      fake.inject(operation, answering({ status: 200, body: JSON.stringify(members) }))
      const error = await kmsErrorOf(LISTING[operation](api))
      expect(error).toMatchObject({ code: 'unavailable', awsName: 'UnreadableAnswer' })
      expectNoMarks(error)
    })

    test('gives up tags that have no end', async () => {
      const body = JSON.stringify({ Tags: [], Truncated: true, NextMarker: 'marked' })
      const before = fake.calls.length
      fake.inject('ListResourceTags', answering({ status: 200, body }), 50)
      const error = await kmsErrorOf(api.listResourceTags(KEY_ID, unaborted()))
      expect(error).toMatchObject({ code: 'unavailable', awsName: 'UnreadableAnswer' })
      expect(fake.calls.slice(before)).toHaveLength(50)
    })

    test('reads a page of 1,000 keys, and the way to the next', async () => {
      const arns = Array.from({ length: 1000 }, (_, n) => `${MARKED}-${n}`.padEnd(100, '0'))
      const keys = arns.map((KeyArn) => ({ KeyArn, KeyId: KeyArn.slice(-40) }))
      const body = JSON.stringify({ Keys: keys, Truncated: true, NextMarker: 'next page' })
      fake.inject('ListKeys', answering({ status: 200, body }))
      expect(await api.listKeys(undefined, unaborted())).toEqual({
        keyIds: arns,
        next: 'next page',
      })
    })

    test('asks for as many keys and tags as KMS gives at once, and for the page behind a marker', async () => {
      await kmsErrorOf(api.listKeys('another marker', unaborted()))
      await kmsErrorOf(api.listResourceTags(KEY_ID, unaborted()))
      expect(fake.requests.slice(-2)).toEqual([
        { operation: 'ListKeys', input: { Limit: 1000, Marker: 'another marker' } },
        { operation: 'ListResourceTags', input: { KeyId: KEY_ID, Limit: 50 } },
      ])
    })

    test.each(['Creating', 'PendingImport', 'Unavailable', 'Updating', 'NeverHeardOf'])(
      'takes the state %s for another one',
      async (KeyState) => {
        const body = JSON.stringify(describedAs({ KeyState }))
        fake.inject('DescribeKey', answering({ status: 200, body }))
        const key = { arn: MARKED, createdAt: 1_482_195_009, keySpec: 'RSA_2048', state: 'other' }
        expect(await api.describeKey(KEY_ID, unaborted())).toEqual(key)
      },
    )
  })
}

function describedAs(members: Readonly<Record<string, unknown>>) {
  const key = { Arn: MARKED, KeySpec: 'RSA_2048', KeyState: 'Enabled', CreationDate: 1482195009.99 }
  return { KeyMetadata: { ...key, ...members } }
}
