import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import {
  formatPublicCopy,
  formatStoredIssuer,
  parsePublicCopy,
  parseStoredIssuer,
} from '../../../src/issuers/issuer-codec.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import {
  aKey,
  anAdoptedKey,
  anIssuer,
  aTombstone,
  changed,
  EC_JWK,
  keyRef,
  NOW,
} from '../../support/fixtures.ts'
import { LEFTOVERS } from '../../support/rotation-fixtures.ts'

const EC_KEY = aKey({
  kid: 'kid-b',
  alg: 'ES256',
  publicJwk: EC_JWK,
  publishedAt: NOW + 10,
  keyRef: keyRef('private-reference-b'),
  slot: 'slot-b',
  activatesAt: NOW + 20,
  revokedAt: NOW + 30,
})
const { activatesAt: _activatesAt, ...PENDING_KEY } = aKey({ kid: 'kid-c', slot: 'slot-c' })
const WITHDRAWN_KEY = anAdoptedKey({
  kid: 'kid-withdrawn',
  fingerprint: 'fingerprint-withdrawn',
  alg: 'ES512',
  publicJwk: { kty: 'EC', crv: 'P-521', x: 'x-of-cluster', y: 'y-of-cluster' },
  withdrawal: { at: NOW + 10, publishedUntil: NOW + 20 },
})
const ISSUER = anIssuer({
  settling: {
    revision: 1,
    jwksMaxAgeSeconds: 900,
    tokenTtlMaxSeconds: 86_400,
    mintedTtlMaxSeconds: 3600,
    seenAt: NOW + 4,
  },
  ring: {
    keys: [aKey(), EC_KEY, { ...PENDING_KEY, firstSeenAt: NOW + 3 }],
    adopted: [anAdoptedKey(), WITHDRAWN_KEY],
    former: [
      { kid: 'kid-former', fingerprint: 'fingerprint-former', origin: 'adopted' },
      { kid: 'kid-own', fingerprint: 'kid-own', origin: 'own', revokedAt: NOW + 5 },
    ],
    reservation: { slot: 'slot-r', alg: 'ES256', custody: 'kms', reservedAt: NOW + 2 },
    leftovers: LEFTOVERS,
  },
})
const TOMBSTONE = aTombstone({ leftovers: LEFTOVERS.slice(1) })
const JWK = 'ring.keys.0.publicJwk'
const UNKNOWN = { first: 'private-reference-a', second: ['private-reference-b'] }

/** The sentence of the fault that is thrown; anything else is no sentence of one. */
function messageOf(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    if (error instanceof Fault && error.code === 'document_corrupt') return error.message
    throw error
  }
  throw new Error('nothing was thrown')
}

function golden(name: string): Promise<string> {
  return readFile(new URL(`../../golden/${name}.json`, import.meta.url), 'utf8')
}

describe('golden files', () => {
  test.each([
    ['stored-issuer', formatStoredIssuer(ISSUER)],
    ['stored-tombstone', formatStoredIssuer(TOMBSTONE)],
    ['public-copy', formatPublicCopy(publicCopyOf(ISSUER))],
    ['public-copy-tombstone', formatPublicCopy(publicCopyOf(TOMBSTONE))],
  ])('%s.json is what is written', async (name, body) => {
    await expect(`${body}\n`).toMatchFileSnapshot(`../../golden/${name}.json`)
  })

  test('are read as what they were written from', async () => {
    expect(parseStoredIssuer('prod', await golden('stored-issuer'))).toEqual(ISSUER)
    expect(parseStoredIssuer('prod', await golden('stored-tombstone'))).toEqual(TOMBSTONE)
    expect(parsePublicCopy('prod', await golden('public-copy'))).toEqual(publicCopyOf(ISSUER))
    expect(parsePublicCopy('prod', await golden('public-copy-tombstone'))).toEqual(
      publicCopyOf(TOMBSTONE),
    )
  })
})

