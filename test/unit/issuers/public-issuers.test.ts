import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { formatStoredIssuer } from '../../../src/issuers/issuer-codec.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import {
  publicCopyBody,
  publicIssuersFromCopies,
  publicIssuersFromDocuments,
} from '../../../src/issuers/public-issuers.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import { anIssuer, aTombstone } from '../../support/fixtures.ts'

const STORED = formatStoredIssuer(anIssuer())

async function storeWith(body: string): Promise<DocumentStore> {
  const store = memoryStore()
  await store.put('issuers/prod', body, { ifNoneMatch: '*' })
  return store
}

describe('public issuers', () => {
  test.each([
    ['copies', publicIssuersFromCopies, publicCopyBody('issuers/prod', STORED)],
    ['documents', publicIssuersFromDocuments, STORED],
  ])('read from %s are public copies', async (_title, from, body) => {
    const issuers = from(await storeWith(body))
    expect(await issuers.load('prod')).toEqual(publicCopyOf(anIssuer()))
    expect(await issuers.load('test')).toBeUndefined()
  })

  test.each([
    ['copies', publicIssuersFromCopies],
    ['documents', publicIssuersFromDocuments],
  ])('read from %s are as stale as these', (_title, from) => {
    expect(from({ ...memoryStore(), stalenessSeconds: 300 }).stalenessSeconds).toBe(300)
  })

  test('refuses a whole document among copies', async () => {
    const issuers = publicIssuersFromCopies(await storeWith(STORED))
    await expect(issuers.load('prod')).rejects.toMatchObject({ code: 'document_corrupt' })
  })
})

describe('the copy to publish', () => {
  test('has nothing private of an issuer or of its tombstone', () => {
    const bodies = [anIssuer(), aTombstone()].map((stored) =>
      publicCopyBody('issuers/prod', formatStoredIssuer(stored)),
    )
    expect(bodies.join('')).not.toMatch(/private-reference|slot|nonce|the cluster is gone|kids/)
  })

  test('refuses a document that lies under the key of another issuer', () => {
    expect(() => publicCopyBody('issuers/test', STORED)).toThrow('of another issuer')
  })
})
