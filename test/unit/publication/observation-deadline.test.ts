import { describe, expect, test } from 'vitest'
import { observePublication } from '../../../src/publication/read-public-documents.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'
import {
  DISCOVERY_URL,
  discoveryAnswer,
  type FakeWeb,
  fakeWeb,
  ISSUER,
  JWKS_URL,
  jwksAnswer,
  VERSION,
  watchedBody,
} from './public-documents.ts'

const clock = { now: () => 1_800_000_000 }

function observing({ fetch }: FakeWeb) {
  const held = heldDeadlines()
  const observed = observePublication(ISSUER, { fetch, clock, deadline: held.deadline })
  return { observed, pass: () => held.pass(5000) }
}

const timedOutAt = (url: string) => ({
  ok: false,
  problem: 'timed_out',
  message: `${url} was not there in full when the 5 s for both public documents were over, and relying parties wait no longer: see what makes it slow`,
})

/** An answer in the hand of the test. */
function heldAnswer() {
  const asked = Promise.withResolvers<AbortSignal>()
  const answer = Promise.withResolvers<Response>()
  const give = (signal: AbortSignal) => {
    asked.resolve(signal)
    return answer.promise
  }
  return { give, asked: asked.promise, answer: answer.resolve, fail: answer.reject }
}

describe.each([
  ['discovery', DISCOVERY_URL, 1],
  ['jwks', JWKS_URL, 2],
])('at %s', (document, url, requests) => {
  test('a request that is not answered is given up at the deadline', async () => {
    const held = heldAnswer()
    const { observed, pass } = observing(fakeWeb({ [document]: held.give }))
    const signal = await held.asked
    expect(signal.aborted).toBe(false)
    expect(pass()).toBe(1)
    expect(await observed).toEqual(timedOutAt(url))
    expect(signal.aborted).toBe(true)
  })

  test('a body that hangs is cancelled at the deadline', async () => {
    const body = watchedBody()
    const answer = () => new Response(body.stream, { headers: VERSION })
    const { observed, pass } = observing(fakeWeb({ [document]: answer }))
    await body.isRead
    expect(pass()).toBe(1)
    expect(await observed).toEqual(timedOutAt(url))
    expect(body.isCancelled).toBe(true)
  })

  test.each([200, 404])(
    'an answer of status %i after the deadline is cancelled unread, and nothing more is asked',
    async (status) => {
      const held = heldAnswer()
      const web = fakeWeb({ [document]: held.give })
      const { observed, pass } = observing(web)
      await held.asked
      pass()
      await observed
      const cancelled = Promise.withResolvers<void>()
      let pulls = 0
      const late = new ReadableStream(
        { pull: () => void (pulls += 1), cancel: () => cancelled.resolve() },
        { highWaterMark: 0 },
      )
      held.answer(new Response(late, { status }))
      await cancelled.promise
      expect(pulls).toBe(0)
      expect(web.asked).toHaveLength(requests)
    },
  )

  test('a failure after the deadline is heard by nobody', async () => {
    const held = heldAnswer()
    const { observed, pass } = observing(fakeWeb({ [document]: held.give }))
    await held.asked
    pass()
    held.fail(new TypeError('too late'))
    expect(await observed).toEqual(timedOutAt(url))
  })
})

test('both documents share one deadline', async () => {
  const [first, second] = [heldAnswer(), heldAnswer()]
  const { observed, pass } = observing(fakeWeb({ discovery: first.give, jwks: second.give }))
  const signal = await first.asked
  first.answer(discoveryAnswer())
  expect(await second.asked).toBe(signal)
  expect(pass()).toBe(1)
  expect(await observed).toEqual(timedOutAt(JWKS_URL))
})

test('an answer in time ends the deadline', async () => {
  const held = heldAnswer()
  const { observed, pass } = observing(fakeWeb({ jwks: held.give }))
  const signal = await held.asked
  held.answer(jwksAnswer())
  expect(await observed).toMatchObject({ ok: true })
  expect(pass()).toBe(0)
  expect(signal.aborted).toBe(false)
})
