import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { lazyS3 } from '../../../../src/adapters/aws/s3-calls.ts'
import { s3Store } from '../../../../src/adapters/storage/s3.ts'
import { S3_CALL_MS_MAX } from '../../../../src/adapters/storage/s3-calling.ts'
import type { DocumentStore } from '../../../../src/storage/document-store.ts'
import type { FakeFault } from '../../../support/aws/fake-service.ts'
import { S3_FAKE_MARKS, s3Errors } from '../../../support/aws/s3-fake-answers.ts'
import { type S3Fake, type S3Operation, startS3Fake } from '../../../support/aws/s3-fake.ts'
import { heldDeadline, optionsFor, storeOver } from '../../../support/aws/s3-stores.ts'

const KEY = 'issuers/prod'
/** Of the event loop: seconds, where a few dozen are needed. */
const ROUNDS_MAX = 1_000_000
const BEFORE = { [KEY]: 'one' }
const RESET: FakeFault = { type: 'reset' }
const LOST_ANSWER: FakeFault = { type: 'lost_answer' }
const NO_ANSWER: FakeFault = { type: 'no_answer' }

interface Call {
  readonly title: string
  readonly operation: S3Operation
  /** The state of the store from which it succeeds. */
  readonly run: (store: DocumentStore, etag: string) => Promise<unknown>
  readonly result: unknown
  readonly after: Readonly<Record<string, string>>
}

const READS: readonly Call[] = [
  {
    title: 'get',
    operation: 'GetObject',
    run: (store) => store.get(KEY),
    result: { body: 'one', etag: expect.any(String) },
    after: BEFORE,
  },
  {
    title: 'list',
    operation: 'ListObjectsV2',
    run: (store) => store.list({ prefix: '', limit: 10 }),
    result: { keys: [KEY], more: false },
    after: BEFORE,
  },
]
const PUTS: readonly Call[] = [
  {
    title: 'creation',
    operation: 'PutObject',
    run: (store) => store.put('issuers/new', 'new', { ifNoneMatch: '*' }),
    result: 'written',
    after: { ...BEFORE, 'issuers/new': 'new' },
  },
  {
    title: 'replacement',
    operation: 'PutObject',
    run: (store, etag) => store.put(KEY, 'two', { ifMatch: etag }),
    result: 'written',
    after: { [KEY]: 'two' },
  },
]
const CALLS = [...READS, ...PUTS]

let fake: S3Fake
let etag: string

beforeEach(async () => {
  // The SDK waits for a random part of a second before it tries again.
  vi.spyOn(Math, 'random').mockReturnValue(0)
  fake = await startS3Fake()
  const store = storeOver(fake)
  await store.put(KEY, 'one', { ifNoneMatch: '*' })
  etag = (await store.get(KEY))?.etag ?? ''
})

afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await fake.close()
})

/** What a call is rejected with. */
async function faultOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (result) => expect.fail(`the call succeeded with ${JSON.stringify(result)}`),
    (error: unknown) => error,
  )
}

/** Nothing is told of S3's answer but the name of its error: no message, bucket, account or ARN. */
function aFault(
  message: unknown = expect.stringMatching(/^S3 (?:refused|could not be asked) \(\w+\)$/),
) {
  return expect.objectContaining({ name: 'Fault', code: 'storage_unavailable', message })
}

/** Waits until `fake` was called so often; `meanwhile` runs in each round of the event loop. */
async function called(times: number, meanwhile = (): void => {}): Promise<void> {
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    if (fake.calls.length >= times) return
    meanwhile()
    await setImmediate()
  }
  throw new Error(`the fake was called ${fake.calls.length} times, and not ${times} times`)
}

