import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import { formatStoredIssuer } from '../../../src/issuers/issuer-codec.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { locationKey, locationOf } from '../../../src/locations/issuer-location.ts'
import { formatLocationClaim } from '../../../src/locations/location-claim-codec.ts'
import { publicCopyBody } from '../../../src/reading/public-copy-body.ts'
import {
  publicIssuersFromCopies,
  publicIssuersFromDocuments,
} from '../../../src/reading/public-issuers.ts'
import type { DocumentReader, DocumentStore } from '../../../src/storage/document-store.ts'
import { anIssuer, aTombstone } from '../../support/fixtures.ts'

const STORED = formatStoredIssuer(anIssuer())
const OWN_URL = 'https://OIDC.eks.example/id/A1'
const AT_OWN_URL = anIssuer({ id: 'eks', issuer: OWN_URL })
const DEFAULT = locationOf('https://oidc.example.com/prod')
const ELSEWHERE = locationOf('https://x.example/prod')

/** A store with these bodies; a claim is written as its URL and its id. */
async function storeOf(
  bodies: Readonly<Record<string, string>>,
  claims: Readonly<Record<string, string>> = {},
): Promise<DocumentStore> {
  const store = memoryStore()
  for (const [key, body] of Object.entries(bodies)) await store.put(key, body, { ifNoneMatch: '*' })
  for (const [url, id] of Object.entries(claims)) {
    const location = locationOf(url)
    const body = formatLocationClaim({ location, id, claimedAt: 0 })
    await store.put(locationKey(location), body, { ifNoneMatch: '*' })
  }
  return store
}

/** Counts the keys that are read; reads of `broken` fail. */
function watched(store: DocumentReader, broken?: string) {
  const keys: string[] = []
  const get: DocumentReader['get'] = (key) => {
    keys.push(key)
    const down = new Fault('storage_unavailable', 'the store did not answer')
    return key === broken ? Promise.reject(down) : store.get(key)
  }
  return { keys, reader: { ...store, get } }
}

describe.each([
  ['copies', publicIssuersFromCopies, publicCopyBody],
  ['documents', publicIssuersFromDocuments, (_key: string, body: string) => body],
] as const)('public issuers read from %s', (_title, from, stored) => {
  const prod = stored('issuers/prod', STORED)
  const eks = stored('issuers/eks', formatStoredIssuer(AT_OWN_URL))

  test('are public copies, found at their default location by one read', async () => {
    const { keys, reader } = watched(await storeOf({ 'issuers/prod': prod }))
    expect(await from(reader).load(DEFAULT)).toEqual(publicCopyOf(anIssuer()))
    expect(keys).toEqual(['issuers/prod'])
  })

  test('are found at a URL of their own by the claim of its location', async () => {
    const { keys, reader } = watched(await storeOf({ 'issuers/eks': eks }, { [OWN_URL]: 'eks' }))
    expect(await from(reader).load(locationOf(OWN_URL))).toEqual(publicCopyOf(AT_OWN_URL))
    expect(keys).toEqual(['locations/oidc.eks.example/id/A1', 'issuers/eks'])
  })

  test('are found at the default location of another one who lives elsewhere', async () => {
    const tenant = anIssuer({ id: 'tenant', issuer: 'https://x.example/prod' })
    const store = await storeOf(
      {
        'issuers/prod': prod,
        'issuers/tenant': stored('issuers/tenant', formatStoredIssuer(tenant)),
      },
      { 'https://x.example/prod': 'tenant' },
    )
    expect(await from(store).load(ELSEWHERE)).toEqual(publicCopyOf(tenant))
    expect(await from(store).load(DEFAULT)).toEqual(publicCopyOf(anIssuer()))
  })

  test('are tombstones once they are deleted', async () => {
    const tombstone = stored('issuers/prod', formatStoredIssuer(aTombstone()))
    const store = await storeOf({ 'issuers/prod': tombstone })
    expect(await from(store).load(DEFAULT)).toEqual(publicCopyOf(aTombstone()))
  })

  test.each([
    ['at another host', 'https://x.example/prod', {}],
    ['at another port', 'https://oidc.example.com:8443/prod', {}],
    ['at another path', 'https://oidc.example.com/clusters/prod', {}],
    ['at the root', 'https://oidc.example.com', {}],
    ['in another case', 'https://oidc.example.com/Prod', {}],
    ['where a claim was left', 'https://x.example', { 'https://x.example': 'gone' }],
    ['where a claim of theirs was left', 'https://x.example', { 'https://x.example': 'prod' }],
    [
      'at a claim of their default id',
      'https://x.example/prod',
      { 'https://x.example/prod': 'prod' },
    ],
  ])('are not %s', async (_place, url, claims) => {
    const store = await storeOf({ 'issuers/prod': prod }, claims)
    expect(await from(store).load(locationOf(url))).toBeUndefined()
  })

  test('are a fault where their document cannot be read', async () => {
    const store = await storeOf({ 'issuers/prod': '{}' })
    await expect(from(store).load(DEFAULT)).rejects.toMatchObject({ code: 'document_corrupt' })
  })

  test('are not hidden by a document that cannot be read and may live elsewhere', async () => {
    const store = await storeOf(
      { 'issuers/id': '{}', 'issuers/eks': eks },
      { 'https://oidc.eks.example/id': 'eks' },
    )
    expect(await from(store).load(locationOf('https://oidc.eks.example/id'))).toBeUndefined()
    const moved = anIssuer({ id: 'eks', issuer: 'https://oidc.eks.example/id' })
    const body = stored('issuers/eks', formatStoredIssuer(moved))
    const good = await storeOf(
      { 'issuers/id': '{}', 'issuers/eks': body },
      { 'https://oidc.eks.example/id': 'eks' },
    )
    expect(await from(good).load(locationOf('https://oidc.eks.example/id'))).toMatchObject({
      id: 'eks',
    })
  })

  test.each([
    ['the document', 'issuers/prod'],
    ['the claim', 'locations/x.example/prod'],
  ])('are a fault where the store does not answer for %s', async (_what, broken) => {
    const { reader } = watched(await storeOf({ 'issuers/prod': prod }), broken)
    await expect(from(reader).load(ELSEWHERE)).rejects.toMatchObject({
      code: 'storage_unavailable',
    })
  })

  test('are a fault also where the claim leads to another one, whose turn it is not', async () => {
    const store = await storeOf(
      { 'issuers/prod': prod, 'issuers/eks': eks },
      { 'https://oidc.example.com/prod': 'eks' },
    )
    const { reader } = watched(store, 'issuers/prod')
    await expect(from(reader).load(DEFAULT)).rejects.toMatchObject({ code: 'storage_unavailable' })
  })

  test('are not read twice where the claim names the default id', async () => {
    const store = await storeOf({ 'issuers/prod': prod }, { 'https://x.example/prod': 'prod' })
    const { keys, reader } = watched(store)
    expect(await from(reader).load(ELSEWHERE)).toBeUndefined()
    expect(keys).toEqual(['issuers/prod', 'locations/x.example/prod'])
  })

  test('are as stale as these', () => {
    expect(from({ ...memoryStore(), stalenessSeconds: 300 }).stalenessSeconds).toBe(300)
  })
})

test('public issuers refuse a whole document among copies', async () => {
  const issuers = publicIssuersFromCopies(await storeOf({ 'issuers/prod': STORED }))
  await expect(issuers.load(DEFAULT)).rejects.toMatchObject({ code: 'document_corrupt' })
})
