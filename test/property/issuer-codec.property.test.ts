import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatPublicCopy,
  formatStoredIssuer,
  parsePublicCopy,
  parseStoredIssuer,
} from '../../src/issuers/issuer-codec.ts'
import { type IssuerDocument, publicCopyOf } from '../../src/issuers/issuer-document.ts'
import { issuerDocument, privateText, tombstone } from '../support/arbitraries.ts'

const stored = fc.oneof(issuerDocument(), tombstone())
const marked = fc.oneof(issuerDocument(privateText), tombstone(privateText))

/** An issuer as formats before 3 could say it. */
function asOfOldFormats({ settling: _settling, ...issuer }: IssuerDocument): IssuerDocument {
  const { reservation: _reservation, ...ring } = issuer.ring
  const keys = ring.keys.map(({ firstSeenAt: _seen, ...key }) => ({ ...key, publishedRevision: 1 }))
  return { ...issuer, ring: { ...ring, keys, leftovers: [] } }
}

function withoutAdopted(issuer: IssuerDocument): IssuerDocument {
  return { ...issuer, ring: { ...issuer.ring, adopted: [], former: [] } }
}

type JsonRing = { readonly keys: readonly Readonly<Record<string, unknown>>[] } & Readonly<
  Record<string, unknown>
>

/** What format 2 wrote of the same issuer: it had none of these members. */
function asFormat2(body: string): string {
  const {
    ring,
    leftovers: _all,
    ...rest
  } = JSON.parse(body) as {
    readonly ring?: JsonRing
    readonly leftovers?: unknown
  }
  if (ring === undefined) return JSON.stringify({ ...rest, version: 2 })
  const keys = ring.keys.map(({ publishedRevision: _revision, ...key }) => key)
  const { leftovers: _leftovers, ...before } = ring
  return JSON.stringify({ ...rest, version: 2, ring: { ...before, keys } })
}

/** What format 1 wrote of it, which knew no adopted keys either. */
function asFormat1(body: string): string {
  const { ring, ...rest } = JSON.parse(asFormat2(body)) as { readonly ring?: JsonRing }
  const before = ring === undefined ? {} : { ring: { keys: ring.keys } }
  return JSON.stringify({ ...rest, ...before, version: 1 })
}

function isRefused(parse: () => unknown): boolean {
  try {
    parse()
    return false
  } catch {
    return true
  }
}

describe('the codec', () => {
  test('reads back every stored issuer that it wrote', () => {
    fc.assert(
      fc.property(stored, (issuer) => {
        expect(parseStoredIssuer(issuer.id, formatStoredIssuer(issuer))).toEqual(issuer)
      }),
    )
  })

  test('writes the same bytes for what it read', () => {
    fc.assert(
      fc.property(stored, (issuer) => {
        const body = formatStoredIssuer(parseStoredIssuer(issuer.id, formatStoredIssuer(issuer)))
        expect(formatStoredIssuer(parseStoredIssuer(issuer.id, body))).toBe(body)
      }),
    )
  })

  test('reads back every public copy that it wrote', () => {
    fc.assert(
      fc.property(stored, (issuer) => {
        const copy = publicCopyOf(issuer)
        expect(parsePublicCopy(issuer.id, formatPublicCopy(copy))).toEqual(copy)
      }),
    )
  })

  const old = issuerDocument().map(asOfOldFormats)
  const oldTombstone = tombstone().map((each) => ({ ...each, leftovers: [] }))

  test.each([
    ['format 1 wrote as an issuer without adopted keys', asFormat1, old.map(withoutAdopted)],
    ['format 2 wrote as an issuer that forgot nothing', asFormat2, old],
  ])('reads what %s', (_title, asBefore, issuers) => {
    fc.assert(
      fc.property(fc.oneof(issuers, oldTombstone), (issuer) => {
        const before = asBefore(formatStoredIssuer(issuer))
        expect(parseStoredIssuer(issuer.id, before)).toEqual(issuer)
        const copy = publicCopyOf(issuer)
        const copyBefore = asBefore(formatPublicCopy(copy))
        expect(parsePublicCopy(issuer.id, copyBefore)).toEqual(copy)
      }),
    )
  })

  test('refuses a ring in which a kid names two keys', () => {
    fc.assert(
      fc.property(issuerDocument(), fc.nat(), (issuer, place) => {
        const { ring } = issuer
        const twin = [...ring.keys, ...ring.adopted][place % 8]
        const adopted = ring.adopted.map((key, index) =>
          index === 0 && twin !== undefined ? { ...key, kid: twin.kid } : key,
        )
        const isTwice = adopted[0] !== undefined && twin !== undefined && twin !== ring.adopted[0]
        const broken = { ...issuer, ring: { ...ring, adopted } }
        const parse = () => parseStoredIssuer(issuer.id, formatStoredIssuer(broken))
        const parseCopy = () => parsePublicCopy(issuer.id, formatPublicCopy(publicCopyOf(broken)))
        expect([isRefused(parse), isRefused(parseCopy)]).toEqual([isTwice, isTwice])
      }),
    )
  })

  test('refuses a stored issuer where a public copy is expected', () => {
    fc.assert(
      fc.property(stored, (issuer) => {
        expect(() => parsePublicCopy(issuer.id, formatStoredIssuer(issuer))).toThrow(
          'cannot be read',
        )
      }),
    )
  })
})

describe('a public copy', () => {
  test('contains nothing private', () => {
    fc.assert(
      fc.property(marked, (issuer) => {
        expect(formatStoredIssuer(issuer)).toContain('PRIVATE-')
        expect(formatPublicCopy(publicCopyOf(issuer))).not.toContain('PRIVATE-')
      }),
    )
  })

  test('contains no member that this version does not know, wherever it is', () => {
    fc.assert(
      fc.property(issuerDocument(), privateText, (issuer, unknown) => {
        const keys = issuer.ring.keys.map((key) => ({
          ...key,
          publicJwk: { ...key.publicJwk, d: unknown },
          unknown,
        }))
        const adopted = issuer.ring.adopted.map((key) => ({
          ...key,
          publicJwk: { ...key.publicJwk, d: unknown },
          ...(key.withdrawal === undefined ? {} : { withdrawal: { ...key.withdrawal, unknown } }),
          unknown,
        }))
        const extended = {
          ...issuer,
          policy: { ...issuer.policy, unknown },
          ...(issuer.settling === undefined ? {} : { settling: { ...issuer.settling, unknown } }),
          ring: { ...issuer.ring, keys, adopted, unknown },
          unknown,
        }
        expect(publicCopyOf(extended)).toEqual(publicCopyOf(issuer))
      }),
    )
  })

  test('contains every member of every key that relying parties need', () => {
    fc.assert(
      fc.property(issuerDocument(), (issuer) => {
        const copy = publicCopyOf(issuer)
        const expected = issuer.ring.keys.map(
          ({
            keyRef: _keyRef,
            slot: _slot,
            custody: _custody,
            publishedRevision: _revision,
            ...publicMembers
          }) => publicMembers,
        )
        const adopted = issuer.ring.adopted.map(
          ({ fingerprint: _fingerprint, ...publicMembers }) => publicMembers,
        )
        const { settling } = issuer
        expect(copy).toMatchObject({ kind: 'issuer', ring: { keys: expected, adopted } })
        expect('settling' in copy ? copy.settling : undefined).toEqual(settling)
      }),
    )
  })
})
