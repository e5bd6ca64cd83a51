import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { buildDiscoveryDocument } from '../../../src/documents/discovery.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { OBSERVED_BYTES_MAX } from '../../../src/limits.ts'
import { observePublication } from '../../../src/publication/read-public-documents.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'
import {
  DISCOVERY_URL,
  discoveryAnswer,
  EC_KEY,
  type FakeWeb,
  fakeWeb,
  ISSUER,
  JWKS_URL,
  jwksAnswer,
  RSA_KEY,
  RSA_MEMBER,
  VERSION,
} from './public-documents.ts'

const { deadline } = heldDeadlines()
const clock = { now: () => 1_800_000_000 }

const observe = (web: FakeWeb) => observePublication(ISSUER, { fetch: web.fetch, clock, deadline })

describe('documents as they should be', () => {
  test('are an observation', async () => {
    const web = fakeWeb()
    expect(await observe(web)).toEqual({
      ok: true,
      observation: { at: 1_800_000_000, ringVersion: 7, keys: [RSA_KEY, EC_KEY] },
    })
    expect(web.asked.map(({ url }) => url)).toEqual([DISCOVERY_URL, JWKS_URL])
  })

  test('are those that the host makes', async () => {
    const made = buildDiscoveryDocument({ issuer: ISSUER, policy: DEFAULT_POLICY }, [])
    const observed = await observe(fakeWeb({ discovery: () => Response.json(made) }))
    expect(observed).toMatchObject({ ok: true })
  })

  test('were seen when the last of them was read to its end', async () => {
    let now = 1_800_000_000
    const late = new ReadableStream({
      pull: (controller) => {
        now += 3
        controller.enqueue(new TextEncoder().encode('{"keys":[]}'))
        controller.close()
      },
    })
    const { fetch } = fakeWeb({ jwks: () => new Response(late, { headers: VERSION }) })
    const observed = await observePublication(ISSUER, {
      fetch,
      clock: { now: () => now },
      deadline,
    })
    expect(observed).toMatchObject({ observation: { at: 1_800_000_003 } })
  })

  test('may be as large as the limit', async () => {
    const text = JSON.stringify({ keys: [RSA_MEMBER] }).padEnd(OBSERVED_BYTES_MAX)
    const jwks = () => new Response(text, { headers: VERSION })
    expect(await observe(fakeWeb({ jwks }))).toMatchObject({ ok: true })
  })

  test.each([
    ['the first version', '1', 1],
    ['a late version', '123456789012345', 123_456_789_012_345],
    ['a version between spaces', ' 12 ', 12],
  ])('have %s', async (_title, header, ringVersion) => {
    const headers = { 'Signet-Ring-Version': header }
    const jwks = () => Response.json({ keys: [] }, { headers })
    expect(await observe(fakeWeb({ jwks }))).toMatchObject({ observation: { ringVersion } })
  })

  test('may have as many keys as AWS takes', async () => {
    const keys = Array.from({ length: 200 }, (_, index) => ({ ...RSA_MEMBER, kid: `k${index}` }))
    const observed = await observe(fakeWeb({ jwks: () => jwksAnswer(keys) }))
    expect(observed.ok && observed.observation.keys).toHaveLength(200)
  })
})

test('the requests are plain ones, which any cache on the way may answer', async () => {
  const web = fakeWeb()
  await observe(web)
  for (const { url, init, receiver } of web.asked) {
    expect(Object.keys(init).toSorted()).toEqual(['headers', 'redirect', 'signal'])
    expect(init.redirect).toBe('manual')
    expect([...new Headers(init.headers)]).toEqual([
      ['accept', 'application/json, application/jwk-set+json'],
    ])
    expect(new URL(url).search).toBe('')
    expect(receiver).toBeUndefined()
  }
})

const HTML = '<!doctype html><title>marked-body</title>'
/** JSON but for one byte of Latin-1 in a string. */
const NOT_UTF8 = new Uint8Array(
  Buffer.from(`{"issuer":"${ISSUER}","jwks_uri":"${JWKS_URL}","keys":[],"by":"\u00ff"}`, 'latin1'),
)
const WITH_BOM = new TextEncoder().encode('\ufeff{"keys":[]}')

