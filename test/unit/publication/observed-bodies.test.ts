import { expect, test } from 'vitest'
import { observePublication } from '../../../src/publication/read-public-documents.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'
import { type FakeWeb, fakeWeb, ISSUER, JWKS_URL, watchedBody } from './public-documents.ts'

const { deadline } = heldDeadlines()
const clock = { now: () => 1_800_000_000 }

const observe = (web: FakeWeb) => observePublication(ISSUER, { fetch: web.fetch, clock, deadline })

test('an endless answer is read up to the limit, and cancelled', async () => {
  const body = watchedBody(new Uint8Array(65_536))
  const observed = await observe(fakeWeb({ jwks: () => new Response(body.stream) }))
  expect(observed).toMatchObject({ ok: false, problem: 'too_large' })
  expect(body).toMatchObject({ pulls: 5, isCancelled: true })
})

test.each([302, 404])('the body beside status %i is not read, and cancelled', async (status) => {
  const body = watchedBody()
  await observe(fakeWeb({ discovery: () => new Response(body.stream, { status }) }))
  expect(body).toMatchObject({ pulls: 0, isCancelled: true })
})

test('a body that breaks is no observation', async () => {
  const stream = new ReadableStream({
    pull: (controller) => controller.error(new TypeError('terminated')),
  })
  const observed = await observe(fakeWeb({ jwks: () => new Response(stream) }))
  expect(observed).toMatchObject({ ok: false, problem: 'unreachable' })
  expect(observed).toMatchObject({ message: expect.stringContaining(`${JWKS_URL} `) })
})
