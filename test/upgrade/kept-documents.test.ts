/**
 * The kept files themselves: none is missing, changed, or unopened.
 */

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import {
  formatPublicCopy,
  formatStoredIssuer,
  parsePublicCopy,
  parseStoredIssuer,
} from '../../src/issuers/issuer-codec.ts'
import { FORMAT_VERSION } from '../../src/issuers/issuer-document.ts'
import { locationAt } from '../../src/locations/issuer-location.ts'
import {
  formatLocationClaim,
  parseLocationClaim,
} from '../../src/locations/location-claim-codec.ts'
import { formatStoredPolicy, parseStoredPolicy } from '../../src/policies/policy-codec.ts'
import { KEPT, KEPT_FORMATS } from './kept-documents.ts'

const GOLDEN = new URL('../golden/', import.meta.url)

/** Of the bytes as they were stored. They are never written anew: a changed digest is a document that nobody can read. */
const DIGESTS: Readonly<Record<string, string>> = {
  'public-copy-format-1.json': '816d26fe8b7a512cb9946175c9f723836d6e973e5c438fc3721819f493f8aef0',
  'public-copy-format-2.json': 'e01e230ebba5a24b38fcf1406aacd7f474a1b365539dde5cb7155f9c6c983743',
  'public-copy-format-3.json': 'd6153dbb9309a9739d4bb318c8293fa11cc01183290e6b73f4de69b5eb49a998',
  'public-copy-tombstone-format-1.json':
    'fec59b95206539fe81d4968fa1c8f4345e3bfe82cba98bdafda76e0934e97e26',
  'public-copy-tombstone-format-2.json':
    '639207e5d022f4bea110dbbfd7fb10bf3d1bf35532f7f0aba04407e1698288d6',
  'public-copy-tombstone-format-3.json':
    '93c16cf0ec6422797849f1c2bd729593dd7d8bcb5b4c1be2a227e36307bb0936',
  'stored-claim-format-1.json': '6b5482508c5caafaaf6cd20712df19e91bd12d16588e4e101f1b26a3c72077ce',
  'stored-issuer-format-1.json': 'b822c41376657f9b28a3f751a13a316a7a52bb85657eff1708378e3f17037d6e',
  'stored-issuer-format-2.json': '66d512fff155ad5b75f3ee1b016e3e159c0ecfc12f0e55ddc379c52fb8030115',
  'stored-issuer-format-3.json': '308f0e1d6ea1f9bc8c37f9cb42e90b178fa40defc22e7eb8c43ef076f0b7739c',
  'stored-policy-format-1.json': '4da5503664adb7d3453c87c335d66b490802ea4a5b8c667dc0b00e5db5aa6ac9',
  'stored-tombstone-format-1.json':
    '50933a91550b9483f775d7b314688eb95e4ee6fa48877f1f8922f2b27154f493',
  'stored-tombstone-format-2.json':
    '5f30b53a92a653259c964355e68ef6fe831172a449f7bf6ab118ff4e50d1f5aa',
  'stored-tombstone-format-3.json':
    '30f2d1895fb5b6995879b82f7ea422b48722da206d9b579d5008b929c4420623',
}

/** What the tests of the codecs write: of the present format, with every member that it has by now. */
const WRITTEN_NOW = ['stored-issuer', 'stored-tombstone', 'public-copy', 'public-copy-tombstone']

/** Reads bytes and writes them again, as the present version does. */
const REWRITE: Readonly<Record<string, (body: string) => string>> = {
  'stored-issuer': (body) => formatStoredIssuer(parseStoredIssuer('prod', body)),
  'stored-tombstone': (body) => formatStoredIssuer(parseStoredIssuer('prod', body)),
  'public-copy': (body) => formatPublicCopy(parsePublicCopy('prod', body)),
  'public-copy-tombstone': (body) => formatPublicCopy(parsePublicCopy('prod', body)),
  'stored-policy': (body) => formatStoredPolicy(parseStoredPolicy('prod', body)),
  'stored-claim': (body) =>
    formatLocationClaim(parseLocationClaim(locationAt('tokens.example.net', '/far'), body)),
}

const keptFiles = Object.entries(KEPT).flatMap(([name, bodies]) =>
  Object.entries(bodies).map(([format, body]) => ({ name, format: Number(format), body })),
)

describe('the kept documents', () => {
  test('are all that lie there, each of the bytes that were stored', async () => {
    const names = (await readdir(GOLDEN)).filter((name) => /^(?:stored|public-copy)/.test(name))
    const present = [...WRITTEN_NOW, 'stored-policy'].map((name) => `${name}.json`)
    expect(names.filter((name) => !present.includes(name)).toSorted()).toEqual(
      Object.keys(DIGESTS).toSorted(),
    )
    for (const name of Object.keys(DIGESTS)) {
      const bytes = await readFile(new URL(name, GOLDEN))
      const digest = createHash('sha256').update(bytes).digest('hex')
      expect({ name, digest }).toEqual({ name, digest: DIGESTS[name] })
    }
  })

  test('are all opened', async () => {
    const opened = keptFiles.map(({ name, format }) => `${name}-format-${format}.json`)
    expect(opened.toSorted()).toEqual(Object.keys(DIGESTS).toSorted())
    for (const { name, format, body } of keptFiles) {
      const file = new URL(`${name}-format-${format}.json`, GOLDEN)
      expect(`${body}\n`).toBe(await readFile(file, 'utf8'))
    }
  })

  test('are of every format up to the present one', () => {
    expect(KEPT_FORMATS.at(-1)).toBe(FORMAT_VERSION)
    for (const name of WRITTEN_NOW) {
      expect(Object.keys(KEPT[name] ?? {}).map(Number)).toEqual([...KEPT_FORMATS])
    }
  })

  test.each(keptFiles)(
    'are read, and written as the present format has it: $name of $format',
    (file) => {
      const { name, body } = file
      const last = Object.values(KEPT[name] ?? {}).length
      const written = REWRITE[name]?.(body) ?? ''
      expect(written).toContain(`"version":${last},`)
      // One of the present format says all that it said; an earlier one is upgraded once.
      const again = file.format === last ? body : REWRITE[name]?.(written)
      expect(JSON.parse(written)).toEqual(JSON.parse(again ?? ''))
    },
  )
})