const redirect = (status: number, location = 'https://elsewhere.example/') =>
  new Response('marked-body', { status, headers: { Location: location } })

function unfetchable(code: string): Response {
  const cause = Object.assign(new Error('marked-body'), { code })
  throw new TypeError('marked-body', { cause })
}

function hidden(): Response {
  return Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' })
}

function followed(answer: Response): Response {
  return Object.defineProperty(answer, 'redirected', { value: true })
}

/** Wrong at either document. */
const ANSWERS = [
  ['no connection', () => unfetchable('ECONNREFUSED'), 'unreachable', /\(ECONNREFUSED\)/],
  ['an unknown failure', () => unfetchable('marked-body'), 'unreachable', /\(TypeError\)/],
  ['status 301', () => redirect(301), 'redirected', /redirect/],
  ['status 302', () => redirect(302, DISCOVERY_URL), 'redirected', /redirect/],
  ['status 303', () => redirect(303), 'redirected', /redirect/],
  ['status 307', () => redirect(307), 'redirected', /redirect/],
  ['status 308', () => redirect(308), 'redirected', /redirect/],
  ['a redirect that is hidden', hidden, 'redirected', /redirect/],
  ['a redirect that was followed', () => followed(discoveryAnswer()), 'redirected', /redirect/],
  ['status 304', () => new Response(null, { status: 304 }), 'bad_status', /status 304/],
  ['status 204', () => new Response(null, { status: 204 }), 'bad_status', /status 204/],
  ['status 404', () => new Response(HTML, { status: 404 }), 'bad_status', /status 404/],
  ['status 503', () => new Response(HTML, { status: 503 }), 'bad_status', /status 503/],
  [
    'one byte too many',
    () => new Response(' '.repeat(OBSERVED_BYTES_MAX + 1)),
    'too_large',
    /more than 262144 bytes/,
  ],
] as const

describe.each(ANSWERS)('%s', (_title, answer, problem, words) => {
  test.each([
    ['discovery', DISCOVERY_URL],
    ['jwks', JWKS_URL],
  ])('of %s is no observation', async (document, url) => {
    const observed = await observe(fakeWeb({ [document]: answer }))
    expect(observed).toEqual({ ok: false, problem, message: expect.stringMatching(words) })
    expect(observed).toMatchObject({ message: expect.stringContaining(`${url} `) })
    expect(JSON.stringify(observed)).not.toContain('marked-body')
  })
})

test.each([
  ['HTML', new Response(HTML)],
  ['nothing', new Response(null)],
  ['JSON null', new Response('null')],
  ['a list', Response.json([{ issuer: ISSUER }])],
  ['what is not UTF-8', new Response(NOT_UTF8)],
])('%s is no discovery document', async (_title, answer) => {
  const web = fakeWeb({ discovery: () => answer })
  const observed = await observe(web)
  expect(observed).toMatchObject({ ok: false, problem: 'not_a_discovery_document' })
  expect(observed).toMatchObject({ message: expect.stringContaining(`${DISCOVERY_URL} `) })
  expect(JSON.stringify(observed)).not.toContain('marked-body')
  expect(web.asked).toHaveLength(1)
})

test.each([
  ['another', 'https://oidc.example.com/other', '"https://oidc.example.com/other"'],
  ['one with a slash', `${ISSUER}/`, `"${ISSUER}/"`],
  ['one in upper case', ISSUER.toUpperCase(), ISSUER.toUpperCase()],
  ['none', undefined, 'got nothing'],
  ['no text', 7, 'got 7'],
])('a discovery document of %s issuer is not this one', async (_title, issuer, shown) => {
  const web = fakeWeb({ discovery: () => discoveryAnswer({ issuer }) })
  const observed = await observe(web)
  expect(observed).toMatchObject({ ok: false, problem: 'wrong_issuer' })
  for (const part of [DISCOVERY_URL, `"${ISSUER}"`, shown]) {
    expect(observed).toMatchObject({ message: expect.stringContaining(part) })
  }
  expect(web.asked).toHaveLength(1)
})

