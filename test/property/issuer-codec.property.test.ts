import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatPublicCopy,
  formatStoredIssuer,
  parsePublicCopy,
  parseStoredIssuer,
} from '../../src/issuers/issuer-codec.ts'
import { publicCopyOf } from '../../src/issuers/issuer-document.ts'
import { issuerDocument, privateText, tombstone } from '../support/arbitraries.ts'

const stored = fc.oneof(issuerDocument(), tombstone())
const marked = fc.oneof(issuerDocument(privateText), tombstone(privateText))

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
        const extended = {
          ...issuer,
          policy: { ...issuer.policy, unknown },
          ring: { keys, unknown },
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
          ({ keyRef: _keyRef, slot: _slot, custody: _custody, ...publicMembers }) => publicMembers,
        )
        expect(copy).toMatchObject({ kind: 'issuer', ring: { keys: expected } })
      }),
    )
  })
})
