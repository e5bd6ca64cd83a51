import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { DocumentObject } from '../../functions/worker/objects.ts'
import { Fault } from '../../src/errors.ts'
import { jsonLog } from '../../src/log.ts'
import type { CopyStore } from '../../src/storage/document-store.ts'
import { issuerBody, MARKED_KEY_REF, tombstoneBody } from '../support/workerd/stored-bodies.ts'
import {
  failingCopies,
  keeperOver,
  keptIn,
  newObject,
  NOW,
  unchanged,
  withStorage,
  workingCopies,
  SETTLED,
} from './keeper-over.ts'

const KEY = 'issuers/prod'
const CREATE = { ifNoneMatch: '*' } as const

const newKey = (): string => `issuers/${crypto.randomUUID()}`
const sameText = (_key: string, body: string): string => body
const noCopy = (): never => {
  throw new Fault('document_corrupt', 'it is not JSON')
}

describe('the real object', () => {
  test('publishes a copy that holds nothing private', async () => {
    const key = newKey()
    const object = newObject()
    expect(await object.put(key, issuerBody(key, 1), CREATE)).toBe('written')
    const copy = (await env.PUBLIC_COPIES.get(key)) ?? ''
    expect(JSON.parse(copy)).toMatchObject({ revision: 1, ring: { keys: [{ kid: 'kid-1' }] } })
    expect(copy).not.toContain(MARKED_KEY_REF)
    expect(copy).not.toMatch(/keyRef|slot|writeNonce/)
    expect((await object.get())?.body).toContain(MARKED_KEY_REF)
    await runInDurableObject(object, async (_, { storage }) => {
      expect(Object.keys((await keptIn(storage)).values)).toEqual(['document'])
      expect(await storage.getAlarm()).toBeNull()
    })
  })

  test('publishes the copy of each write', async () => {
    const key = newKey()
    const object = newObject()
    await object.put(key, issuerBody(key, 1), CREATE)
    const found = await object.get()
    await object.put(key, issuerBody(key, 2), { ifMatch: found?.etag ?? '' })
    expect(JSON.parse((await env.PUBLIC_COPIES.get(key)) ?? '')).toMatchObject({ revision: 2 })
  })

  test('refuses a text that is no stored issuer, and keeps nothing', async () => {
    // Beside the object, since the runtime prints what a call from outside throws.
    await runInDurableObject(newObject(), async (instance, { storage }) => {
      const putting = (instance as DocumentObject).put(KEY, '{}', CREATE)
      await expect(putting).rejects.toMatchObject({ code: 'document_corrupt' })
      expect(await keptIn(storage)).toEqual({ values: {}, alarmIn: null })
    })
  })

  test('delivers by its alarm what could not be delivered', async () => {
    const key = newKey()
    const object = newObject()
    await runInDurableObject(object, async (_, { storage }) => {
      const keeper = keeperOver(storage, { copies: failingCopies, copyOf: sameText })
      expect(await keeper.put(key, tombstoneBody(key, 'one'), CREATE)).toBe('written')
    })
    expect(await env.PUBLIC_COPIES.get(key)).toBeNull()
    expect(await runDurableObjectAlarm(object)).toBe(true)
    expect(await env.PUBLIC_COPIES.get(key)).toBe(tombstoneBody(key, 'one'))
  })
})

describe('a document keeper', () => {
  test('keeps a text that is empty', async () => {
    await withStorage(async (storage) => {
      const keeper = keeperOver(storage)
      expect(await keeper.put(KEY, '', CREATE)).toBe('written')
      expect(keeper.get()?.body).toBe('')
      expect(await keeper.put(KEY, '', CREATE)).toBe('conflict')
    })
  })

  test.each([
    ['a creation', CREATE],
    ['a stale replacement', { ifMatch: '"invented"' }],
  ])(
    'changes neither document nor outbox nor alarm on the conflict of %s',
    async (_, condition) => {
      await withStorage(async (storage) => {
        const keeper = keeperOver(storage, { copies: failingCopies })
        await keeper.put(KEY, 'one', CREATE)
        const before = await keptIn(storage)
        expect(Object.keys(before.values)).toEqual(['document', 'outbox'])
        expect(await keeper.put(KEY, 'two', condition)).toBe('conflict')
        expect(await keptIn(storage)).toEqual(before)
      })
    },
  )

  test('refuses a text that has no copy before it writes anything', async () => {
    await withStorage(async (storage) => {
      const copies = recordingCopies()
      const putting = keeperOver(storage, { copies, copyOf: noCopy }).put(KEY, 'one', CREATE)
      await expect(putting).rejects.toMatchObject({ code: 'document_corrupt' })
      expect(await keptIn(storage)).toEqual({ values: {}, alarmIn: null })
      expect(copies.puts).toEqual([])
    })
  })

  test('keeps the document when its next text has no copy', async () => {
    await withStorage(async (storage) => {
      const keeper = keeperOver(storage)
      await keeper.put(KEY, 'one', CREATE)
      const before = await keptIn(storage)
      const putting = keeperOver(storage, { copyOf: noCopy }).put(KEY, 'two', unchanged(keeper))
      await expect(putting).rejects.toMatchObject({ code: 'document_corrupt' })
      expect(await keptIn(storage)).toEqual(before)
    })
  })

  test('does nothing on an alarm with nothing to deliver', async () => {
    await withStorage(async (storage) => {
      const copies = recordingCopies()
      await keeperOver(storage, { copies }).alarm()
      expect(copies.puts).toEqual([])
      expect(await keptIn(storage)).toEqual({ values: {}, alarmIn: null })
    })
  })
})

