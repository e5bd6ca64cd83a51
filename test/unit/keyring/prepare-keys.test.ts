import { describe, expect, test } from 'vitest'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { lacksFirstKey, prepareKeys } from '../../../src/keyring/prepare-keys.ts'
import { keyManagers } from '../../../src/signers/key-managers.ts'
import {
  anAdoptedKey,
  anIssuer,
  aRing,
  EC_JWK,
  fakeKeyManager,
  NOW,
} from '../../support/fixtures.ts'
import { POLICY } from '../../support/rotation-fixtures.ts'
import type { Custody } from '../../../src/signers/key-manager.ts'

function newIssuer(custody: Custody, members: Partial<IssuerDocument> = {}): IssuerDocument {
  const policy = { ...POLICY, algorithm: 'ES256' as const, custody }
  return anIssuer({ revision: 4, policy, ring: aRing({ keys: [] }), ...members })
}

function prepare(document: IssuerDocument) {
  const sealed = fakeKeyManager()
  const kms = { ...fakeKeyManager(), custody: 'kms' as const }
  const managers = keyManagers(sealed, kms)
  const prepared = prepareKeys({ keyManagers: managers }, document, NOW + 7)
  return { prepared, sealed, kms }
}

describe('a document before it is written', () => {
  test('gets its first key, bound to its issuer, slot and algorithm', async () => {
    const document = newIssuer('sealed')
    const before = structuredClone(document)
    const { prepared, sealed } = prepare(document)
    const { ring, ...rest } = await prepared
    const [{ slot } = { slot: '' }] = sealed.created
    expect(slot).toMatch(/^[\w-]{22}$/)
    expect(sealed.created).toEqual([{ issuerId: 'prod', slot, alg: 'ES256' }])
    expect(ring.keys).toEqual([
      {
        kid: expect.stringMatching(/^[\w-]{43}$/) as string,
        alg: 'ES256',
        publicJwk: EC_JWK,
        keyRef: 'reference-1',
        slot,
        custody: 'sealed',
        publishedAt: NOW + 7,
        publishedRevision: 4,
        activatesAt: NOW + 7 - 60,
      },
    ])
    expect({ ...rest, ring: before.ring }).toEqual(before)
    expect(document).toEqual(before)
  })

  test('gets a slot of its own', async () => {
    const [first, second] = [prepare(newIssuer('sealed')), prepare(newIssuer('sealed'))]
    await Promise.all([first.prepared, second.prepared])
    expect(first.sealed.created[0]?.slot).not.toBe(second.sealed.created[0]?.slot)
  })

  test('gets a key that has to be proved beside those of a cluster', async () => {
    const ring = aRing({ keys: [], adopted: [anAdoptedKey()] })
    const { ring: after } = await prepare(newIssuer('sealed', { ring })).prepared
    expect(after.keys).toHaveLength(1)
    expect(after.keys[0]).not.toHaveProperty('activatesAt')
  })

  test.each<[string, IssuerDocument]>([
    ['whose key would be left behind if it is never written', newIssuer('kms')],
    ['that has a key', newIssuer('sealed', { ring: aRing() })],
    ['that only publishes', newIssuer('none')],
  ])('stays as it is: one %s', async (_title, document) => {
    const { prepared, sealed, kms } = prepare(document)
    expect(await prepared).toBe(document)
    expect([sealed.created, kms.created]).toEqual([[], []])
  })

  test('is refused where the host has no such custody', async () => {
    const { prepared } = prepare(newIssuer('kms-wrapped'))
    await expect(prepared).rejects.toMatchObject({ code: 'key_unavailable' })
  })
})

test.each<[string, IssuerDocument, boolean]>([
  ['an issuer without one', newIssuer('kms'), true],
  [
    'also one with adopted keys',
    newIssuer('kms', { ring: aRing({ keys: [], adopted: [anAdoptedKey()] }) }),
    true,
  ],
  ['not one that has one', anIssuer(), false],
  ['not one that only publishes', newIssuer('none'), false],
])('the first key is lacking: %s', (_title, document, lacks) => {
  expect(lacksFirstKey(document)).toBe(lacks)
})
