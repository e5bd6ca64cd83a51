/**
 * What format 1 wrote is read as format 2, and written as it. The golden files of format 1 never change.
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
import { aKey, anIssuer, aRing, aTombstone, EC_JWK, keyRef, NOW } from '../../support/fixtures.ts'
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
const ISSUER = anIssuer({ ring: aRing({ keys: [aKey(), EC_KEY, PENDING_KEY] }) })
const TOMBSTONE = aTombstone()

function golden(name: string): Promise<string> {
  return readFile(new URL(`../../golden/${name}-format-1.json`, import.meta.url), 'utf8')
}

const stored = (body: string) => parseStoredIssuer('prod', body)
const copy = (body: string) => parsePublicCopy('prod', body)

describe('what format 1 wrote', () => {
  test.each<[string, (body: string) => object, object]>([
    ['stored-issuer', stored, ISSUER],
    ['stored-tombstone', stored, TOMBSTONE],
    ['public-copy', copy, publicCopyOf(ISSUER)],
    ['public-copy-tombstone', copy, publicCopyOf(TOMBSTONE)],
  ])('is read as format 2 has it: %s', async (name, parse, expected) => {
    const body = await golden(name)
    expect(body).toContain('"version":1,')
    expect(parse(body)).toStrictEqual(expected)
  })

  test('is written as format 2', async () => {
    const bodies = [
      formatStoredIssuer(stored(await golden('stored-issuer'))),
      formatStoredIssuer(stored(await golden('stored-tombstone'))),
      formatPublicCopy(copy(await golden('public-copy'))),
      formatPublicCopy(copy(await golden('public-copy-tombstone'))),
    ]
    expect(bodies.map((body) => body.match(/"version":\d/)?.[0])).toEqual(
      bodies.map(() => '"version":2'),
    )
  })

  test.each<[string, (body: string) => object, string, string]>([
    ['refuses adopted keys in it', stored, '"keys":', 'ring.keys'],
    ['refuses an unknown member of its ring', stored, '"ring":{"extra":1,"keys":', 'ring.extra'],
  ])('%s', async (_title, parse, keys, member) => {
    const text = await golden('stored-issuer')
    const body =
      member === 'ring.keys'
        ? text.replace(keys, '"adopted":')
        : text.replace('"ring":{"keys":', keys)
    expect(() => parse(body)).toThrow(member)
  })

  test('refuses the whole document among public copies', async () => {
    const body = await golden('stored-issuer')
    expect(() => copy(body)).toThrow('wrong at')
  })
})

describe('upgrading', () => {
  test.each<[string, unknown]>([
    ['a document of this format', { version: 2, ring: { keys: [] } }],
    ['a document of a later format', { version: 3, ring: { keys: [] } }],
    ['a version in words', { version: '1', ring: { keys: [] } }],
    ['a list', [1]],
    ['text', 'version 1'],
    ['null', null],
  ])('leaves %s as it is', (_title, json) => {
    expect(upgraded(json)).toBe(json)
  })

  test('adds what format 1 did not know, and changes nothing that it was given', () => {
    const json = { version: 1, ring: { keys: [] }, writeNonce: 'x' }
    const before = structuredClone(json)
    expect(upgraded(json)).toEqual({
      version: 2,
      ring: { keys: [], adopted: [], former: [] },
      writeNonce: 'x',
    })
    expect(json).toEqual(before)
  })

  test('leaves what is not of format 1 to be refused as it is', () => {
    const json = { version: 1, ring: { keys: [], adopted: [] }, writeNonce: 'x' }
    expect(upgraded(json)).toBe(json)
  })

  test('adds no former keys to a public copy', () => {
    expect(upgraded({ version: 1, ring: { keys: [] } })).toEqual({
      version: 2,
      ring: { keys: [], adopted: [] },
    })
  })
})