test('two long URLs that differ at their ends are shown whole', async () => {
  const issuer = `${ISSUER}/${'a'.repeat(200)}`
  const asked: typeof fetch = async () => Response.json({ issuer: `${issuer}b` })
  const observed = await observePublication(issuer, { fetch: asked, clock, deadline })
  expect(observed).toMatchObject({
    message: expect.stringContaining(`the issuer "${issuer}", got "${issuer}b":`),
  })
})

test.each([
  ['of another host', 'https://elsewhere.example/prod/.well-known/jwks.json'],
  ['of another path', `${ISSUER}/keys`],
  ['of another scheme', JWKS_URL.replace('https', 'http')],
  ['with a query', `${JWKS_URL}?fresh=1`],
  ['that is none', undefined],
  ['that is no text', { url: JWKS_URL }],
])('a jwks_uri %s is not asked', async (_title, jwksUri) => {
  const web = fakeWeb({ discovery: () => discoveryAnswer({ jwks_uri: jwksUri }) })
  const observed = await observe(web)
  expect(observed).toMatchObject({ ok: false, problem: 'wrong_jwks_uri' })
  expect(observed).toMatchObject({ message: expect.stringContaining(JWKS_URL) })
  expect(web.asked).toHaveLength(1)
})

test.each([
  ['HTML', new Response(HTML, { headers: VERSION })],
  ['nothing', new Response(null, { headers: VERSION })],
  ['JSON null', new Response('null', { headers: VERSION })],
  ['a list of keys', Response.json([RSA_MEMBER], { headers: VERSION })],
  ['one key', Response.json(RSA_MEMBER, { headers: VERSION })],
  ['keys that are no list', jwksAnswer({ 0: RSA_MEMBER })],
  ['a key that is none', jwksAnswer([RSA_MEMBER, null])],
  ['a key in a list of its own', jwksAnswer([[RSA_MEMBER]])],
  ['what is not UTF-8', new Response(NOT_UTF8, { headers: VERSION })],
  ['a byte order mark', new Response(WITH_BOM, { headers: VERSION })],
])('%s is no JWK Set', async (_title, answer) => {
  const observed = await observe(fakeWeb({ jwks: () => answer }))
  expect(observed).toMatchObject({ ok: false, problem: 'not_a_jwk_set' })
  expect(observed).toMatchObject({ message: expect.stringContaining(`${JWKS_URL} `) })
  expect(JSON.stringify(observed)).not.toContain('marked-body')
})

test('a set of more keys than AWS takes proves nothing', async () => {
  const keys = Array.from({ length: 201 }, () => ({}))
  expect(await observe(fakeWeb({ jwks: () => jwksAnswer(keys) }))).toEqual({
    ok: false,
    problem: 'too_large',
    message: `${JWKS_URL} has 201 keys, more than the 200 that AWS takes at most: see where they come from`,
  })
})

test.each([
  ['none', undefined, 'got nothing'],
  ['an empty one', '', 'got ""'],
  ['0', '0', 'got "0"'],
  ['a negative one', '-1', 'got "-1"'],
  ['a fraction', '1.5', 'got "1.5"'],
  ['a leading zero', '07', 'got "07"'],
  ['an exponent', '1e3', 'got "1e3"'],
  ['hexadecimal', '0x1f', 'got "0x1f"'],
  ['two', '7, 8', 'got "7, 8"'],
  ['what no number holds exactly', '9007199254740993', 'got "9007199254740993"'],
  ['a word', 'latest', 'got "latest"'],
])('a version that is %s is none', async (_title, version, shown) => {
  const headers = version === undefined ? {} : { 'Signet-Ring-Version': version }
  const jwks = () => Response.json({ keys: [] }, { headers })
  const observed = await observe(fakeWeb({ jwks }))
  expect(observed).toMatchObject({ ok: false, problem: 'no_ring_version' })
  expect(observed).toMatchObject({ message: expect.stringContaining(shown) })
  expect(observed).toMatchObject({ message: expect.stringContaining(`${JWKS_URL} `) })
})
