/**
 * What a rotation leaves in the stored bytes, each wrong member by its name.
 */

import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import {
  formatPublicCopy,
  formatStoredIssuer,
  parsePublicCopy,
  parseStoredIssuer,
} from '../../../src/issuers/issuer-codec.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { anIssuer, aRing, aTombstone, changed, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aReservation,
  aSettling,
  aSuccessor,
  LEFTOVERS,
} from '../../support/rotation-fixtures.ts'

const ISSUER = anIssuer({
  settling: aSettling({ seenAt: NOW }),
  ring: aRing({
    keys: [ACTIVE, ACTIVE, aSuccessor({ firstSeenAt: NOW })].map((key, index) => ({
      ...key,
      kid: `kid-${index}`,
    })),
    reservation: aReservation(),
    leftovers: LEFTOVERS,
  }),
})
const TOMBSTONE = aTombstone({ leftovers: LEFTOVERS.slice(1) })

describe('what a rotation leaves in a stored issuer', () => {
  test('is read as it was written', () => {
    expect(parseStoredIssuer('prod', formatStoredIssuer(ISSUER))).toEqual(ISSUER)
    expect(parseStoredIssuer('prod', formatStoredIssuer(TOMBSTONE))).toEqual(TOMBSTONE)
  })

  test.each<[string, string, unknown, string]>([
    ['refuses a sighting in words', 'ring.keys.2.firstSeenAt', '7', 'ring.keys.2.firstSeenAt'],
    [
      'refuses no first revision of a key',
      'ring.keys.0.publishedRevision',
      undefined,
      'ring.keys.0.publishedRevision',
    ],
    [
      'refuses revision 0 of a key',
      'ring.keys.0.publishedRevision',
      0,
      'ring.keys.0.publishedRevision',
    ],
    ['refuses null for no settling', 'settling', null, 'settling'],
    ['refuses an unknown member of it', 'settling.extra', 1, 'settling.extra'],
    ['refuses no revision of it', 'settling.revision', undefined, 'settling.revision'],
    [
      'refuses no lifetime',
      'settling.mintedTtlMaxSeconds',
      undefined,
      'settling.mintedTtlMaxSeconds',
    ],
    ['refuses null for not seen', 'settling.seenAt', null, 'settling.seenAt'],
    ['refuses null for no reservation', 'ring.reservation', null, 'ring.reservation'],
    ['refuses no slot', 'ring.reservation.slot', undefined, 'ring.reservation.slot'],
    [
      'refuses a reservation of none',
      'ring.reservation.custody',
      'none',
      'ring.reservation.custody',
    ],
    ['refuses a reserved key', 'ring.reservation.keyRef', 'x', 'ring.reservation.keyRef'],
    ['refuses no leftovers', 'ring.leftovers', undefined, 'ring.leftovers'],
    ['refuses an unknown member of one', 'ring.leftovers.0.extra', 1, 'ring.leftovers.0.extra'],
    [
      'refuses no moment of one',
      'ring.leftovers.0.forgottenAt',
      null,
      'ring.leftovers.0.forgottenAt',
    ],
    ['refuses its empty kid', 'ring.leftovers.1.kid', '', 'ring.leftovers.1.kid'],
    ['refuses its empty reference', 'ring.leftovers.1.keyRef', '', 'ring.leftovers.1.keyRef'],
    [
      'refuses a deletion without window',
      'ring.leftovers.1.deletion.windowDays',
      undefined,
      'ring.leftovers.1.deletion.windowDays',
    ],
    [
      'refuses a window of no days',
      'ring.leftovers.1.deletion.windowDays',
      0,
      'ring.leftovers.1.deletion.windowDays',
    ],
    ['refuses null for not kept', 'ring.leftovers.2.keptAt', null, 'ring.leftovers.2.keptAt'],
  ])('%s', (_title, path, value, member) => {
    expect(() => parseStoredIssuer('prod', changed(ISSUER, path, value))).toThrow(
      `the stored document of issuer prod cannot be read: wrong at ${member}; restore it from a backup`,
    )
  })

  test.each<[string, string, unknown, string]>([
    ['no leftovers', 'leftovers', undefined, 'leftovers'],
    ['a leftover without slot', 'leftovers.0.slot', undefined, 'leftovers.0.slot'],
    ['a reservation', 'reservation', {}, 'reservation'],
  ])('of a tombstone refuses %s', (_title, path, value, member) => {
    const parse = () => parseStoredIssuer('prod', changed(TOMBSTONE, path, value))
    expect(parse).toThrow(`wrong at ${member};`)
  })
})

describe('what a rotation leaves in a public copy', () => {
  const copy = publicCopyOf(ISSUER)

  test('is the sighting of a key and the policy that settles, and no more', () => {
    const body = formatPublicCopy(copy)
    expect(parsePublicCopy('prod', body)).toEqual(copy)
    expect(body).toMatch(/firstSeenAt/)
    expect(body).toMatch(/settling/)
    expect(body).not.toMatch(/reservation|leftover|publishedRevision|slot|deletion|keptAt/)
    expect(formatPublicCopy(publicCopyOf(TOMBSTONE))).not.toMatch(/leftover|slot/)
  })

  test.each<[string, string, unknown, string]>([
    ['refuses leftovers', 'ring.leftovers', [], 'ring.leftovers'],
    ['refuses a reservation', 'ring.reservation', {}, 'ring.reservation'],
    [
      'refuses the first revision of a key',
      'ring.keys.0.publishedRevision',
      1,
      'ring.keys.0.publishedRevision',
    ],
    ['refuses an unknown member of a settling', 'settling.extra', 1, 'settling.extra'],
  ])('%s', (_title, path, value, member) => {
    expect(() => parsePublicCopy('prod', changed(copy, path, value))).toThrow(
      `wrong at ${member}; update the issuer, which makes its copy anew`,
    )
  })
})

test('the example of the documentation is a stored issuer, and all of it', async () => {
  const text = await readFile(new URL('../../../docs/storage-schema.md', import.meta.url), 'utf8')
  const [, example = ''] = /```json\n(.*?)```/s.exec(text) ?? []
  const stored = parseStoredIssuer('prod', example)
  expect(JSON.parse(formatStoredIssuer(stored))).toEqual(JSON.parse(example))
  expect(stored).toMatchObject({ settling: {}, ring: { reservation: {}, leftovers: [{}] } })
})
