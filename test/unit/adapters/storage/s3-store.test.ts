import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { S3Calls, S3ListRequest, S3PutRequest } from '../../../../src/adapters/aws/s3-calls.ts'
import { s3Store } from '../../../../src/adapters/storage/s3.ts'
import { s3Errors } from '../../../support/aws/s3-fake-answers.ts'
import { type S3Fake, startS3Fake } from '../../../support/aws/s3-fake.ts'
import { heldDeadline, storeOver } from '../../../support/aws/s3-stores.ts'

const KEY = 'issuers/prod'

let fake: S3Fake

beforeEach(async () => {
  fake = await startS3Fake({ pageKeysMax: 2 })
})

afterEach(() => fake.close())

test('the store says what it is', () => {
  expect(storeOver(fake)).toMatchObject({ name: 's3', stalenessSeconds: 0 })
  expect(fake.calls).toEqual([])
})

const unexpected = () => Promise.reject(new Error('unexpected call'))

/** Calls that a test answers, and that fail the test otherwise. */
function callsWith(answers: Partial<S3Calls>): S3Calls {
  return {
    getObject: unexpected,
    putObject: unexpected,
    deleteObject: unexpected,
    listObjects: unexpected,
    ...answers,
  }
}

describe('deployments in one bucket', () => {
  test('do not see each other', async () => {
    const [one, other] = [
      storeOver(fake, { prefix: 'signet/' }),
      storeOver(fake, { prefix: 'signet/2/' }),
    ]
    expect(await one.put(KEY, 'one', { ifNoneMatch: '*' })).toBe('written')
    expect(await other.get(KEY)).toBeUndefined()
    expect(await other.put(KEY, 'other', { ifNoneMatch: '*' })).toBe('written')
    expect(await one.get(KEY)).toMatchObject({ body: 'one' })
    expect(await other.get(KEY)).toMatchObject({ body: 'other' })
    expect(await other.list({ prefix: '', limit: 9 })).toEqual({ keys: [KEY], more: false })
    expect(await one.list({ prefix: 'issuers/', limit: 9 })).toEqual({ keys: [KEY], more: false })
    expect(fake.objects()).toEqual({
      'signet/issuers/prod': 'one',
      'signet/2/issuers/prod': 'other',
    })
  })

  test('list on after a key of their own', async () => {
    const store = storeOver(fake, { prefix: 'signet/' })
    for (const id of ['a', 'b', 'c']) await store.put(`issuers/${id}`, id, { ifNoneMatch: '*' })
    const page = await store.list({ prefix: 'issuers/', after: 'issuers/a', limit: 9 })
    expect(page).toEqual({ keys: ['issuers/b', 'issuers/c'], more: false })
  })

  test('have no prefix that another could begin with', () => {
    expect(() => storeOver(fake, { prefix: 'signet' })).toThrow(
      new TypeError('prefix must be empty or end in "/", got "signet"'),
    )
  })
})

describe('a list', () => {
  test('is read page by page', async () => {
    const store = storeOver(fake)
    const keys = ['a', 'b', 'c', 'd', 'e'].map((id) => `issuers/${id}`)
    for (const key of keys) await store.put(key, key, { ifNoneMatch: '*' })
    const before = fake.calls.length
    expect(await store.list({ prefix: 'issuers/', limit: 9 })).toEqual({ keys, more: false })
    expect(fake.calls.slice(before)).toEqual(Array.from({ length: 3 }, () => 'ListObjectsV2'))
  })

  test('asks for no more than S3 gives at once, and for one key more than it needs', async () => {
    const asked: (readonly [limit: number, after: string | undefined, from: string | undefined])[] =
      []
    const listObjects = async ({ limit, after, continuation }: S3ListRequest) => {
      asked.push([limit, after, continuation])
      const keys = Array.from({ length: limit }, (_, n) => `${asked.length}/${n}`)
      return { keys, continuation: `token ${asked.length}` }
    }
    const store = s3Store({ calls: callsWith({ listObjects }), bucket: 'documents' })
    const page = await store.list({ prefix: '', after: 'x', limit: 2500 })
    expect(page.keys).toHaveLength(2500)
    expect(page.more).toBe(true)
    expect(asked).toEqual([
      [1000, 'x', undefined],
      [1000, 'x', 'token 1'],
      [501, 'x', 'token 2'],
    ])
  })

  test('goes on over a page without keys, and believes keys alone', async () => {
    const pages = [
      { keys: ['a'], continuation: 'one' },
      { keys: [], continuation: 'two' },
      { keys: ['b'], continuation: 'three' },
      { keys: [], continuation: undefined },
    ]
    const listObjects = async () => pages.shift() ?? { keys: [], continuation: undefined }
    const store = s3Store({ calls: callsWith({ listObjects }), bucket: 'documents' })
    expect(await store.list({ prefix: '', limit: 2 })).toEqual({ keys: ['a', 'b'], more: false })
  })
})