describe('a copy store that fails', () => {
  test('does not undo the write: its copy waits for the alarm', async () => {
    await withStorage(async (storage) => {
      const keeper = keeperOver(storage, { copies: failingCopies })
      expect(await keeper.put(KEY, 'one', CREATE)).toBe('written')
      expect(keeper.get()?.body).toBe('one')
      const { values, alarmIn } = await keptIn(storage)
      expect(values['outbox']).toMatchObject({ key: KEY, copy: 'copy of one' })
      expect(alarmIn).toBeGreaterThan(0)
    })
  })

  test('gets the newest copy alone once it works again', async () => {
    await withStorage(async (storage) => {
      const broken = keeperOver(storage, { copies: failingCopies })
      await broken.put(KEY, 'one', CREATE)
      await broken.put(KEY, 'two', unchanged(broken))
      const copies = recordingCopies()
      await keeperOver(storage, { copies }).alarm()
      expect(copies.puts).toEqual([[KEY, 'copy of two']])
    })
  })

  test('gets it once more when what failed before can no longer take effect', async () => {
    await withStorage(async (storage) => {
      await keeperOver(storage, { copies: failingCopies }).put(KEY, 'one', CREATE)
      const copies = recordingCopies()
      await keeperOver(storage, { copies }).alarm()
      expect((await keptIn(storage)).alarmIn).toBe(60)
      await keeperOver(storage, { copies, clock: SETTLED }).alarm()
      expect(copies.puts).toEqual([
        [KEY, 'copy of one'],
        [KEY, 'copy of one'],
      ])
      const { values, alarmIn } = await keptIn(storage)
      expect([Object.keys(values), alarmIn]).toEqual([['document'], null])
    })
  })

  test('is asked again ever more rarely, but at least once a minute', async () => {
    await withStorage(async (storage) => {
      let now = NOW
      const keeper = keeperOver(storage, { copies: failingCopies, clock: { now: () => now } })
      await keeper.put(KEY, 'one', CREATE)
      const delays: number[] = []
      for (let attempt = 1; attempt <= 10; attempt++) {
        const delay = ((await storage.getAlarm()) ?? 0) / 1000 - now
        delays.push(delay)
        now += delay
        await keeper.alarm()
      }
      expect(delays).toEqual(delays.toSorted((a, b) => a - b))
      expect(new Set(delays.slice(0, 4)).size).toBe(4)
      expect(delays[0]).toBeGreaterThanOrEqual(2)
      expect(delays.at(-1)).toBe(60)
    })
  })

  test('is asked soon again after the next write', async () => {
    await withStorage(async (storage) => {
      const keeper = keeperOver(storage, { copies: failingCopies })
      await keeper.put(KEY, 'one', CREATE)
      const { alarmIn: first } = await keptIn(storage)
      for (let attempt = 1; attempt <= 5; attempt++) await keeper.alarm()
      await keeper.put(KEY, 'two', unchanged(keeper))
      expect((await keptIn(storage)).alarmIn).toBe(first)
    })
  })

  test('does not speak in the log', async () => {
    await withStorage(async (storage) => {
      const lines: string[] = []
      const log = jsonLog((_, line) => void lines.push(line))
      await keeperOver(storage, { copies: failingCopies, log }).put(KEY, 'one', CREATE)
      const record = { level: 'warn', event: 'copy_not_delivered', key: KEY, attempts: 1 }
      expect(lines.map((line) => JSON.parse(line))).toEqual([{ ...record, cause: 'TypeError' }])
    })
  })
})

function recordingCopies(): CopyStore & { readonly puts: (readonly [string, string])[] } {
  const puts: (readonly [string, string])[] = []
  return { ...workingCopies, puts, put: async (key, body) => void puts.push([key, body]) }
}
