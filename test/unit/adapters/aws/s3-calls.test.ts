import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { lazyS3, type S3Calls, s3StatusOf } from '../../../../src/adapters/aws/s3-calls.ts'
import { s3Store } from '../../../../src/adapters/storage/s3.ts'
import type { FakeFault } from '../../../support/aws/fake-service.ts'
import { s3Errors } from '../../../support/aws/s3-fake-answers.ts'
import { type S3Fake, startS3Fake } from '../../../support/aws/s3-fake.ts'
import { optionsFor } from '../../../support/aws/s3-stores.ts'

const made = vi.hoisted(() => ({ sdks: 0, clients: 0 }))

vi.mock(import('@aws-sdk/client-s3'), async (original) => {
  made.sdks += 1
  const sdk = await original()
  class S3Client extends sdk.S3Client {
    constructor(...options: ConstructorParameters<typeof sdk.S3Client>) {
      super(...options)
      made.clients += 1
    }
  }
  return { ...sdk, S3Client }
})

const KEY = 'issuers/prod'
const NO_ANSWER: FakeFault = { type: 'no_answer' }

let fake: S3Fake

beforeEach(async () => {
  fake = await startS3Fake()
})

afterEach(async () => {
  vi.restoreAllMocks()
  await fake.close()
})

test('the SDK is loaded by the first call, and has one client for all', async () => {
  const store = s3Store({ calls: lazyS3(optionsFor(fake.url)), bucket: fake.bucket })
  expect(made).toEqual({ sdks: 0, clients: 0 })
  await Promise.all([store.get(KEY), store.list({ prefix: '', limit: 1 }), store.get(KEY)])
  await store.put(KEY, 'one', { ifNoneMatch: '*' })
  expect(made).toEqual({ sdks: 1, clients: 1 })
})

describe('calls', () => {
  const { signal } = new AbortController()

  test('have the bucket in the path where an endpoint has a name', async () => {
    const { port } = new URL(fake.url)
    const calls = lazyS3(optionsFor(`http://localhost:${port}`))
    const address = { bucket: fake.bucket, key: KEY }
    await calls.putObject({ ...address, body: 'one', ifNoneMatch: '*' }, signal)
    expect(await calls.getObject(address, signal)).toMatchObject({ body: 'one' })
  })

  test('list no more than they are asked for', async () => {
    const { bucket } = fake
    const calls = lazyS3(optionsFor(fake.url))
    for (const key of ['issuers/a', 'issuers/b']) {
      await calls.putObject({ bucket, key, body: key, ifNoneMatch: '*' }, signal)
    }
    const range = { bucket, prefix: '', after: undefined, limit: 1, continuation: undefined }
    expect((await calls.listObjects(range, signal)).keys).toEqual(['issuers/a'])
  })

  test('write an empty document without a word of the SDK', async () => {
    const warn = vi.spyOn(console, 'warn')
    const put = { bucket: fake.bucket, key: KEY, body: '', ifNoneMatch: '*' } as const
    await lazyS3(optionsFor(fake.url)).putObject(put, signal)
    expect(fake.objects()).toEqual({ [KEY]: '' })
    expect(warn).not.toHaveBeenCalled()
  })

  test.each<[string, FakeFault, (calls: S3Calls, end: AbortSignal) => Promise<unknown>]>([
    ['get', NO_ANSWER, (calls, end) => calls.getObject({ bucket: fake.bucket, key: KEY }, end)],
    [
      'get amid its answer',
      s3Errors.endlessAnswer,
      (calls, end) => calls.getObject({ bucket: fake.bucket, key: KEY }, end),
    ],
    [
      'put',
      NO_ANSWER,
      (calls, end) =>
        calls.putObject({ bucket: fake.bucket, key: KEY, body: 'one', ifNoneMatch: '*' }, end),
    ],
    [
      'delete',
      NO_ANSWER,
      (calls, end) => calls.deleteObject({ bucket: fake.copiesBucket, key: KEY }, end),
    ],
    [
      'list',
      NO_ANSWER,
      (calls, end) => {
        const range = { prefix: '', after: undefined, limit: 1, continuation: undefined }
        return calls.listObjects({ bucket: fake.bucket, ...range }, end)
      },
    ],
  ])('end when their signal is aborted: %s', async (_title, fault, run) => {
    const end = new AbortController()
    fake.inject('*', fault, 100)
    const running = run(lazyS3(optionsFor(fake.url)), end.signal).catch((error: unknown) => error)
    await vi.waitFor(() => expect(fake.calls).toHaveLength(1), { timeout: 10_000, interval: 5 })
    end.abort()
    expect(await running).toBeInstanceOf(Error)
    expect(fake.calls).toHaveLength(1)
  })

  test('are refused by the fake: a deletion of a document', async () => {
    const calls = lazyS3(optionsFor(fake.url))
    const address = { bucket: fake.bucket, key: KEY }
    await calls.putObject({ ...address, body: 'one', ifNoneMatch: '*' }, signal)
    const refused = calls.deleteObject(address, signal)
    expect(await refused.catch((error: unknown) => s3StatusOf(error))).toBe(501)
    expect(fake.objects()).toEqual({ [KEY]: 'one' })
  })

  test.each([
    ['no condition', {}],
    ['two conditions', { ifNoneMatch: '*', ifMatch: 'a' }],
    ['a quoted etag', { ifMatch: '"a"' }],
    ['the etag of any object', { ifMatch: '*' }],
  ] as const)('are refused by the fake: a put under %s', async (_t, given) => {
    const calls = lazyS3(optionsFor(fake.url))
    const address = { bucket: fake.bucket, key: KEY }
    await calls.putObject({ ...address, body: 'one', ifNoneMatch: '*' }, signal)
    const refused = await calls
      .putObject({ ...address, body: 'two', ...given }, signal)
      .catch((error: unknown) => s3StatusOf(error))
    expect([412, 501]).toContain(refused)
    expect(fake.objects()).toEqual({ [KEY]: 'one' })
  })
})

test.each([
  [undefined],
  ['text'],
  [new Error('no answer')],
  [{ $metadata: { httpStatusCode: 404 } }],
])('there is no status of %j', (error) => {
  expect(s3StatusOf(error)).toBeUndefined()
})
