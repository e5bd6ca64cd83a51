import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { formSentences, withEntry } from '../../support/policy-entries.ts'

const NAME = 'must be a DNS label: 1 to 63 lower-case letters, digits and inner hyphens'
const ISSUER =
  'must be an https URL of at most 255 characters without query, fragment and credentials'
const EXPRESSION =
  'must be an expression (CEL, in quotes where YAML needs them) of 1 to 4096 characters'
const LINE = 'must be 1 to 255 printable characters without spaces at its ends'
const AGE = 'must be a whole number of seconds from 1 to 604800'
const ALGORITHMS = 'must be a list of 1 to 6 algorithms, each once'

describe('an entry', () => {
  test.each<[string, JsonObject, string]>([
    ['no name', { name: undefined }, `entries.0.name ${NAME}, got nothing`],
    ['an empty name', { name: '' }, `entries.0.name ${NAME}, got ""`],
    ['a name in capitals', { name: 'Prod' }, `entries.0.name ${NAME}, got "Prod"`],
    ['a name with a colon', { name: 'prod:eu' }, `entries.0.name ${NAME}, got "prod:eu"`],
    [
      'a name of 64 characters',
      { name: 'a'.repeat(64) },
      `entries.0.name ${NAME}, got "${'a'.repeat(64)}"`,
    ],
    ['a number as name', { name: 7 }, `entries.0.name ${NAME}, got 7`],
    ['http', { issuer: 'http://x.example' }, `entries.0.issuer ${ISSUER}, got "http://x.example"`],
    [
      'another scheme',
      { issuer: 'ftp://x.example' },
      `entries.0.issuer ${ISSUER}, got "ftp://x.example"`,
    ],
    ['no URL', { issuer: 'x.example' }, `entries.0.issuer ${ISSUER}, got "x.example"`],
    [
      'a URL without a host',
      { issuer: 'https:///x' },
      `entries.0.issuer ${ISSUER}, got "https:///x"`,
    ],
    [
      'a backslash',
      { issuer: String.raw`https://x\y` },
      String.raw`entries.0.issuer ${ISSUER}, got "https://x\\y"`,
    ],
    [
      'a space',
      { issuer: 'https://x.example/ ' },
      `entries.0.issuer ${ISSUER}, got "https://x.example/ "`,
    ],
    [
      'no ASCII',
      { issuer: 'https://bücher.example' },
      `entries.0.issuer ${ISSUER}, got "https://bücher.example"`,
    ],
    [
      'credentials, which are not repeated',
      { issuer: 'https://u:secret@x.example' },
      `entries.0.issuer ${ISSUER}, got a text`,
    ],
    [
      'a query, which is not repeated',
      { issuer: 'https://x.example/?secret' },
      `entries.0.issuer ${ISSUER}, got a text`,
    ],
    [
      'a fragment',
      { issuer: 'https://x.example/#secret' },
      `entries.0.issuer ${ISSUER}, got a text`,
    ],
    [
      'an issuer of 256 characters',
      { issuer: `https://a.example/${'p'.repeat(238)}` },
      `entries.0.issuer ${ISSUER}, got "https://a.example/${'p'.repeat(61)}…`,
    ],
    ['no algorithm', { algorithms: [] }, `entries.0.algorithms ${ALGORITHMS}, got a list of 0`],
    [
      'an algorithm twice',
      { algorithms: ['RS256', 'RS256'] },
      `entries.0.algorithms ${ALGORITHMS}, got a list of 2`,
    ],
    ['a list for one', { algorithms: 'RS256' }, `entries.0.algorithms ${ALGORITHMS}, got "RS256"`],
    [
      'HS256',
      { algorithms: ['RS256', 'HS256'] },
      'entries.0.algorithms.1 must be one of RS256, RS384, RS512, ES256, ES384, ES512, got "HS256"',
    ],
    [
      'alg none',
      { algorithms: ['none'] },
      'entries.0.algorithms.0 must be one of RS256, RS384, RS512, ES256, ES384, ES512, got "none"',
    ],
    ['an empty audience', { audience: '' }, `entries.0.audience ${LINE}, got ""`],
    ['two audiences', { audience: ['a', 'b'] }, `entries.0.audience ${LINE}, got a list of 2`],
    ['no age', { maxAgeSeconds: 0 }, `entries.0.maxAgeSeconds ${AGE}, got 0`],
    ['too great an age', { maxAgeSeconds: 604_801 }, `entries.0.maxAgeSeconds ${AGE}, got 604801`],
    ['half a second', { maxAgeSeconds: 1.5 }, `entries.0.maxAgeSeconds ${AGE}, got 1.5`],
    ['an age as text', { maxAgeSeconds: '60' }, `entries.0.maxAgeSeconds ${AGE}, got "60"`],
    ['no condition', { condition: undefined }, `entries.0.condition ${EXPRESSION}, got nothing`],
    [
      'a condition that YAML took for true',
      { condition: true },
      `entries.0.condition ${EXPRESSION}, got true`,
    ],
    ['an empty condition', { condition: '' }, `entries.0.condition ${EXPRESSION}, got ""`],
    [
      'a condition of 4097 characters',
      { condition: 'a'.repeat(4097) },
      `entries.0.condition ${EXPRESSION}, got "${'a'.repeat(79)}…`,
    ],
    [
      'no token',
      { token: undefined },
      'entries.0.token must be an object with subject and audiences, got nothing',
    ],
    [
      'another member',
      { conditions: [] },
      'entries.0.conditions is not known: known are name, issuer, keys, algorithms, audience, maxAgeSeconds, condition, token',
    ],
  ])('is refused: %s', (_title, changes, sentence) => {
    expect(formSentences(withEntry(changes))).toEqual([sentence])
  })
})