describe.each(CALLS)('$title', ({ operation, run, result, after }) => {
  test('succeeds where nothing is wrong', async () => {
    expect(await run(storeOver(fake), etag)).toEqual(result)
    expect(fake.objects()).toEqual(after)
  })

  test.each([
    ['is throttled', s3Errors.throttled],
    ['meets an internal error', s3Errors.internal],
    ['meets a reset connection', RESET],
  ])('succeeds when it %s twice', async (_title, fault) => {
    fake.inject(operation, fault, 2)
    const before = fake.calls.length
    expect(await run(storeOver(fake, { deadline: heldDeadline().deadline }), etag)).toEqual(result)
    expect(fake.calls.slice(before)).toEqual([operation, operation, operation])
    expect(fake.objects()).toEqual(after)
  })

  test.each([
    ['is throttled', s3Errors.throttled, 3, 'refused', 'SlowDown'],
    ['meets internal errors', s3Errors.internal, 3, 'refused', 'InternalError'],
    ['is denied', s3Errors.denied, 1, 'refused', 'AccessDenied'],
    ['meets reset connections', RESET, 3, 'could not be asked', 'TimeoutError'],
  ])('is a fault when it %s', async (_title, injected, attempts, ...[what, name]) => {
    fake.inject(operation, injected, 100)
    const before = fake.calls.length
    const { deadline } = heldDeadline()
    const fault = await faultOf(run(storeOver(fake, { deadline }), etag))
    expect(fault).toEqual(aFault(`S3 ${what} (${name})`))
    expect(fault).not.toHaveProperty('cause')
    expect(fake.calls.slice(before)).toEqual(Array.from({ length: attempts }, () => operation))
    expect(fake.objects()).toEqual(BEFORE)
  })

  test('is a fault at its deadline when there is no answer', async () => {
    fake.inject(operation, NO_ANSWER, 100)
    const before = fake.calls.length
    const held = heldDeadline()
    const running = run(storeOver(fake, { deadline: held.deadline }), etag)
    await called(before + 1)
    held.pass()
    expect(await faultOf(running)).toEqual(aFault('S3 did not answer within 4000 ms'))
    expect(fake.objects()).toEqual(BEFORE)
  })

  test('is tried anew when one attempt has no answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    fake.inject(operation, NO_ANSWER)
    const before = fake.calls.length
    const running = run(storeOver(fake, { deadline: heldDeadline().deadline }), etag)
    await called(before + 1)
    vi.advanceTimersByTime(1199)
    await setImmediate()
    expect(fake.calls).toHaveLength(before + 1)
    await called(before + 2, () => vi.advanceTimersByTime(1))
    expect(await running).toEqual(result)
    expect(fake.objects()).toEqual(after)
  })

  test('is a fault before its deadline when no attempt has an answer', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    fake.inject(operation, NO_ANSWER, 100)
    const before = fake.calls.length
    const running = faultOf(run(storeOver(fake, { deadline: heldDeadline().deadline }), etag))
    let milliseconds = 0
    for (const attempts of [1, 2, 3]) {
      await called(before + attempts, () => {
        vi.advanceTimersByTime(1)
        milliseconds += 1
      })
      vi.advanceTimersByTime(1200)
      milliseconds += 1200
    }
    expect(await running).toEqual(aFault('S3 could not be asked (TimeoutError)'))
    expect(milliseconds).toBeLessThan(S3_CALL_MS_MAX)
    expect(fake.objects()).toEqual(BEFORE)
  })

  test('is a fault where the service is gone', async () => {
    await fake.close()
    expect(await faultOf(run(storeOver(fake), etag))).toEqual(aFault())
    fake = await startS3Fake()
  })

  test('is a fault where there is no such bucket', async () => {
    const fault = await faultOf(run(storeOver({ url: fake.url, bucket: 'another' }), etag))
    expect(fault).toEqual(aFault('S3 refused (NoSuchBucket)'))
  })

  test('is a fault where there are no credentials', async () => {
    const error = Object.assign(new Error(S3_FAKE_MARKS.join(' ')), { name: 'NoCredentials' })
    const credentials = () => Promise.reject(error)
    const calls = lazyS3({ ...optionsFor(fake.url), credentials })
    const fault = await faultOf(run(s3Store({ calls, bucket: fake.bucket }), etag))
    expect(fault).toEqual(aFault('S3 could not be asked (NoCredentials)'))
    expect(fault).not.toHaveProperty('cause')
  })
})

describe.each(READS)('$title', ({ operation, run, result }) => {
  test('succeeds when an answer is lost', async () => {
    fake.inject(operation, LOST_ANSWER, 2)
    expect(await run(storeOver(fake), etag)).toEqual(result)
  })

  test('is a fault when every answer is lost', async () => {
    fake.inject(operation, LOST_ANSWER, 3)
    expect(await faultOf(run(storeOver(fake), etag))).toEqual(aFault())
  })

  test('is a fault when its answer breaks off', async () => {
    fake.inject(operation, s3Errors.halfAnswer, 100)
    const { deadline } = heldDeadline()
    expect(await faultOf(run(storeOver(fake, { deadline }), etag))).toEqual(aFault())
  })

  test('is a fault at its deadline when its answer does not go on', async () => {
    fake.inject(operation, s3Errors.endlessAnswer, 100)
    const before = fake.calls.length
    const held = heldDeadline()
    const running = run(storeOver(fake, { deadline: held.deadline }), etag)
    await called(before + 1)
    held.pass()
    expect(await faultOf(running)).toEqual(aFault('S3 did not answer within 4000 ms'))
  })
})

describe.each(PUTS)('$title', ({ operation, run, after }) => {
  test('conflicts with itself when its answer is lost', async () => {
    fake.inject(operation, LOST_ANSWER)
    expect(await run(storeOver(fake), etag)).toBe('conflict')
    expect(fake.objects()).toEqual(after)
  })

  test('is a fault at its deadline when its answer is late, and was written', async () => {
    const until = Promise.withResolvers<void>()
    fake.inject(operation, { type: 'late', until: until.promise })
    const before = fake.calls.length
    const held = heldDeadline()
    const running = run(storeOver(fake, { deadline: held.deadline }), etag)
    await called(before + 1)
    held.pass()
    expect(await faultOf(running)).toEqual(aFault('S3 did not answer within 4000 ms'))
    expect(fake.objects()).toEqual(after)
    until.resolve()
  })
})
