/**
 * A list of paths that is asked for in its order, over and over, and the check of the answers.
 *
 * The place in the list is kept from run to run: a short run of a long list would otherwise ask for its beginning alone.
 */

import { createHash } from 'node:crypto'
import { type Answer, requestText } from './connection.ts'
import type { AskedPath } from './messages.ts'

export interface Ask {
  readonly request: string
  readonly expected: AskedPath
}

export interface AskedList {
  readonly length: number
  next(): Ask
}

export function askedList(asked: readonly AskedPath[]): AskedList {
  const asks = asked.map((expected): Ask => ({ request: requestText(expected.path), expected }))
  let place = -1
  return {
    length: asks.length,
    next: () => {
      place = (place + 1) % asks.length
      const ask = asks[place]
      if (ask === undefined) throw new TypeError('an empty list of paths')
      return ask
    },
  }
}

/** Throws unless the answer is 200 with as many bytes as expected: what can be checked without slowing the load. */
export function checkQuickly({ head, body }: Answer, { path, bodyBytes }: AskedPath): void {
  if (!head.startsWith('HTTP/1.1 200 ')) {
    throw new Error(`GET ${path} was answered "${head.split('\r\n', 1)[0]}", not 200`)
  }
  if (body.length !== bodyBytes) {
    throw new Error(`GET ${path} was answered with ${body.length} bytes, not ${bodyBytes}`)
  }
}

/** Throws unless the answer is 200 with the very bytes that are expected. */
export function checkWholly(answer: Answer, expected: AskedPath): void {
  checkQuickly(answer, expected)
  const digest = createHash('sha256').update(answer.body).digest('hex')
  if (digest !== expected.bodySha256) {
    throw new Error(`GET ${expected.path} was answered with other bytes than expected`)
  }
}
