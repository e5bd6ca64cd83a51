/**
 * Static copies as they are in S3, and what becomes of calls that fail.
 */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type {
  StaticCopy,
  StaticCopyStore,
} from '../../../../src/static-copies/static-copy-store.ts'
import type { FakeFault } from '../../../support/aws/fake-service.ts'
import { S3_FAKE_MARKS, s3Errors } from '../../../support/aws/s3-fake-answers.ts'
import { type S3Fake, type S3Operation, startS3Fake } from '../../../support/aws/s3-fake.ts'
import { copiesOver, heldDeadline, storeOver } from '../../../support/aws/s3-stores.ts'

const NAME = 'oidc.acme.dev/prod/.well-known/jwks.json'
const COPY: StaticCopy = {
  body: '{"keys":[]}',
  contentType: 'application/jwk-set+json',
  cacheControl: 'public, max-age=300, s-maxage=60',
  ringVersion: 7,
  edition: 'edition-of-7',
}

let fake: S3Fake

beforeEach(async () => {
  // The SDK waits for a random part of a second before it tries again.
  vi.spyOn(Math, 'random').mockReturnValue(0)
  fake = await startS3Fake()
  await copiesOver(fake).put(NAME, COPY, { ifNoneMatch: '*' })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await fake.close()
})

test('a copy is an object that is answered as the document is', () => {
  expect(fake.copies()).toEqual({
    [NAME]: {
      body: COPY.body,
      etag: expect.any(String),
      headers: {
        'content-type': 'application/jwk-set+json',
        'cache-control': 'public, max-age=300, s-maxage=60',
        'x-amz-meta-signet-ring-version': '7',
        'x-amz-meta-signet-edition': 'edition-of-7',
      },
    },
  })
})

test.each([7, 10 ** 15, Number.MAX_SAFE_INTEGER])(
  'a copy of revision %d is read as it was written',
  async (ringVersion) => {
    const store = copiesOver(fake)
    await store.put(`${NAME}2`, { ...COPY, ringVersion }, { ifNoneMatch: '*' })
    expect(await store.get(`${NAME}2`)).toMatchObject({ ringVersion })
  },
)

test('documents and copies are in buckets of their own', async () => {
  await storeOver(fake).put('issuers/prod', 'a document', { ifNoneMatch: '*' })
  expect(fake.objects()).toEqual({ 'issuers/prod': 'a document' })
  expect(Object.keys(fake.copies())).toEqual([NAME])
  expect(await storeOver(fake).get(NAME)).toBeUndefined()
  expect(await copiesOver(fake).get('issuers/prod')).toBeUndefined()
})

test.each<[string, Readonly<Record<string, string>>, number]>([
  ['no metadata', {}, 0],
  ['a version that is no number', { 'signet-ring-version': '7x' }, 0],
  ['a version of none', { 'signet-ring-version': '0' }, 0],
  ['a version', { 'signet-ring-version': '12' }, 12],
  ['a version of 16 digits', { 'signet-ring-version': '1234567890123456' }, 1_234_567_890_123_456],
  ['the last version', { 'signet-ring-version': `${Number.MAX_SAFE_INTEGER}` }, 2 ** 53 - 1],
  ['a version beyond it', { 'signet-ring-version': `${2 ** 53}` }, Infinity],
  ['a version beyond all numbers', { 'signet-ring-version': '9'.repeat(2000) }, Infinity],
])(
  'what is there is of the revision that it says, or of none: %s',
  async (_title, metadata, ringVersion) => {
    const store = copiesOver(fake, {
      calls: {
        getObject: async () => ({ body: 'x', etag: '"e"', metadata }),
        putObject: async () => {},
        deleteObject: async () => {},
        listObjects: async () => ({ keys: [], continuation: undefined }),
      },
    })
    expect(await store.get(NAME)).toEqual({
      body: 'x',
      etag: '"e"',
      contentType: '',
      cacheControl: '',
      ringVersion,
      edition: '',
    })
  },
)

