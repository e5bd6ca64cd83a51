/**
 * Issuers with adopted keys, through arbitrary histories of what operators do, beside a naive model.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { issuerHealth } from '../../src/documents/issuer-health.ts'
import { documentRenderer } from '../../src/documents/rendered-documents.ts'
import {
  formatPublicCopy,
  formatStoredIssuer,
  parsePublicCopy,
  parseStoredIssuer,
} from '../../src/issuers/issuer-codec.ts'
import { type IssuerDocument, publicCopyOf } from '../../src/issuers/issuer-document.ts'
import { successorKey } from '../../src/keyring/key-status.ts'
import { mintToken } from '../../src/tokens/mint.ts'
import { NO_BOUNDS, type Operators, valueOf } from '../support/fixtures.ts'
import {
  adoptionOf,
  anyCustody,
  anyEntry,
  anyHistory,
  liveThrough,
  type Model,
  newIssuer,
  perform,
  revisionFor,
} from '../support/property-adoptions.ts'
import { materialOf, OWN_KEY } from '../support/property-keys.ts'

const request = {
  subject: { type: 'plain' as const, subject: 'someone' },
  audience: 'sts.amazonaws.com',
  ttlSeconds: 600,
  claims: {},
}

async function liveDocument({ body }: Operators): Promise<IssuerDocument | undefined> {
  const stored = parseStoredIssuer('prod', (await body()) ?? '')
  return stored.kind === 'issuer' ? stored : undefined
}

interface JwkSet {
  readonly keys: readonly { readonly kid: string; readonly alg: string }[]
}

/** The JWK Set as a relying party reads it: each kid and what it names. */
async function jwkSetAt(document: IssuerDocument, now: number): Promise<[string, string][]> {
  const copy = publicCopyOf(document)
  if (copy.kind !== 'issuer') throw new TypeError('a live issuer has a live copy')
  const documents = await documentRenderer(NO_BOUNDS).render(copy, now)
  const { keys } = JSON.parse(documents?.jwkSet.body ?? '{"keys":[]}') as JwkSet
  return keys.map(({ kid, ...jwk }) => [
    kid,
    `${jwk.alg === 'RS384' ? 'RS384 ' : ''}${materialOf(jwk)}`,
  ])
}

function forAnyHistory(
  look: (real: Operators, model: Model, now: number, later: number) => Promise<void>,
): Promise<void> {
  const later = fc.oneof(fc.constantFrom(-1, 0, 1, 5, 60), fc.nat({ max: 250 }))
  const property = fc.asyncProperty(anyCustody, anyHistory, later, (kind, history, offset) =>
    liveThrough(kind, history, (real, model, now) => look(real, model, now, now + offset)),
  )
  return fc.assert(property, { numRuns: 120 })
}

describe('an issuer with adopted keys, whatever operators do', () => {
  test('publishes now and later what the model says, and so never nothing and no key too short', async () => {
    await forAnyHistory(async (real, model, now, later) => {
      const document = await liveDocument(real)
      if (document === undefined) return
      for (const moment of [now, later]) {
        const published = await jwkSetAt(document, moment)
        expect(new Map(published)).toEqual(model.publishedAt(moment))
        expect(new Set(published.map(([kid]) => kid)).size).toBe(published.length)
      }
      const isFilled = model.hasOwn || model.everPublished.size > 0
      expect((await jwkSetAt(document, later)).length > 0).toBe(isFilled)
    })
  })

  test('signs with a key of its own alone, or not at all', async () => {
    await forAnyHistory(async (real, model, _now, later) => {
      const document = await liveDocument(real)
      if (document === undefined) return
      const minted = await mintToken(document, request, real.keyManager, later)
      expect(minted.ok ? minted.value.kid : minted.refusal.reason).toBe(
        model.hasOwn ? OWN_KEY.kid : 'publish_only',
      )
      if (!minted.ok) return
      const [header = ''] = minted.value.token.split('.')
      expect(Buffer.from(header, 'base64url').toString()).toContain(OWN_KEY.kid)
    })
  })

  test('has no adopted key as its active one or as its successor, and counts them', async () => {
    await forAnyHistory(async (real, model, _now, later) => {
      const document = await liveDocument(real)
      if (document === undefined) return
      const options = { bounds: NO_BOUNDS, storage: { confirmedAt: later } }
      const health = issuerHealth(document, options, later)
      const adopted = [...model.adopted.values()].filter(({ until }) => until > later)
      const withdrawn = adopted.filter(({ until }) => until < Infinity)
      expect(successorKey(document.ring.keys, later)).toBeUndefined()
      expect(health).toMatchObject({
        activeKey: model.hasOwn ? { kid: OWN_KEY.kid } : null,
        successor: null,
        adoptedKeys: {
          adopted: adopted.length - withdrawn.length,
          withdrawn: withdrawn.length,
        },
      })
      const retirements = withdrawn.map(({ until }) => until)
      const next = retirements.length === 0 ? undefined : Math.min(...retirements)
      // An issuer with a key of its own waits for a rotation too.
      if (model.hasOwn) return
      expect(health.nextMoment?.at).toBe(next)
    })
  })

  test('is at the revision of its changes, and is read back as it was written', async () => {
    await forAnyHistory(async (real, model) => {
      const body = (await real.body()) ?? ''
      const stored = parseStoredIssuer('prod', body)
      expect(stored.revision).toBe(model.revision)
      expect(JSON.parse(formatStoredIssuer(stored))).toEqual(JSON.parse(body))
      expect(parseStoredIssuer('prod', formatStoredIssuer(stored))).toEqual(stored)
      const copy = publicCopyOf(stored)
      expect(parsePublicCopy('prod', formatPublicCopy(copy))).toEqual(copy)
    })
  })

  test('leaves every kid that it ever published in its tombstone', async () => {
    await forAnyHistory(async (real, model) => {
      if (!model.isDeleted) return
      expect(parseStoredIssuer('prod', (await real.body()) ?? '')).toMatchObject({
        kind: 'tombstone',
        kids: expect.toSatisfy(
          (kids: string[]) =>
            JSON.stringify(kids.toSorted()) === JSON.stringify([...model.everPublished].toSorted()),
        ),
      })
    })
  })

  test('is the same after a set was adopted twice, at once or later', async () => {
    const adoption = fc
      .tuple(fc.array(anyEntry, { maxLength: 3 }), fc.constantFrom(0, 1, 5, 60))
      .map(([entries, retention]) => adoptionOf(entries, retention))
    const wait = fc.nat({ max: 70 })
    const once = fc.tuple(adoption, wait)
    const property = fc.asyncProperty(
      anyCustody,
      anyHistory,
      once,
      async (kind, history, [set, s]) => {
        const { real, model } = await newIssuer(kind)
        for (const step of history.filter(({ type }) => type !== 'delete')) {
          real.wait(Math.max(0, step.wait))
          await perform(real, step, revisionFor(step.ifMatch, model))
        }
        const first = await real.operations.adopt('prod', set, undefined)
        const body = await real.body()
        real.wait(s)
        // What was refused for a moment may be possible a moment later.
        if (!first.ok) return
        const again = await real.operations.adopt('prod', set, undefined)
        expect(valueOf(again)).toEqual(valueOf(first))
        expect(await real.body()).toBe(body)
      },
    )
    await fc.assert(property)
  })
})
