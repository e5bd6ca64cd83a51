import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { buildDiscoveryDocument } from '../../../src/documents/discovery.ts'
import { buildJwkSet } from '../../../src/documents/jwk-set.ts'
import {
  documentRenderer,
  type RenderedDocuments,
} from '../../../src/documents/rendered-documents.ts'
import type { PublicIssuer } from '../../../src/issuers/issuer-document.ts'
import type { PublicationBounds } from '../../../src/issuers/policy.ts'
import {
  aKey,
  anAdoptedKey,
  anIssuer,
  aRing,
  EC_JWK,
  NO_BOUNDS,
  NOW,
} from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  EXPIRED_COPIES,
} from '../../support/rotation-fixtures.ts'

const LEAVING = anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + 100 } })
const ISSUER: PublicIssuer = anIssuer({ ring: aRing({ adopted: [LEAVING] }) })

const kidsIn = (rendered: RenderedDocuments | undefined) => rendered?.jwkSet.body.match(/kid-\w+/g)

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
    const kidsAt = async (now: number, bounds: Partial<PublicationBounds> = {}) => {
      const renderer = documentRenderer({ ...NO_BOUNDS, ...bounds })
      return (await renderer.render(issuer, now))?.jwkSet.body.match(/kid-./g)
    }
    expect(await kidsAt(retired - 1)).toEqual(['kid-a', 'kid-b'])
    expect(await kidsAt(retired)).toEqual(['kid-b'])
    for (const bounds of [{ documentStalenessSeconds: 1 }, { lastGoodSeconds: 1 }]) {
      expect(await kidsAt(retired, bounds)).toEqual(['kid-a', 'kid-b'])
      expect(await kidsAt(retired + 1, bounds)).toEqual(['kid-b'])
    }
  })

  describe('while an older policy is in force', () => {
    const settling = aSettling({ seenAt: NOW })
    /** From then on nobody has tokens of the old length any more. */
    const settled = NOW + 60 + 120 + 2 * settling.tokenTtlMaxSeconds + EXPIRED_COPIES
    const handOver = settled - 6000
    const next = aSuccessor({ activatesAt: handOver })
    const issuer = aRotating([ACTIVE, next], { settling })

    test('have the key that its tokens need, and are made anew when it leaves with that policy', async () => {
      const renderer = documentRenderer(BOUNDS)
      const before = await renderer.render(issuer, settled - 1)
      expect(kidsIn(before)).toEqual(['kid-a', 'kid-next'])
      expect(renderer.kept(issuer, settled - 1)).toBe(before)
      expect(renderer.kept(issuer, settled)).toBeUndefined()
      expect(kidsIn(await renderer.render(issuer, settled))).toEqual(['kid-next'])
    })

    test('are made anew too where the clock goes back behind that', async () => {
      const renderer = documentRenderer(BOUNDS)
      await renderer.render(issuer, settled)
      expect(renderer.kept(issuer, settled - 1)).toBeUndefined()
      expect(kidsIn(await renderer.render(issuer, settled - 1))).toEqual(['kid-a', 'kid-next'])
    })

    test('are made anew when an older max-age ceases to be in force', async () => {
      const renderer = documentRenderer(BOUNDS)
      const first = NOW + 60 + 120 + 2 * 900 + EXPIRED_COPIES
      const last = first - 1
      const before = await renderer.render(issuer, last)
      expect(renderer.kept(issuer, last)).toBe(before)
      expect(renderer.kept(issuer, first)).toBeUndefined()
    })

    test('are kept beyond its time while the new one was not seen', async () => {
      const renderer = documentRenderer(BOUNDS)
      const unseen = aRotating([ACTIVE, next], { settling: aSettling() })
      const retired = handOver + 7200 + 300 + 60 + 120 + 900 + 120
      const before = await renderer.render(unseen, settled)
      expect(kidsIn(before)).toEqual(['kid-a', 'kid-next'])
      expect(renderer.kept(unseen, retired - 1)).toBe(before)
      expect(renderer.kept(unseen, retired)).toBeUndefined()
    })
  })

  test.each([
    ['in an empty ring', aRing({ keys: [] }), NOW],
    ['once the last adopted key has left', aRing({ keys: [], adopted: [LEAVING] }), NOW + 100],
    ['once its own key is revoked', aRing({ keys: [aKey({ revokedAt: NOW })] }), NOW],
  ])('are none while no key is published: %s', async (_title, ring, now) => {
    expect(await documentRenderer(NO_BOUNDS).render(anIssuer({ ring }), now)).toBeUndefined()
  })
})
