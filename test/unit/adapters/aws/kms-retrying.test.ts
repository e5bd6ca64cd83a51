import { describe, expect, test } from 'vitest'
import { KmsError, type KmsApi, type KmsErrorCode } from '../../../../src/adapters/aws/kms-api.ts'
import type { Kms } from '../../../../src/adapters/aws/kms.ts'
import { KMS_CALL_MS_MAX, retryingKms } from '../../../../src/adapters/aws/retrying-kms.ts'
import { heldDeadlines } from '../../../support/workerd/held-deadlines.ts'

const BYTES = new Uint8Array([1, 2, 3])
const SIGN = { keyId: 'key-1', digest: BYTES, algorithm: 'ECDSA_SHA_256' } as const
const CREATE = { keySpec: 'RSA_2048', description: '', tags: {}, policy: undefined } as const
const PAIR = { keyId: 'key-1', keyPairSpec: 'RSA_2048', encryptionContext: { a: '1' } } as const
const DECRYPT = { keyId: 'key-1', ciphertext: BYTES, encryptionContext: { a: '1' } }

/** Of each call: how it is made, and what its transport then gets before the signal. */
const CALLS: readonly [keyof Kms, (kms: Kms) => Promise<unknown>, readonly unknown[]][] = [
  ['createKey', (kms) => kms.createKey(CREATE), [CREATE]],
  ['getPublicKey', (kms) => kms.getPublicKey('key-1'), ['key-1']],
  ['sign', (kms) => kms.sign(SIGN), [SIGN]],
  ['disableKey', (kms) => kms.disableKey('key-1'), ['key-1']],
  ['scheduleKeyDeletion', (kms) => kms.scheduleKeyDeletion('key-1', 7), ['key-1', 7]],
  ['cancelKeyDeletion', (kms) => kms.cancelKeyDeletion('key-1'), ['key-1']],
  ['listKeys', (kms) => kms.listKeys('page-2'), ['page-2']],
  ['listResourceTags', (kms) => kms.listResourceTags('key-1'), ['key-1']],
  ['describeKey', (kms) => kms.describeKey('key-1'), ['key-1']],
  ['generateDataKeyPair', (kms) => kms.generateDataKeyPair(PAIR), [PAIR]],
  ['decrypt', (kms) => kms.decrypt(DECRYPT), [DECRYPT]],
]
const REPEATABLE = CALLS.filter(([name]) => name !== 'createKey')
/** A key that was made a moment ago is not known everywhere at once. */
const JUST_MADE = 'getPublicKey'
const NEVER_RETRIED: readonly KmsErrorCode[] = [
  'denied',
  'disabled',
  'invalid_ciphertext',
  'rejected',
]

interface Attempted {
  readonly name: string
  readonly parameters: readonly unknown[]
  readonly signal: AbortSignal
  readonly end: PromiseWithResolvers<never>
}

/** A transport whose attempts end as the script says, in its order; those behind its end hang. */
function scripted(outcomes: readonly unknown[], random = 1) {
  const attempts: Attempted[] = []
  const pauses: number[] = []
  const logged: unknown[] = []
  const held = heldDeadlines()
  const api = new Proxy<KmsApi>({} as KmsApi, {
    get:
      (_, name) =>
      (...given: readonly unknown[]) => {
        const outcome = outcomes[attempts.length]
        const end = Promise.withResolvers<never>()
        const signal = given.at(-1) as AbortSignal
        attempts.push({ name: String(name), parameters: given.slice(0, -1), signal, end })
        if (attempts.length > outcomes.length) return end.promise
        return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)
      },
  })
  const kms = retryingKms(api, {
    deadline: held.deadline,
    pause: async (milliseconds) => {
      pauses.push(milliseconds)
    },
    random: () => random,
    log: (...record) => void logged.push(record),
  })
  return { api, kms, attempts, pauses, held, logged }
}

/** Everything that is decided already has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function failing(code: KmsErrorCode): KmsError {
  return new KmsError(code, `${code}Exception`)
}

/** The whole record: of the request, and of what KMS wrote, nothing is in it. */
function retried(code: KmsErrorCode): readonly unknown[] {
  return ['warn', 'key_service_retried', { code }]
}

