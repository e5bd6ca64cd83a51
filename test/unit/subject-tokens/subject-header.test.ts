import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { KEY, refusalOf, SAID, withHeader } from './reading.ts'

const KID = 'must have a kid of 1 to 255 printable ASCII characters without spaces, got'
const ALG = 'must be one of RS256, RS384, RS512, ES256, ES384, ES512, got'
const HEADERS: readonly (readonly [
  title: string,
  header: JsonObject,
  reason: string,
  detail: string,
])[] = [
  ['crit', { crit: ['exp'] }, 'header_refused', 'got crit:'],
  ['crit that is empty', { crit: null }, 'header_refused', 'got crit:'],
  ['b64 and crit', { b64: false, crit: ['b64'] }, 'header_refused', 'got crit:'],
  ['jku', { jku: 'https://evil.example/jwks' }, 'header_refused', 'got jku:'],
  ['jwk', { jwk: KEY.jwk }, 'header_refused', 'got jwk:'],
  ['x5u', { x5u: 'https://evil.example/x' }, 'header_refused', 'got x5u:'],
  ['no kid', { kid: undefined }, 'header_refused', `${KID} none`],
  ['an empty kid', { kid: '' }, 'header_refused', `${KID} another one`],
  ['a kid that is a number', { kid: 1 }, 'header_refused', `${KID} another one`],
  ['a kid that is a list', { kid: ['key-1'] }, 'header_refused', `${KID} another one`],
  ['a kid that is null', { kid: null }, 'header_refused', `${KID} another one`],
  ['a long kid', { kid: 'k'.repeat(256) }, 'header_refused', `${KID} another one`],
  ['a kid with a newline', { kid: 'key-1\n' }, 'header_refused', `${KID} another one`],
  ['a kid with a space', { kid: 'key 1' }, 'header_refused', `${KID} another one`],
  ['a kid beyond ASCII', { kid: 'kéy' }, 'header_refused', `${KID} another one`],
  ['alg none', { alg: 'none' }, 'algorithm_refused', `${ALG} "none"`],
  ['alg None', { alg: 'None' }, 'algorithm_refused', `${ALG} "None"`],
  ['no alg', { alg: undefined }, 'algorithm_refused', `${ALG} nothing`],
  ['alg HS256', { alg: 'HS256' }, 'algorithm_refused', `${ALG} "HS256"`],
  ['alg PS256', { alg: 'PS256' }, 'algorithm_refused', `${ALG} "PS256"`],
  ['alg EdDSA', { alg: 'EdDSA' }, 'algorithm_refused', `${ALG} "EdDSA"`],
  ['alg in lower case', { alg: 'es256' }, 'algorithm_refused', `${ALG} "es256"`],
  ['alg of Object', { alg: 'toString' }, 'algorithm_refused', `${ALG} "toString"`],
  ['alg that is a list', { alg: ['ES256'] }, 'algorithm_refused', `${ALG} a list`],
  ['a long alg', { alg: 'A'.repeat(99) }, 'algorithm_refused', `${ALG} "${'A'.repeat(19)}…`],
  ['a typ that is no text', { typ: 7 }, 'type_refused', 'got 7:'],
  ['a typ that is null', { typ: null }, 'type_refused', 'got null:'],
]

describe('a header is refused', () => {
  test.each(HEADERS)('with %s', (_title, header, reason, detail) => {
    const { kid } = { kid: 'key-1', ...header }
    const refusal = refusalOf(withHeader(header))
    expect(refusal).toMatchObject({ reason })
    expect(refusal.detail).toContain(detail)
    const { kid: _kid, ...said } = SAID
    expect(refusal.claimed).toEqual(typeof kid === 'string' ? { ...said, kid } : said)
  })
})