describe('an etag that S3 cannot have given', () => {
  test.each([
    [''],
    ['*'],
    ['"*"'],
    ['undefined'],
    ['""'],
    ['"a", "b"'],
    ['"a","b"'],
    ['W/"a"'],
    ['"W/"a""'],
    ['a'],
    ['"a"\n'],
    ['"a b"'],
  ])('%j is a conflict, and is not sent', async (ifMatch) => {
    const store = s3Store({ calls: callsWith({}), bucket: 'documents' })
    expect(await store.put(KEY, 'two', { ifMatch })).toBe('conflict')
  })

  test.each([['"5d41402abc4b2a76b9719d911017c592"'], ['"5d41402abc4b2a76b9719d911017c592-12"']])(
    'is not %s, which is sent without its quotes',
    async (ifMatch) => {
      const sent: S3PutRequest[] = []
      const putObject = async (request: S3PutRequest) => void sent.push(request)
      const store = s3Store({ calls: callsWith({ putObject }), bucket: 'documents' })
      expect(await store.put(KEY, 'two', { ifMatch })).toBe('written')
      const unquoted = ifMatch.replaceAll('"', '')
      expect(sent).toEqual([{ bucket: 'documents', key: KEY, body: 'two', ifMatch: unquoted }])
    },
  )

  test.each([[''], ['*'], ['"*"'], ['W/"a"']])('%j makes a document a fault', async (given) => {
    const getObject = async () => ({ body: 'one', etag: given })
    const store = s3Store({ calls: callsWith({ getObject }), bucket: 'documents' })
    await expect(store.get(KEY)).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'S3 gave a document without an etag to replace it by',
    })
  })
})

describe('a put that meets another one', () => {
  test('is tried again under its condition', async () => {
    const { deadline, waits } = heldDeadline()
    const store = storeOver(fake, { deadline })
    fake.inject('PutObject', s3Errors.conflict, 4)
    expect(await store.put(KEY, 'one', { ifNoneMatch: '*' })).toBe('written')
    expect(fake.calls).toHaveLength(5)
    expect(waits).toEqual([50, 100, 150, 200])
    expect(fake.objects()).toEqual({ [KEY]: 'one' })
  })

  test('conflicts where the other one was written', async () => {
    const store = storeOver(fake, { deadline: heldDeadline().deadline })
    await store.put(KEY, 'other', { ifNoneMatch: '*' })
    fake.inject('PutObject', s3Errors.conflict, 2)
    expect(await store.put(KEY, 'one', { ifNoneMatch: '*' })).toBe('conflict')
    expect(fake.objects()).toEqual({ [KEY]: 'other' })
  })

  test('is a fault where that has no end', async () => {
    const store = storeOver(fake, { deadline: heldDeadline().deadline })
    fake.inject('PutObject', s3Errors.conflict, 100)
    await expect(store.put(KEY, 'one', { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'S3 refused (ConditionalRequestConflict)',
    })
    expect(fake.calls).toHaveLength(5)
    expect(fake.objects()).toEqual({})
  })
})

describe('a call', () => {
  test.each([['passes'], ['does not']])(
    'is stopped once it is over: its deadline %s',
    async (its) => {
      const signals: AbortSignal[] = []
      const answer = Promise.withResolvers<{ body: string; etag: string }>()
      const getObject: S3Calls['getObject'] = (_address, signal) => {
        signals.push(signal)
        return answer.promise
      }
      const held = heldDeadline()
      const store = s3Store({
        calls: callsWith({ getObject }),
        bucket: 'documents',
        deadline: held.deadline,
      })
      const running = store.get(KEY).catch(() => undefined)
      expect(signals.map(({ aborted }) => aborted)).toEqual([false])
      if (its === 'passes') held.pass()
      else answer.resolve({ body: 'one', etag: '"a"' })
      await running
      expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    },
  )
})