describe('a stored issuer', () => {
  test.each<[string, string, unknown, string]>([
    ['refuses an unknown member', 'extra', 1, 'extra'],
    ['refuses an unknown member of the policy', 'policy.extra', 1, 'policy.extra'],
    ['refuses an unknown member of the ring', 'ring.extra', 1, 'ring.extra'],
    ['refuses an unknown member of a key', 'ring.keys.1.extra', 1, 'ring.keys.1.extra'],
    ['refuses a private member of a JWK', `${JWK}.d`, 'x', `${JWK}.d`],
    ['refuses a nameless member', '', 1, 'the top level'],
    ['refuses a very long name', 'x'.repeat(81), 1, `${'x'.repeat(80)}…`],
    ['refuses a name that steers terminals', 'a\u202eb', 1, String.raw`a\u{202e}b`],
    ['refuses a tombstone member', 'deletedAt', NOW, 'deletedAt'],
    ['refuses no kind', 'kind', undefined, 'kind'],
    ['refuses another kind', 'kind', 'realm', 'kind'],
    ['refuses no version', 'version', undefined, 'version'],
    ['refuses an older version', 'version', 0, 'version'],
    ['refuses a version in words', 'version', '2', 'version'],
    ['refuses no issuer', 'issuer', undefined, 'issuer'],
    ['refuses an empty issuer', 'issuer', '', 'issuer'],
    ['refuses no policy', 'policy', undefined, 'policy'],
    ['refuses another algorithm', 'policy.algorithm', 'none', 'policy.algorithm'],
    ['refuses another custody', 'policy.custody', 'clear', 'policy.custody'],
    ['refuses half a second', 'policy.jwksMaxAgeSeconds', 1.5, 'policy.jwksMaxAgeSeconds'],
    ['refuses a negative time', 'policy.tokenTtlMaxSeconds', -1, 'policy.tokenTtlMaxSeconds'],
    ['refuses no ring', 'ring', undefined, 'ring'],
    ['refuses keys that are no list', 'ring.keys', {}, 'ring.keys'],
    ['refuses a key that is none', 'ring.keys.1', null, 'ring.keys.1'],
    ['refuses no kid', 'ring.keys.0.kid', undefined, 'ring.keys.0.kid'],
    ['refuses an empty kid', 'ring.keys.0.kid', '', 'ring.keys.0.kid'],
    ['refuses no key reference', 'ring.keys.0.keyRef', undefined, 'ring.keys.0.keyRef'],
    ['refuses an empty slot', 'ring.keys.0.slot', '', 'ring.keys.0.slot'],
    ['refuses another key type', `${JWK}.kty`, 'oct', `${JWK}.kty`],
    ['refuses another curve', 'ring.keys.1.publicJwk.crv', 'P-224', 'ring.keys.1.publicJwk.crv'],
    [
      'refuses the curve of another algorithm',
      'ring.keys.1.publicJwk.crv',
      'P-384',
      'ring.keys.1.alg',
    ],
    ['refuses to sign as a cluster may', 'ring.keys.0.alg', 'RS512', 'ring.keys.0.alg'],
    ['refuses no custody of a key', 'ring.keys.0.custody', 'none', 'ring.keys.0.custody'],
    ['refuses the algorithm of another key', 'ring.keys.0.alg', 'ES256', 'ring.keys.0.alg'],
    ['refuses the key of another algorithm', JWK, EC_JWK, 'ring.keys.0.alg'],
    ['refuses one kid for two keys', 'ring.keys.2.kid', 'kid-a', 'ring'],

    [
      'refuses an activation before the publication',
      'ring.keys.1.activatesAt',
      NOW + 10 - 61,
      'ring.keys.1.activatesAt',
    ],
    ['refuses no publication', 'ring.keys.0.publishedAt', undefined, 'ring.keys.0.publishedAt'],
    [
      'refuses null for an unset moment',
      'ring.keys.2.activatesAt',
      null,
      'ring.keys.2.activatesAt',
    ],
    ['refuses null for no revocation', 'ring.keys.0.revokedAt', null, 'ring.keys.0.revokedAt'],
    ['refuses a moment in words', 'ring.keys.1.revokedAt', '7', 'ring.keys.1.revokedAt'],
    ['refuses revision 0', 'revision', 0, 'revision'],
    ['refuses half a revision', 'revision', 1.5, 'revision'],
    ['refuses a number that is not exact', 'createdAt', 2 ** 53, 'createdAt'],
    ['refuses no update', 'updatedAt', undefined, 'updatedAt'],
    ['refuses no write nonce', 'writeNonce', undefined, 'writeNonce'],
  ])('%s', (_title, path, value, member) => {
    const message = messageOf(() => parseStoredIssuer('prod', changed(ISSUER, path, value)))
    expect(message).toBe(
      `the stored document of issuer prod cannot be read: wrong at ${member}; restore it from a backup`,
    )
  })

  test.each<[string, string, unknown, string]>([
    ['refuses an unknown member', 'extra', 1, 'extra'],
    ['refuses a ring', 'ring', { keys: [] }, 'ring'],
    ['refuses no kids', 'kids', undefined, 'kids'],
    ['refuses an empty kid', 'kids.0', '', 'kids.0'],
    ['refuses no moment of deletion', 'deletedAt', undefined, 'deletedAt'],
    ['refuses a reason that is none', 'reason', null, 'reason'],
  ])('that was deleted: %s', (_title, path, value, member) => {
    const message = messageOf(() => parseStoredIssuer('prod', changed(TOMBSTONE, path, value)))
    expect(message).toContain(`wrong at ${member};`)
  })

  test('may have a key that activates before its publication by the clock skew', () => {
    const body = changed(ISSUER, 'ring.keys.1.activatesAt', NOW + 10 - 60)
    expect(parseStoredIssuer('prod', body)).toHaveProperty('ring.keys.1.activatesAt', NOW - 50)
  })

  test('that was deleted needs no reason', () => {
    const { reason: _reason, ...silent } = TOMBSTONE
    expect(parseStoredIssuer('prod', formatStoredIssuer(silent))).toEqual(silent)
  })

  test.each([
    ['refuses nothing', ''],
    ['refuses half a document', formatStoredIssuer(ISSUER).slice(0, -1)],
    ['refuses more than a document', `${formatStoredIssuer(ISSUER)}{}`],
  ])('%s as no JSON', (_title, body) => {
    expect(messageOf(() => parseStoredIssuer('prod', body))).toContain(
      'issuer prod cannot be read: it is not JSON',
    )
  })

  test.each(['null', '[]', '"text"', '7'])('refuses %s as no document', (body) => {
    expect(messageOf(() => parseStoredIssuer('prod', body))).toContain('wrong at')
  })

  test('refuses the document of another issuer', () => {
    const message = messageOf(() => parseStoredIssuer('test', formatStoredIssuer(ISSUER)))
    expect(message).toContain('issuer test cannot be read: it is of another issuer')
  })

  test('refuses several unknown members by the name of each', () => {
    const body = JSON.stringify({ ...ISSUER, ...UNKNOWN })
    const message = messageOf(() => parseStoredIssuer('prod', body))
    expect(message).toContain('wrong at first, second;')
  })

  test('refuses many wrong members by the names of the first five', () => {
    const message = messageOf(() => parseStoredIssuer('prod', '{"kind":"issuer"}'))
    expect(message).toContain('wrong at version, id, issuer, revision, createdAt;')
  })
})

