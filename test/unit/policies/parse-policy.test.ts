import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../../../src/policies/parse-policy.ts'
import { formSentences, policyEntry, withEntry, withToken } from '../../support/policy-entries.ts'

const MANY = Array.from({ length: 300 }, (_, index) => `a${index}`)
const manyExpressions = (count: number) =>
  Object.fromEntries(MANY.slice(0, count).map((name) => [name, '"x"']))
const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }

describe('a policy of the right form', () => {
  test.each<[string, unknown]>([
    ['no entry', { entries: [] }],
    ['an entry with what it must have', withEntry({})],
    ['200 entries', { entries: MANY.slice(0, 200).map((name) => policyEntry({ name })) }],
    ['a name of 63 characters', withEntry({ name: 'a'.repeat(63) })],
    ['an issuer with a trailing slash', withEntry({ issuer: 'https://tenant.example.com/' })],
    [
      'an issuer in capitals and with a port',
      withEntry({ issuer: 'https://Id.Example.com:443/x' }),
    ],
    ['an issuer of 255 characters', withEntry({ issuer: `https://a.example/${'p'.repeat(237)}` })],
    ['http on a loopback host', withEntry({ issuer: 'http://127.0.0.1:8787/dev' })],
    ['adopted keys', withEntry({ keys: { adopted: true } })],
    ['100 inline keys', withEntry({ keys: { jwks: { keys: MANY.slice(0, 100).map(() => KEY) } } })],
    ['keys at another host', withEntry({ keys: { discovery: true, jwksHost: 'k.example:8443' } })],
    [
      'every algorithm',
      withEntry({ algorithms: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'] }),
    ],
    ['the oldest age', withEntry({ maxAgeSeconds: 604_800, audience: 'https://x.example/token' })],
    ['an expression of 4096 characters', withEntry({ condition: 'a'.repeat(4096) })],
    [
      'a token with everything',
      withToken({
        tags: manyExpressions(50),
        transitiveTags: MANY.slice(0, 50),
        sourceIdentity: '"me"',
        claims: manyExpressions(50),
        audiences: MANY.slice(0, 50),
        ttl: 86_400,
        mayOutliveSubject: true,
      }),
    ],
    ['a token of the shortest life', withToken({ ttl: 60, tags: {}, claims: {} })],
  ])('is taken: %s', (_title, json) => {
    expect(parsePolicy(json)).toEqual({ ok: true, policy: json })
  })
})

const NAME = 'must be a DNS label: 1 to 63 lower-case letters, digits and inner hyphens'
const KEYS = 'must be one of {"discovery": true}, {"jwks": {"keys": […]}} and {"adopted": true}'
const JWKS_HOST =
  'must be a host in lower case, with its port where that is not 443, such as "keys.example.com"'
const ALGORITHMS = 'must be a list of 1 to 6 algorithms, each once'

describe('the policy', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'the policy must be an object with entries, got nothing'],
    ['null', null, 'the policy must be an object with entries, got null'],
    ['a list', [], 'the policy must be an object with entries, got a list of 0'],
    [
      'a text, which is not repeated',
      'secret',
      'the policy must be an object with entries, got a text',
    ],
    ['no entries', {}, 'entries must be a list of at most 200 entries, got nothing'],
    [
      'entries by name',
      { entries: {} },
      'entries must be a list of at most 200 entries, got an object',
    ],
    [
      'an entry too many',
      { entries: Array.from({ length: 201 }, () => policyEntry()) },
      'entries must be a list of at most 200 entries, got a list of 201',
    ],
    ['another member', { entries: [], version: 1 }, 'version is not known: known are entries'],
    [
      'an entry that is none',
      { entries: [7] },
      'entries.0 must be an object with name, issuer, keys, algorithms, condition and token, got 7',
    ],
  ])('is refused: %s', (_title, json, sentence) => {
    expect(formSentences(json)).toEqual([sentence])
  })

  test('is refused at once, however many entries it has', () => {
    const problems = formSentences({ entries: Array.from({ length: 100_000 }, () => 7) })
    expect(problems.length).toBeLessThan(300)
    expect(problems).toContain('entries must be a list of at most 200 entries, got a list of 201')
  })
})

