import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { buildDiscoveryDocument } from '../../../src/documents/discovery.ts'
import { buildJwkSet } from '../../../src/documents/jwk-set.ts'
import { documentRenderer } from '../../../src/documents/rendered-documents.ts'
import type { PublicIssuer } from '../../../src/issuers/issuer-document.ts'
import {
  aKey,
  anAdoptedKey,
  anIssuer,
  aRing,
  EC_JWK,
  NO_BOUNDS,
  NOW,
} from '../../support/fixtures.ts'

const LEAVING = anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + 100 } })
const ISSUER: PublicIssuer = anIssuer({ ring: aRing({ adopted: [LEAVING] }) })

describe('the documents of an issuer', () => {
  test('are those of its published keys, each with the hash of its bytes', async () => {
    const rendered = await documentRenderer(NO_BOUNDS).render(ISSUER, NOW)
    const published = [aKey(), LEAVING]
    expect(rendered?.discovery.body).toBe(JSON.stringify(buildDiscoveryDocument(ISSUER, published)))
    expect(rendered?.jwkSet.body).toBe(JSON.stringify(buildJwkSet(published)))
    for (const { body, etag } of [rendered?.discovery, rendered?.jwkSet].filter(
      (d) => d !== undefined,
    )) {
      expect(etag).toBe(`"${createHash('sha256').update(body).digest('base64url')}"`)
    }
  })

  test('are the same object while nothing changes', async () => {
    const renderer = documentRenderer(NO_BOUNDS)
    const first = await renderer.render(ISSUER, NOW)
    expect(await renderer.render(ISSUER, NOW + 99)).toBe(first)
  })

  test('are made anew when a key leaves by time, and when the clock goes back', async () => {
    const renderer = documentRenderer(NO_BOUNDS)
    const first = await renderer.render(ISSUER, NOW + 99)
    const second = await renderer.render(ISSUER, NOW + 100)
    expect(second?.jwkSet.body).toBe(JSON.stringify(buildJwkSet([aKey()])))
    expect(second?.jwkSet.etag).not.toBe(first?.jwkSet.etag)
    expect(await renderer.render(ISSUER, NOW + 99)).toEqual(first)
  })

  test('are those of each issuer, also of one with keys of the same names', async () => {
    const renderer = documentRenderer(NO_BOUNDS)
    await renderer.render(ISSUER, NOW)
    const other = { ...ISSUER, issuer: 'https://other.example' }
    expect((await renderer.render(other, NOW))?.discovery.body).toContain(
      '"issuer":"https://other.example"',
    )
  })

  test('have a superseded key for as long as the bounds demand', async () => {
    const next = aKey({ kid: 'kid-b', alg: 'ES256', publicJwk: EC_JWK, activatesAt: NOW + 10 })
    const issuer = anIssuer({ ring: aRing({ keys: [aKey(), next] }) })
    const retired = NOW + 10 + 86_400 + 300 + 600 + 120
    const kidsAt = async (now: number, documentStalenessSeconds: number) => {
      const renderer = documentRenderer({ documentStalenessSeconds, lastGoodSeconds: 0 })
      return (await renderer.render(issuer, now))?.jwkSet.body.match(/kid-./g)
    }
    expect(await kidsAt(retired - 1, 0)).toEqual(['kid-a', 'kid-b'])
    expect(await kidsAt(retired, 0)).toEqual(['kid-b'])
    expect(await kidsAt(retired, 1)).toEqual(['kid-a', 'kid-b'])
  })

  test.each([
    ['in an empty ring', aRing({ keys: [] }), NOW],
    ['once the last adopted key has left', aRing({ keys: [], adopted: [LEAVING] }), NOW + 100],
    ['once its own key is revoked', aRing({ keys: [aKey({ revokedAt: NOW })] }), NOW],
  ])('are none while no key is published: %s', async (_title, ring, now) => {
    expect(await documentRenderer(NO_BOUNDS).render(anIssuer({ ring }), now)).toBeUndefined()
  })
})