describe('a public copy', () => {
  test.each<[string, string, unknown, string]>([
    ['refuses a key reference', 'ring.keys.0.keyRef', 'private-reference-a', 'ring.keys.0.keyRef'],
    ['refuses a write nonce', 'writeNonce', 'nonce-1', 'writeNonce'],
    ['refuses the algorithm of another key', 'ring.keys.0.alg', 'ES256', 'ring.keys.0.alg'],
    ['refuses one kid for two keys', 'ring.keys.2.kid', 'kid-a', 'ring'],

    [
      'refuses an activation before the publication',
      'ring.keys.1.activatesAt',
      NOW + 10 - 61,
      'ring.keys.1.activatesAt',
    ],
    ['refuses no policy', 'policy', undefined, 'policy'],
  ])('%s', (_title, path, value, member) => {
    const body = changed(publicCopyOf(ISSUER), path, value)
    expect(messageOf(() => parsePublicCopy('prod', body))).toBe(
      `the public copy of issuer prod cannot be read: wrong at ${member}; update the issuer, which makes its copy anew`,
    )
  })

  test('refuses the copy of another issuer', () => {
    const body = formatPublicCopy(publicCopyOf(ISSUER))
    expect(messageOf(() => parsePublicCopy('test', body))).toContain('of another issuer')
  })
})

describe('what is said of a corrupt document', () => {
  test.each<[string, string]>([
    ['a wrong member beside it', changed(ISSUER, 'ring.keys.0.alg', 'none')],
    [
      'a key reference of another type',
      changed(ISSUER, 'ring.keys.0.keyRef', ['private-reference-a']),
    ],
    ['text that is no JSON', formatStoredIssuer(ISSUER).slice(0, -1)],
    ['unknown members', JSON.stringify({ ...ISSUER, ...UNKNOWN })],
    ['one kid for two keys', changed(ISSUER, 'ring.keys.1.kid', 'kid-a')],
    [
      "a leftover's reference of another type",
      changed(ISSUER, 'ring.leftovers.1.keyRef', ['private-reference-e']),
    ],
    ['an unknown kind', changed(ISSUER, 'kind', 'private-reference-a')],
  ])('never has a key reference: %s', (_title, body) => {
    const message = messageOf(() => parseStoredIssuer('prod', body))
    expect(message).not.toMatch(/private-reference/)
  })
})
