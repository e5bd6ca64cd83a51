/**
 * A list of requests that are made in its order, over and over, and the check of the answers.
 *
 * The place in the list is kept from run to run: a short run of a long list would otherwise ask for its beginning alone.
 */

import { createHash } from 'node:crypto'
import { type Answer, postText, requestText } from './connection.ts'
import type { Asked, AskedPath } from './messages.ts'

export interface Ask {
  readonly request: string
  readonly expected: Expected
}

/** What is expected of an answer: its bytes, or what they are like. */
export type Expected = AskedPath | { readonly path: string; readonly like: RegExp }

export interface AskedList {
  readonly length: number
  next(): Ask
}

export function askedList(asked: readonly Asked[]): AskedList {
  const asks = asked.map(askOf)
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

function askOf(asked: Asked): Ask {
  if (!('answer' in asked)) return { request: requestText(asked.path), expected: asked }
  const like = new RegExp(`^(?:${asked.answer})$`)
  return { request: postText(asked), expected: { path: asked.path, like } }
}

/**
 * Throws unless the answer is 200 with as many bytes as expected, or with bytes that are like what is expected: what can be
 * checked without slowing the load.
 */
export function checkQuickly({ head, body }: Answer, expected: Expected): void {
  const { path } = expected
  if (!head.startsWith('HTTP/1.1 200 ')) {
    throw new Error(
      `${path} was answered "${head.split('\r\n', 1)[0]}", not 200: ${body.toString('utf8')}`,
    )
  }
  if ('like' in expected) {
    if (expected.like.test(body.toString('latin1'))) return
    throw new Error(
      `${path} was answered with ${body.length} bytes that are not like what is expected`,
    )
  }
  if (body.length !== expected.bodyBytes) {
    throw new Error(`${path} was answered with ${body.length} bytes, not ${expected.bodyBytes}`)
  }
}

/** Throws unless the answer is 200 with the very bytes that are expected, or bytes that are like them. */
export function checkWholly(answer: Answer, expected: Expected): void {
  checkQuickly(answer, expected)
  if ('like' in expected) return
  const digest = createHash('sha256').update(answer.body).digest('hex')
  if (digest !== expected.bodySha256) {
    throw new Error(`${expected.path} was answered with other bytes than expected`)
  }
}