describe.each(CALLS)('%s', (name, call, parameters) => {
  const attemptsMax = name === JUST_MADE ? 5 : 3
  const neverRetried = name === JUST_MADE ? NEVER_RETRIED : [...NEVER_RETRIED, 'not_found' as const]

  test('is attempted once when it works', async () => {
    const { kms, attempts, pauses, logged } = scripted(['a result'])
    expect(await call(kms)).toBe('a result')
    expect(attempts).toMatchObject([{ name, parameters }])
    expect(pauses).toEqual([])
    expect(logged).toEqual([])
  })

  test('is attempted again with the same request and signal while it is throttled', async () => {
    const { kms, attempts } = scripted([failing('throttled'), failing('throttled'), 'a result'])
    expect(await call(kms)).toBe('a result')
    expect(attempts).toMatchObject(Array.from({ length: 3 }, () => ({ name, parameters })))
    expect(new Set(attempts.map(({ signal }) => signal)).size).toBe(1)
  })

  test('fails as its last attempt did', async () => {
    const errors = Array.from({ length: attemptsMax }, () => failing('throttled'))
    const { kms, attempts, pauses, logged } = scripted([...errors, 'a result'])
    await expect(call(kms)).rejects.toBe(errors.at(-1))
    expect(attempts).toHaveLength(attemptsMax)
    expect(pauses).toHaveLength(attemptsMax - 1)
    // The last one is told by its caller.
    expect(logged).toEqual(Array.from({ length: attemptsMax - 1 }, () => retried('throttled')))
  })

  test.each(neverRetried)('is not attempted again when it is %s', async (code) => {
    const error = failing(code)
    const { kms, attempts, pauses, logged } = scripted([error, 'a result'])
    await expect(call(kms)).rejects.toBe(error)
    expect(attempts).toHaveLength(1)
    expect(pauses).toEqual([])
    expect(logged).toEqual([])
  })

  test('is not attempted again after an error that is not of KMS', async () => {
    const error = new TypeError('a mistake')
    const { kms, attempts } = scripted([error, 'a result'])
    await expect(call(kms)).rejects.toBe(error)
    expect(attempts).toHaveLength(1)
  })

  test('ends at its deadline, and its request with it', async () => {
    const { kms, attempts, held } = scripted([])
    const outcome = call(kms).catch((error: unknown) => error)
    await settled()
    expect(attempts[0]?.signal.aborted).toBe(false)
    expect(held.pass(KMS_CALL_MS_MAX)).toBe(1)
    expect(await outcome).toMatchObject({ code: 'unavailable', awsName: 'TimeoutError' })
    expect(attempts[0]?.signal.aborted).toBe(true)
  })

  test('is not attempted again behind its deadline', async () => {
    const { kms, attempts, pauses, held, logged } = scripted([])
    const outcome = call(kms).catch((error: unknown) => error)
    await settled()
    held.pass(KMS_CALL_MS_MAX)
    await outcome
    attempts[0]?.end.reject(failing('throttled'))
    await settled()
    expect(attempts).toHaveLength(1)
    expect(pauses).toEqual([])
    expect(logged).toEqual([])
  })
})

test.each(REPEATABLE)('%s is attempted again when there was no answer', async (_, call) => {
  const errors = [failing('unavailable'), failing('throttled')]
  const { kms, attempts, logged } = scripted([...errors, 'a result'])
  expect(await call(kms)).toBe('a result')
  expect(attempts).toHaveLength(3)
  expect(logged).toEqual([retried('unavailable'), retried('throttled')])
})

test('getPublicKey is attempted again while the key is not found, all within its deadline', async () => {
  const errors = Array.from({ length: 4 }, () => failing('not_found'))
  const { kms, attempts, pauses, logged } = scripted([...errors, 'a result'])
  expect(await kms.getPublicKey('key-1')).toBe('a result')
  // That is how new keys are.
  expect(logged).toEqual([])
  expect(attempts).toHaveLength(5)
  expect(pauses).toEqual([250, 500, 1000, 2000])
  expect(pauses.reduce((sum, pause) => sum + pause)).toBeLessThan(KMS_CALL_MS_MAX)
})

test('createKey is not attempted again when there was no answer: the key may be there', async () => {
  const error = failing('unavailable')
  const { kms, attempts } = scripted([failing('throttled'), error, 'a second key'])
  await expect(kms.createKey(CREATE)).rejects.toBe(error)
  expect(attempts).toHaveLength(2)
})

test.each([
  [1, [250, 500]],
  [0.5, [125, 250]],
  [0, [0, 0]],
])('pauses twice as long each time, times %d', async (random, expected) => {
  const { kms, pauses } = scripted([failing('throttled'), failing('throttled'), 1], random)
  await kms.sign(SIGN)
  expect(pauses).toEqual(expected)
})

test('ends at its deadline within a pause, and attempts nothing behind it', async () => {
  const { api, attempts, held } = scripted([failing('throttled'), 'a result'])
  const pause = Promise.withResolvers<void>()
  const signals: AbortSignal[] = []
  const kms = retryingKms(api, {
    deadline: held.deadline,
    pause: async (_, done) => {
      signals.push(done)
      return pause.promise
    },
  })
  const outcome = kms.sign(SIGN).catch((error: unknown) => error)
  await settled()
  held.pass(KMS_CALL_MS_MAX)
  expect(await outcome).toMatchObject({ code: 'unavailable', awsName: 'TimeoutError' })
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  pause.resolve()
  await settled()
  expect(attempts).toHaveLength(1)
})

test('has no deadline left when it has ended', async () => {
  const { kms, held, attempts } = scripted(['a result', failing('denied')])
  await kms.sign(SIGN)
  await kms.sign(SIGN).catch(() => {})
  expect(held.pass(KMS_CALL_MS_MAX)).toBe(0)
  expect(attempts.map(({ signal }) => signal.aborted)).toEqual([false, false])
})