interface Call {
  readonly title: string
  readonly operation: S3Operation
  readonly run: (store: StaticCopyStore) => Promise<unknown>
  readonly result: unknown
  /** How many copies there are afterwards. */
  readonly left: number
}

const CALLS: readonly Call[] = [
  {
    title: 'a read',
    operation: 'GetObject',
    run: (store) => store.get(NAME),
    result: { ...COPY, etag: expect.any(String) },
    left: 1,
  },
  {
    title: 'a write',
    operation: 'PutObject',
    run: (store) => store.put(`${NAME}2`, COPY, { ifNoneMatch: '*' }),
    result: 'written',
    left: 2,
  },
  {
    title: 'a deletion',
    operation: 'DeleteObject',
    run: (store) => store.delete(NAME),
    result: undefined,
    left: 0,
  },
]

const copiesLeft = () => Object.keys(fake.copies()).length

describe.each(CALLS)('$title', ({ operation, run, result, left }) => {
  test.each<[string, FakeFault]>([
    ['is throttled', s3Errors.throttled],
    ['meets an internal error', s3Errors.internal],
    ['meets a reset connection', { type: 'reset' }],
  ])('succeeds when it %s twice', async (_title, fault) => {
    fake.inject(operation, fault, 2)
    expect(await run(copiesOver(fake, heldDeadline()))).toEqual(result)
    expect(copiesLeft()).toBe(left)
  })

  test.each<[string, FakeFault, string]>([
    ['is throttled', s3Errors.throttled, 'S3 refused (SlowDown)'],
    ['meets internal errors', s3Errors.internal, 'S3 refused (InternalError)'],
    ['is denied', s3Errors.denied, 'S3 refused (AccessDenied)'],
    ['meets reset connections', { type: 'reset' }, 'S3 could not be asked (TimeoutError)'],
  ])('is a fault of its own when it %s, without a word of S3', async (_title, fault, message) => {
    fake.inject(operation, fault, 100)
    const error: unknown = await run(copiesOver(fake, heldDeadline())).catch((e: unknown) => e)
    expect(error).toMatchObject({ name: 'Fault', code: 'static_copies_unavailable', message })
    expect(error).not.toHaveProperty('cause')
    for (const mark of S3_FAKE_MARKS) expect(String(error)).not.toContain(mark)
    expect(copiesLeft()).toBe(1)
  })

  test('is a fault at its deadline when there is no answer', async () => {
    fake.inject(operation, { type: 'no_answer' }, 100)
    const held = heldDeadline()
    const running = run(copiesOver(fake, held)).catch((error: unknown) => error)
    held.pass()
    expect(await running).toMatchObject({
      code: 'static_copies_unavailable',
      message: 'S3 did not answer within 4000 ms',
    })
  })

  test('is a fault where there is no such bucket', async () => {
    const store = copiesOver(fake, { bucket: 'marked-bucket-of-nobody' })
    await expect(run(store)).rejects.toMatchObject({
      code: 'static_copies_unavailable',
      message: 'S3 refused (NoSuchBucket)',
    })
  })
})

test('a write that another one met is tried again', async () => {
  const held = heldDeadline()
  fake.inject('PutObject', s3Errors.conflict, 2)
  const written = copiesOver(fake, held).put(`${NAME}2`, COPY, { ifNoneMatch: '*' })
  expect(await written).toBe('written')
  expect(held.waits).toEqual([50, 100])
})

test('a write whose answer was lost is a conflict, and is there', async () => {
  fake.inject('PutObject', { type: 'lost_answer' })
  const next = { ...COPY, body: 'next' }
  const { etag = '' } = (await copiesOver(fake).get(NAME)) ?? {}
  expect(await copiesOver(fake).put(NAME, next, { ifMatch: etag })).toBe('conflict')
  expect(await copiesOver(fake).get(NAME)).toMatchObject(next)
})