describe('keys', () => {
  test.each<[string, unknown, string]>([
    ['none', undefined, `entries.0.keys ${KEYS}, got nothing`],
    [
      'a text, which is not repeated',
      '-----BEGIN PRIVATE KEY-----',
      `entries.0.keys ${KEYS}, got a text`,
    ],
    ['an empty object', {}, `entries.0.keys ${KEYS}, got an object`],
    ['a kind that nobody knows', { pem: 'x' }, `entries.0.keys ${KEYS}, got an object`],
    [
      'discovery switched off',
      { discovery: false },
      'entries.0.keys.discovery must be true: leave the entry out instead, got false',
    ],
    [
      'adoption switched off',
      { adopted: false },
      'entries.0.keys.adopted must be true: leave the entry out instead, got false',
    ],
    [
      'two kinds',
      { discovery: true, adopted: true },
      'entries.0.keys.adopted is not known: known are discovery, jwksHost',
    ],
    [
      'a URL for a host',
      { discovery: true, jwksHost: 'https://k.example' },
      `entries.0.keys.jwksHost ${JWKS_HOST}, got a text`,
    ],
    [
      'a host in capitals',
      { discovery: true, jwksHost: 'K.example' },
      `entries.0.keys.jwksHost ${JWKS_HOST}, got a text`,
    ],
    [
      'a host with a path',
      { discovery: true, jwksHost: 'k.example/x' },
      `entries.0.keys.jwksHost ${JWKS_HOST}, got a text`,
    ],
    [
      'a host with the port of https',
      { discovery: true, jwksHost: 'k.example:443' },
      `entries.0.keys.jwksHost ${JWKS_HOST}, got a text`,
    ],
    [
      'a host with credentials',
      { discovery: true, jwksHost: 'u@k.example' },
      `entries.0.keys.jwksHost ${JWKS_HOST}, got a text`,
    ],
    [
      'a list for a set',
      { jwks: [KEY] },
      'entries.0.keys.jwks must be a JWK Set ({"keys": […]}), got a list of 1',
    ],
    [
      'an empty set',
      { jwks: { keys: [] } },
      'entries.0.keys.jwks.keys must be a list of 1 to 100 public keys (JWKs), each once, got a list of 0',
    ],
    [
      '101 keys',
      { jwks: { keys: MANY.slice(0, 101).map(() => KEY) } },
      'entries.0.keys.jwks.keys must be a list of 1 to 100 public keys (JWKs), each once, got a list of 101',
    ],
    [
      'a text for a key',
      { jwks: { keys: ['secret'] } },
      'entries.0.keys.jwks.keys.0 must be a JWK (an object with kty), got a text',
    ],
  ])('are refused: %s', (_title, keys, sentence) => {
    expect(formSentences(withEntry({ keys }))).toEqual([sentence])
  })
})

test('everything that is wrong is said, in the order of the policy', () => {
  const entries = [policyEntry({ name: 'A' }), { ...policyEntry(), algorithms: [], extra: 1 }]
  expect(formSentences({ entries, more: {} })).toEqual([
    `entries.0.name ${NAME}, got "A"`,
    `entries.1.algorithms ${ALGORITHMS}, got a list of 0`,
    'entries.1.extra is not known: known are name, issuer, keys, algorithms, audience, maxAgeSeconds, condition, token',
    'more is not known: known are entries',
  ])
})

test('a member with a name that steers terminals is shown printable and short', () => {
  const [sentence] = formSentences({ entries: [], ['a\u{1b}[2J'.repeat(100)]: 1 })
  expect(sentence).toMatch(/^a\\u\{1b\}\[2J.{0,600}… is not known: known are entries$/)
})
