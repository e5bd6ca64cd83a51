import { expect, test } from 'vitest'
import { documentRenderer } from '../../../src/documents/rendered-documents.ts'
import { answerDocument } from '../../../src/http/document-answer.ts'
import { copiesOfIssuer, isSameCopy } from '../../../src/static-copies/copies-of-issuer.ts'
import type { StaticCopy } from '../../../src/static-copies/static-copy-store.ts'
import { anIssuer, NO_BOUNDS, NOW } from '../../support/fixtures.ts'
import { POLICY } from '../../support/rotation-fixtures.ts'

async function rendered(issuer = anIssuer()) {
  const documents = await documentRenderer(NO_BOUNDS).render(issuer, NOW)
  if (documents === undefined) throw new Error('it publishes no key')
  return { issuer, documents, copies: await copiesOfIssuer(issuer, documents) }
}

test.each(['discovery', 'jwkSet'] as const)('a copy is what the host answers: %s', async (name) => {
  const { issuer, documents, copies } = await rendered(anIssuer({ revision: 9, policy: POLICY }))
  const answer = answerDocument(name, issuer, documents, new Headers())
  expect(copies[name]).toMatchObject({
    body: await answer.text(),
    contentType: answer.headers.get('Content-Type'),
    cacheControl: answer.headers.get('Cache-Control'),
    ringVersion: 9,
  })
})

test('copies that were made together are of one edition, and of the same bytes the same', async () => {
  const { copies } = await rendered()
  expect(copies.discovery.edition).toMatch(/^[\w-]{43}$/)
  expect(copies.jwkSet.edition).toBe(copies.discovery.edition)
  expect((await rendered()).copies).toEqual(copies)
})

test.each([
  ['another revision', anIssuer({ revision: 2 })],
  ['another max-age', anIssuer({ policy: { ...anIssuer().policy, jwksMaxAgeSeconds: 61 } })],
  ['another discovery document alone', anIssuer({ issuer: 'https://oidc.acme.dev/other' })],
])('%s is another edition', async (_title, other) => {
  const [one, two] = [await rendered(), await rendered(other)]
  expect(two.copies.jwkSet.edition).not.toBe(one.copies.jwkSet.edition)
})

const COPY: StaticCopy = {
  body: 'body',
  contentType: 'type',
  cacheControl: 'cache',
  ringVersion: 7,
  edition: 'edition',
}

test('a copy is the same with whatever etag', () => {
  expect(isSameCopy({ ...COPY }, COPY)).toBe(true)
  expect(isSameCopy(undefined, COPY)).toBe(false)
})

test.each(Object.keys(COPY))('a copy with another %s is another', (member) => {
  expect(isSameCopy({ ...COPY, [member]: member === 'ringVersion' ? 6 : '' }, COPY)).toBe(false)
})
