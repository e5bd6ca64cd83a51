/**
 * Generated claims and headers: mostly good ones, and in their place what is not, or not quite.
 */

import * as fc from 'fast-check'
import type { JsonObject } from '../../../src/json.ts'
import { START_SECONDS as NOW } from '../hosts/in-process.ts'
import { STRANGER } from './sources.ts'

/** `weight`: of the good values to that of all the others together. */
export function mostly<T, O>(
  good: fc.Arbitrary<T>,
  odd: readonly O[],
  weight = 30,
): fc.Arbitrary<T | O> {
  return fc.oneof({ weight, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...odd) })
}

const at = (...seconds: readonly number[]) => seconds.map((each) => NOW + each)
const long = (character: string, ...lengths: readonly number[]) =>
  lengths.map((length) => character.repeat(length))
const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)])
const NO_TEXTS = [undefined, null, 7, true, ['payments'], { a: 'payments' }]
const NO_MOMENTS = [undefined, null, 'x', -1, String(NOW + 60)]

const PREFIXED = ['prod:root', 'prod-eu/root', 'system:x:payments:y', 'a:b', '::']
const UNPRINTABLE = ['a\nb', '\u{202e}x', '\u{2028}', '\u{d800}', '\u{e000}', 'ü\u{1f600}']
const LONG_SUBS = [...long('s', 127, 128, 590, 600, 601), ...long('é', 63, 64)]
const SUBS = [...PREFIXED, ...UNPRINTABLE, ...LONG_SUBS, ...NO_TEXTS, '', ' lead']
const TEAMS = [...long('t', 64, 65, 256, 257), ...UNPRINTABLE, ...NO_TEXTS, '', 'a"b', 'a b', 'x']
const ENDS = [...at(0, 1, -1, 54, 55, 56, 59, 60, 61, 0.5, 300.7, 1e12), ...NO_MOMENTS]
const BEGINNINGS = [...at(60, 61, 60.5, -2, -600, -601, -600.5, -90_000, -90_001), ...NO_MOMENTS]
const LISTS = [Array(100).fill(0), Array(101).fill(0)]
const NUMBERS = [2 ** 53, 2 ** 53 - 1, -0.5, 1e300]
const DEEP = [6, 7, 8, 14, 15, 16].map(nested)
const MORE = [
  ...DEEP,
  ...LISTS,
  ...NUMBERS,
  ...long('x', 4096, 4097),
  '\u{d800}',
  { constructor: 1 },
]

const any = (...values: readonly unknown[]) => fc.constantFrom(...values)

export const claims: fc.Arbitrary<JsonObject> = fc.record({
  sub: mostly(any('system:serviceaccount:payments:api', 'job'), SUBS, 20),
  exp: mostly(any(...at(3600, 90_000)), ENDS, 20),
  iat: mostly(any(...at(0, -1)), BEGINNINGS, 20),
  nbf: mostly(any(NOW, undefined), [...at(60, 61), null, 'x', -1]),
  jti: mostly(any('one', undefined), [7, null, ['x']]),
  team: mostly(any('payments', 'platform'), TEAMS, 10),
  groups: mostly(
    any(['admins'], ['devs', 'admins'], []),
    [undefined, 'admins', 7, [7, 'admins']],
    10,
  ),
  level: mostly(any(3, 5), [2, 3.5, '3', undefined, -0.5, null], 10),
  flag: mostly(any(true), [false, 'true', 1, undefined, null], 10),
  more: mostly(any(undefined), MORE),
})

const ALGS = ['none', 'HS256', 'ES256', 'ES384', 'RS256', 'RS512', 'PS256', 'EdDSA', 'es256', null]
const LONG_KIDS = long('k', 255, 256)
const KIDS = [STRANGER.keys[0]?.kid, '../../x', '', 'a b', '__proto__', ...LONG_KIDS, undefined, 7]
const ACCESS_TYPS = ['at+jwt', 'application/AT+jwt']
const TYPS = ['jwt', 'application/JWT', 'logout+jwt', '', null, 7, ...ACCESS_TYPS]
const MEMBERS = [
  { crit: ['exp'] },
  { crit: [] },
  { jku: 'https://evil.example' },
  { x5u: 'https://evil.example' },
  { jwk: STRANGER.keys[0]?.jwk },
  { x5c: ['MII'] },
  { zip: 'DEF' },
  { b64: false },
]

/** `alg` and `kid` may be those of the key, by these names. */
export const header = fc.record({
  alg: mostly(any('as signed'), [...ALGS, undefined, ['ES256']]),
  kid: mostly(any('of the key'), KIDS),
  typ: mostly(any('JWT', undefined), TYPS),
  more: mostly(fc.constant({}), MEMBERS),
})

/** What happens to the text of a header or of claims before it is signed. */
type Rewriting = (text: string) => string
const MEMBER_TEXTS = [
  '"sub":"root"',
  String.raw`"s\u0075b":"root"`,
  '"x":{"a":1,"a":2}',
  '"__proto__":{}',
  '"x":1e400',
  '"x":nul',
]
export const rewriting: fc.Arbitrary<Rewriting> = fc.oneof(
  { weight: 40, arbitrary: fc.constant<Rewriting>((text) => text) },
  fc.constantFrom(...MEMBER_TEXTS).map(
    (more): Rewriting =>
      (text) =>
        `${text.slice(0, -1)},${more}}`,
  ),
  fc.constant<Rewriting>((text) => ` ${text}\n`),
  fc.constantFrom('[]', 'null', '""', '', '{', '\u{feff}{}').map(
    (all): Rewriting =>
      () =>
        all,
  ),
)

/** What happens to a token after it was signed. */
type Damage = (token: string) => string
const ENDINGS = ['=', ' ', '\n', '.', '.e30', 'AA', '\0']
const SIGNATURES = ['', 'A'.repeat(86), 'A'.repeat(342)]
const anyPlace = fc.nat({ max: 2000 })
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 60, arbitrary: fc.constant<Damage>((token) => token) },
  anyPlace.map((place): Damage => (token) => {
    const index = place % token.length
    return token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1)
  }),
  anyPlace.map(
    (place): Damage =>
      (token) =>
        token.slice(0, place % token.length),
  ),
  fc.constantFrom(...ENDINGS).map(
    (end): Damage =>
      (token) =>
        token + end,
  ),
  fc.constantFrom(...SIGNATURES).map(
    (last): Damage =>
      (token) =>
        token.slice(0, token.lastIndexOf('.') + 1) + last,
  ),
  fc.constant<Damage>((token) => token.padEnd(16_385, 'A')),
  fc.constant<Damage>(() => ''),
)
