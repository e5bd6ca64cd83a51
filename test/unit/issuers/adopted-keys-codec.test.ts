/**
 * Adopted and former keys among the stored bytes, each wrong member by its name.
 */

import { describe, expect, test } from 'vitest'
import {
  formatPublicCopy,
  formatStoredIssuer,
  parsePublicCopy,
  parseStoredIssuer,
} from '../../../src/issuers/issuer-codec.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { anAdoptedKey, anIssuer, aRing, changed, EC_JWK, NOW } from '../../support/fixtures.ts'

const WITHDRAWN = anAdoptedKey({
  kid: 'kid-leaving',
  alg: 'ES512',
  publicJwk: { kty: 'EC', crv: 'P-521', x: 'x-of-cluster', y: 'y-of-cluster' },
  withdrawal: { at: NOW + 10, publishedUntil: NOW + 20 },
})
const ISSUER = anIssuer({
  ring: aRing({
    adopted: [anAdoptedKey(), WITHDRAWN],
    former: [{ kid: 'kid-former', fingerprint: 'fingerprint-former', origin: 'adopted' }],
  }),
})
const UNTIL = 'ring.adopted.1.withdrawal.publishedUntil'

/** Wrong in a stored document and in a public copy alike. */
const PUBLIC_ROWS: readonly [string, string, unknown, string][] = [
  ['refuses no adopted keys', 'ring.adopted', undefined, 'ring.adopted'],
  ['refuses an unknown member', 'ring.adopted.0.extra', 1, 'ring.adopted.0.extra'],
  ['refuses no kid', 'ring.adopted.0.kid', '', 'ring.adopted.0.kid'],
  ['refuses no alg', 'ring.adopted.0.alg', 'none', 'ring.adopted.0.alg'],
  ['refuses the alg of another type', 'ring.adopted.0.alg', 'ES256', 'ring.adopted.0.alg'],
  ['refuses the alg of another curve', 'ring.adopted.1.alg', 'ES384', 'ring.adopted.1.alg'],
  ['refuses the key of another alg', 'ring.adopted.0.publicJwk', EC_JWK, 'ring.adopted.0.alg'],
  [
    'refuses a private member',
    'ring.adopted.0.publicJwk.d',
    'PRIVATE',
    'ring.adopted.0.publicJwk.d',
  ],
  ['refuses no publication', 'ring.adopted.0.publishedAt', null, 'ring.adopted.0.publishedAt'],
  ['refuses no end of a withdrawal', UNTIL, undefined, UNTIL],
  ['refuses an end before the withdrawal', UNTIL, NOW + 9, UNTIL],
  [
    'refuses null for no withdrawal',
    'ring.adopted.0.withdrawal',
    null,
    'ring.adopted.0.withdrawal',
  ],
  ['refuses a key that signs', 'ring.adopted.0.activatesAt', NOW, 'ring.adopted.0.activatesAt'],
  ['refuses a key reference', 'ring.adopted.0.keyRef', 'PRIVATE', 'ring.adopted.0.keyRef'],
  ['refuses one kid for two keys', 'ring.adopted.0.kid', 'kid-leaving', 'ring'],
  ['refuses the kid of our own key', 'ring.adopted.0.kid', 'kid-a', 'ring'],
]

describe('adopted keys of a stored issuer', () => {
  test('are read as they were written', () => {
    expect(parseStoredIssuer('prod', formatStoredIssuer(ISSUER))).toEqual(ISSUER)
  })

  test('may be dropped in the second in which they are withdrawn', () => {
    const body = changed(ISSUER, UNTIL, NOW + 10)
    expect(parseStoredIssuer('prod', body)).toHaveProperty(UNTIL, NOW + 10)
  })

  test.each([
    ...PUBLIC_ROWS,
    ['refuses no fingerprint', 'ring.adopted.0.fingerprint', '', 'ring.adopted.0.fingerprint'],
    ['refuses no former keys', 'ring.former', undefined, 'ring.former'],
    ['refuses another origin', 'ring.former.0.origin', 'found', 'ring.former.0.origin'],
    ['refuses a former key without kid', 'ring.former.0.kid', '', 'ring.former.0.kid'],
    ['refuses a former key with a key', 'ring.former.0.publicJwk', {}, 'ring.former.0.publicJwk'],
    ['refuses null for no revocation', 'ring.former.0.revokedAt', null, 'ring.former.0.revokedAt'],
  ] as const)('%s', (_title, path, value, member) => {
    const parse = () => parseStoredIssuer('prod', changed(ISSUER, path, value))
    expect(parse).toThrow(
      `the stored document of issuer prod cannot be read: wrong at ${member}; restore it from a backup`,
    )
  })
})

describe('adopted keys of a public copy', () => {
  const copy = publicCopyOf(ISSUER)

  test('are read as they were written, without fingerprints and former keys', () => {
    const body = formatPublicCopy(copy)
    expect(parsePublicCopy('prod', body)).toEqual(copy)
    expect(body).not.toMatch(/fingerprint|former/)
  })

  test.each([
    ...PUBLIC_ROWS,
    ['refuses a fingerprint', 'ring.adopted.0.fingerprint', 'x', 'ring.adopted.0.fingerprint'],
    ['refuses former keys', 'ring.former', [], 'ring.former'],
  ] as const)('%s', (_title, path, value, member) => {
    const parse = () => parsePublicCopy('prod', changed(copy, path, value))
    expect(parse).toThrow(`wrong at ${member}; update the issuer, which makes its copy anew`)
  })
})
