import { describe, expect, test } from 'vitest'
import { boundedBytes, boundedText } from '../../src/bounded-body.ts'

interface Sent {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  /** How many pieces were asked for. */
  pulls: number
  isCancelled: boolean
}

/** One piece at a time, as it is asked for; `undefined` is a piece that never comes. */
function sending(pieces: Iterable<Uint8Array<ArrayBuffer> | undefined>): Sent {
  const iterator = pieces[Symbol.iterator]()
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (controller) => {
        sent.pulls += 1
        const { done, value } = iterator.next()
        if (done === true) controller.close()
        else if (value === undefined) return new Promise(() => {})
        else controller.enqueue(value)
        return undefined
      },
      cancel: () => {
        sent.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const sent: Sent = { body, pulls: 0, isCancelled: false }
  return sent
}

const bytes = (...numbers: number[]) => new Uint8Array(numbers)

function* endless() {
  for (;;) yield new Uint8Array(8)
}

describe('the bytes', () => {
  test.each([
    ['none', [], 4, []],
    ['one piece', [bytes(1, 2)], 4, [1, 2]],
    ['several pieces, one of them empty', [bytes(1), bytes(), bytes(2, 3)], 4, [1, 2, 3]],
    ['as many as are allowed', [bytes(1, 2), bytes(3, 4)], 4, [1, 2, 3, 4]],
  ])('are joined: %s', async (_title, pieces, max, expected) => {
    expect([...((await boundedBytes(sending(pieces), max)) ?? [])]).toEqual(expected)
  })

  test('of no body are none', async () => {
    expect(await boundedBytes(new Response(null), 4)).toEqual(bytes())
  })

  test('are not given out when there is one too many', async () => {
    const sent = sending([bytes(1, 2), bytes(3, 4, 5), bytes(6)])
    expect(await boundedBytes(sent, 4)).toBeUndefined()
    expect(sent).toMatchObject({ pulls: 2, isCancelled: true })
  })

  test('of an endless body are read up to the limit and no further', async () => {
    const sent = sending(endless())
    expect(await boundedBytes(sent, 20)).toBeUndefined()
    expect(sent).toMatchObject({ pulls: 3, isCancelled: true })
  })

  test('are refused also where the body cannot be cancelled', async () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(new Uint8Array(8)),
      cancel: () => Promise.reject(new Error('cannot')),
    })
    expect(await boundedBytes({ body }, 20)).toBeUndefined()
  })

  test('of a connection that breaks are a failure', async () => {
    const broken = new Error('broken')
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.error(broken),
    })
    await expect(boundedBytes({ body }, 20)).rejects.toBe(broken)
  })
})

describe('a signal', () => {
  test('that is aborted cancels the body, and half of it is not taken for the whole', async () => {
    const sent = sending([bytes(1), undefined])
    const giving = new AbortController()
    const reading = boundedBytes(sent, 4, giving.signal)
    giving.abort(new Error('given up'))
    await expect(reading).rejects.toThrow('given up')
    expect(sent.isCancelled).toBe(true)
  })

  test('that was aborted before cancels a body that comes only then', async () => {
    const sent = sending([bytes(1)])
    await expect(boundedBytes(sent, 4, AbortSignal.abort())).rejects.toThrow('abort')
    expect(sent.isCancelled).toBe(true)
  })

  test('that is not aborted changes nothing', async () => {
    const sent = sending([bytes(1)])
    expect(await boundedBytes(sent, 4, new AbortController().signal)).toEqual(bytes(1))
    expect(sent.isCancelled).toBe(false)
  })
})

describe('the text', () => {
  test('has the characters that were cut between two pieces', async () => {
    expect(await boundedText(sending([bytes(0x61, 0xc3), bytes(0xa4)]), 4)).toBe('aä')
  })

  test('has a replacement for what is not UTF-8', async () => {
    expect(await boundedText(sending([bytes(0x61, 0xff)]), 4)).toBe('a\ufffd')
  })

  test('of too many bytes is none', async () => {
    expect(await boundedText(sending([bytes(1, 2, 3, 4, 5)]), 4)).toBeUndefined()
  })
})
