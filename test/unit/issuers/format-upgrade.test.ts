/**
 * What formats 1 and 2 wrote is read as format 3, and written as it. Their golden files never change.
 */

import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { upgraded } from '../../../src/issuers/format-upgrade.ts'
import {
  formatPublicCopy,
  formatStoredIssuer,
  parsePublicCopy,
  parseStoredIssuer,
} from '../../../src/issuers/issuer-codec.ts'
import {
  aKey,
  anAdoptedKey,
  anIssuer,
  aRing,
  aTombstone,
  changed,
  EC_JWK,
  keyRef,
  NOW,
} from '../../support/fixtures.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'

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
/** As the present format has what each of the earlier ones wrote: of each key, it was there from the first revision on. */
const FIRST = anIssuer({ ring: aRing({ keys: [aKey(), EC_KEY, PENDING_KEY] }) })
const SECOND = anIssuer({
  ring: aRing({
    keys: [aKey(), EC_KEY, PENDING_KEY],
    adopted: [anAdoptedKey(), WITHDRAWN_KEY],
    former: [
      { kid: 'kid-former', fingerprint: 'fingerprint-former', origin: 'adopted' },
      { kid: 'kid-own', fingerprint: 'kid-own', origin: 'own', revokedAt: NOW + 5 },
    ],
  }),
})
const TOMBSTONE = aTombstone()

function golden(name: string, format: number): Promise<string> {
  const path = `../../golden/${name}-format-${format}.json`
  return readFile(new URL(path, import.meta.url), 'utf8')
}

const stored = (body: string) => parseStoredIssuer('prod', body)
const copy = (body: string) => parsePublicCopy('prod', body)

describe.each([
  [1, FIRST],
  [2, SECOND],
])('what format %i wrote', (format, issuer) => {
  test.each<[string, (body: string) => object, object]>([
    ['stored-issuer', stored, issuer],
    ['stored-tombstone', stored, TOMBSTONE],
    ['public-copy', copy, publicCopyOf(issuer)],
    ['public-copy-tombstone', copy, publicCopyOf(TOMBSTONE)],
  ])('is read as format 3 has it: %s', async (name, parse, expected) => {
    const body = await golden(name, format)
    expect(body).toContain(`"version":${format},`)
    expect(parse(body)).toStrictEqual(expected)
  })

  test('is written as format 3', async () => {
    const bodies = [
      formatStoredIssuer(stored(await golden('stored-issuer', format))),
      formatStoredIssuer(stored(await golden('stored-tombstone', format))),
      formatPublicCopy(copy(await golden('public-copy', format))),
      formatPublicCopy(copy(await golden('public-copy-tombstone', format))),
    ]
    expect(bodies.map((body) => body.match(/"version":\d/)?.[0])).toEqual(
      bodies.map(() => '"version":3'),
    )
  })

  test.each([
    ['refuses no keys', '"keys":', '"mine":', 'ring.keys'],
    ['refuses an unknown member of its ring', '"keys":', '"extra":1,"keys":', 'ring.extra'],
    ['refuses leftovers in it', '"keys":', '"leftovers":[],"keys":', 'version'],
  ])('%s', async (_title, keys, instead, member) => {
    const body = (await golden('stored-issuer', format)).replace(keys, instead)
    expect(() => stored(body)).toThrow(member)
  })

  test('refuses the whole document among public copies', async () => {
    const body = await golden('stored-issuer', format)
    expect(() => copy(body)).toThrow('wrong at')
  })
})

describe('upgrading', () => {
  test.each<[string, unknown]>([
    ['a document of this format', { version: 3, ring: { keys: [] }, writeNonce: 'x' }],
    ['a document of a later format', { version: 4, ring: { keys: [] } }],
    ['a version in words', { version: '1', ring: { keys: [] } }],
    ['a list', [1]],
    ['text', 'version 1'],
    ['null', null],
    [
      'what is not of format 1, to be refused,',
      { version: 1, ring: { keys: [], adopted: [] }, writeNonce: 'x' },
    ],
    [
      'what is not of format 2, to be refused,',
      { version: 2, ring: { keys: [], leftovers: [] }, writeNonce: 'x' },
    ],
    [
      'a tombstone that is not of format 2, to be refused,',
      { version: 2, leftovers: [], writeNonce: 'x' },
    ],
  ])('leaves %s as it is', (_title, json) => {
    expect(upgraded(json)).toBe(json)
  })

  test.each<[string, object, object]>([
    [
      'a document of format 1',
      { version: 1, ring: { keys: [{ kid: 'a' }] }, writeNonce: 'x' },
      {
        version: 3,
        ring: {
          keys: [{ kid: 'a', publishedRevision: 1 }],
          adopted: [],
          former: [],
          leftovers: [],
        },
        writeNonce: 'x',
      },
    ],
    [
      'a document of format 2',
      { version: 2, ring: { keys: [{ kid: 'a' }], adopted: [1], former: [2] }, writeNonce: 'x' },
      {
        version: 3,
        ring: {
          keys: [{ kid: 'a', publishedRevision: 1 }],
          adopted: [1],
          former: [2],
          leftovers: [],
        },
        writeNonce: 'x',
      },
    ],
    [
      'a tombstone',
      { version: 2, kids: [], writeNonce: 'x' },
      { version: 3, kids: [], leftovers: [], writeNonce: 'x' },
    ],
    [
      'a public copy of format 1, without what is private',
      { version: 1, ring: { keys: [{ kid: 'a' }] } },
      { version: 3, ring: { keys: [{ kid: 'a' }], adopted: [] } },
    ],
    [
      'a public copy of format 2',
      { version: 2, ring: { keys: [{ kid: 'a' }], adopted: [1] } },
      { version: 3, ring: { keys: [{ kid: 'a' }], adopted: [1] } },
    ],
    ['a public copy of a tombstone', { version: 2, deletedAt: 7 }, { version: 3, deletedAt: 7 }],
    [
      'keys that are none, which are refused later',
      { version: 2, ring: { keys: 'x' }, writeNonce: 'x' },
      { version: 3, ring: { keys: 'x', leftovers: [] }, writeNonce: 'x' },
    ],
    [
      'a key that is none',
      { version: 2, ring: { keys: [7] }, writeNonce: 'x' },
      { version: 3, ring: { keys: [7], leftovers: [] }, writeNonce: 'x' },
    ],
  ])('brings up to date %s, and not what it was given', (_title, json, expected) => {
    const before = structuredClone(json)
    expect(upgraded(json)).toEqual(expected)
    expect(json).toEqual(before)
  })
})

describe('a document of a later format', () => {
  test.each<[string, () => unknown]>([
    ['an issuer', () => stored(changed(FIRST, 'version', 4))],
    ['a tombstone', () => stored(changed(TOMBSTONE, 'version', 4))],
    ['a public copy', () => copy(changed(publicCopyOf(FIRST), 'version', 4))],
    ['what it does not know', () => stored('{"version":7,"kind":"x"}')],
  ])('is refused, and no backup is asked for: %s', (_title, parse) => {
    expect(parse).toThrow(
      /of issuer prod cannot be read: a newer version of Signet wrote it; run that one$/,
    )
  })
})
