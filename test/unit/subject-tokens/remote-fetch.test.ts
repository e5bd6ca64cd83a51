import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { KEY_SET_KEYS_MAX } from '../../../src/limits.ts'
import { fetchKeySet } from '../../../src/subject-tokens/fetch-key-set.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'
import {
  DISCOVERY_URL,
  ecMember,
  ISSUER,
  JWKS_URL,
  type RemoteWeb,
  remoteWeb,
  rightAnswers,
} from './remote-web.ts'

const EC = await ecMember('kid-ec', { use: 'sig', alg: 'ES256' })

const remote = { issuer: ISSUER, jwksHost: undefined }

function fetching({ fetch }: RemoteWeb, { allowLoopback = false, jwksHost = '' } = {}) {
  const named = jwksHost === '' ? remote : { ...remote, jwksHost }
  return fetchKeySet(named, { fetch, deadline: heldDeadlines().deadline, allowLoopback })
}

function web(members: object, keys: unknown = [EC]): RemoteWeb {
  return remoteWeb({
    [DISCOVERY_URL]: () => Response.json({ issuer: ISSUER, jwks_uri: JWKS_URL, ...members }),
    [JWKS_URL]: () => Response.json({ keys }),
  })
}

function rsa(modulusLength: number): object {
  return generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' })
}

test('the keys of an issuer are where its discovery document says, and kept as long as they may be', async () => {
  const site = remoteWeb(rightAnswers([EC], 'max-age=777'))
  const fetched = await fetching(site)
  expect(fetched).toMatchObject({
    ok: true,
    ageSeconds: 777,
    keys: [{ kid: 'kid-ec', algorithms: ['ES256'] }],
  })
  expect(site.asked).toEqual([DISCOVERY_URL, JWKS_URL])
  expect(site.receivers).toEqual([undefined, undefined])
})

test('an issuer with a slash at its end has the documents of one without, and is another issuer', async () => {
  const issuer = `${ISSUER}/`
  const deadline = heldDeadlines().deadline
  const ask = (site: RemoteWeb) =>
    fetchKeySet({ ...remote, issuer }, { fetch: site.fetch, deadline, allowLoopback: false })
  expect(await ask(web({ issuer }))).toMatchObject({ ok: true })
  expect(await ask(web({}))).toMatchObject({ problem: 'wrong_issuer' })
})

describe('a discovery document is refused, and no keys are asked for,', () => {
  test.each<[string, unknown]>([
    ['of another issuer', 'https://tokens.example.com/other'],
    ['of an issuer that differs by a byte', `${ISSUER}s`],
    ['of an issuer that differs by a slash', `${ISSUER}/`],
    ['of an issuer in other letters', ISSUER.replace('tokens', 'Tokens')],
    ['of a list', [ISSUER]],
    ['of nobody', undefined],
  ])('%s', async (_name, issuer) => {
    const site = web({ issuer })
    const fetched = await fetching(site)
    expect(fetched).toMatchObject({ ok: false, problem: 'wrong_issuer' })
    expect(site.asked).toEqual([DISCOVERY_URL])
  })

  test.each([['[]'], ['null'], ['"text"'], ['{'], ['<!doctype html>'], [''], ['\uFEFF{}']])(
    'that is %j',
    async (text) => {
      const fetched = await fetching(remoteWeb({ [DISCOVERY_URL]: () => new Response(text) }))
      expect(fetched).toMatchObject({ ok: false, problem: 'not_a_discovery_document' })
    },
  )

  test('whose jwks_uri has no end', async () => {
    const fetched = await fetching(web({ jwks_uri: `${JWKS_URL}?${'a'.repeat(2000)}` }))
    expect(fetched).toMatchObject({ ok: false, problem: 'wrong_jwks_uri' })
  })

  test.each<[unknown]>([
    [undefined],
    [null],
    [''],
    ['/keys'],
    [[JWKS_URL]],
    ['http://tokens.example.com/cluster/keys'],
    ['data:application/json,{}'],
    ['file:///etc/keys'],
    ['https://somebody@tokens.example.com/cluster/keys'],
    ['https://:secret@tokens.example.com/cluster/keys'],
    ['https://tokens.example.com/cluster/keys#first'],
    ['https://tokens.example.com/cluster/keys#'],
    ['https://keys.example.com/cluster/keys'],
    ['https://tokens.example.com:8443/cluster/keys'],
    ['https://tokens.example.com./cluster/keys'],
    ['https://127.0.0.1/keys'],
    ['https://169.254.169.254/latest'],
    ['http://127.0.0.1/keys'],
  ])('whose jwks_uri is %j', async (jwksUri) => {
    const site = web({ jwks_uri: jwksUri })
    const fetched = await fetching(site, { allowLoopback: true })
    expect(fetched).toMatchObject({ ok: false, problem: 'wrong_jwks_uri' })
    expect(site.asked).toEqual([DISCOVERY_URL])
    expect(fetched).not.toMatchObject({ message: expect.stringMatching(/secret|somebody/) })
  })
})

test.each([
  ['http://tokens.example.com/cluster'],
  ['https://10.0.0.1'],
  ['https://2130706433'],
  ['https://localhost'],
  ['https://user:secret@tokens.example.com'],
  ['https://tokens.example.com#a'],
  ['https://tokens.example.com '],
  ['tokens.example.com'],
  [''],
])('nothing is asked of the issuer %j', async (issuer) => {
  const site = web({})
  const deadline = heldDeadlines().deadline
  const options = { fetch: site.fetch, deadline, allowLoopback: false }
  const fetched = await fetchKeySet({ issuer, jwksHost: undefined }, options)
  expect(fetched).toMatchObject({ ok: false, problem: 'url_refused' })
  expect(fetched).not.toMatchObject({ message: expect.stringContaining('secret') })
  expect(site.asked).toEqual([])
})

describe('where the policy names the host of the keys', () => {
  const elsewhere = 'https://keys.example.com:8443/cluster'
  const moved = () => {
    const site = web({ jwks_uri: elsewhere })
    site.answers.set(elsewhere, () => Response.json({ keys: [EC] }))
    return site
  }

  test('they come from there', async () => {
    const fetched = await fetching(moved(), { jwksHost: 'keys.example.com:8443' })
    expect(fetched).toMatchObject({ ok: true })
  })

  test.each([['keys.example.com'], ['example.com'], ['other.example.com'], ['.example.com']])(
    'they come from no other one (%s)',
    async (jwksHost) => {
      const fetched = await fetching(moved(), { jwksHost })
      expect(fetched).toMatchObject({ ok: false, problem: 'wrong_jwks_uri' })
    },
  )

  test('they do not come from the host of the issuer', async () => {
    const fetched = await fetching(web({}), { jwksHost: 'keys.example.com' })
    expect(fetched).toEqual({
      ok: false,
      problem: 'wrong_jwks_uri',
      message: `the jwks_uri in ${DISCOVERY_URL} must be on the host "keys.example.com", got "tokens.example.com": if this issuer has its keys there, name that host as jwksHost in the policy`,
    })
  })

  test.each(['10.0.0.1', '127.0.0.1', 'localhost'])('it must be public, not %s', async (host) => {
    const site = web({ jwks_uri: `https://${host}/keys` })
    const fetched = await fetching(site, { jwksHost: host })
    expect(fetched).toMatchObject({ ok: false, problem: 'wrong_jwks_uri' })
    expect(site.asked).toEqual([DISCOVERY_URL])
  })
})

describe('of the members of a set', () => {
  const { publicKey: edPublicKey } = generateKeyPairSync('ed25519')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  test.each<[string, unknown]>([
    ['for encryption', { ...EC, kid: 'other', use: 'enc' }],
    ['with operations without verifying', { ...EC, kid: 'other', key_ops: ['encrypt'] }],
    ['that are private', { ...privateKey.export({ format: 'jwk' }), kid: 'other' }],
    ['that are symmetric', { kty: 'oct', k: 'c2VjcmV0', kid: 'other' }],
    ['of an unknown type', { ...edPublicKey.export({ format: 'jwk' }), kid: 'other' }],
    ['that are weak', { ...rsa(1024), kid: 'other' }],
    ['off their curve', { ...EC, y: 'AAAA', kid: 'other' }],
    ['that are none', 'other'],
  ])('those %s are left out', async (_name, member) => {
    const fetched = await fetching(web({}, [member, EC]))
    expect(fetched).toMatchObject({ ok: true, keys: [{ kid: 'kid-ec' }] })
    expect(await fetching(web({}, [member]))).toMatchObject({ ok: false, problem: 'no_usable_key' })
  })

  test('two with one kid are both there', async () => {
    const twin = await ecMember('kid-ec')
    const fetched = await fetching(web({}, [EC, { ...rsa(2048), kid: 'kid-rsa' }, twin]))
    const kids = fetched.ok ? fetched.keys.map(({ kid }) => kid) : []
    expect(kids).toEqual(['kid-ec', 'kid-rsa', 'kid-ec'])
    const fingerprints = fetched.ok ? fetched.keys.map(({ fingerprint }) => fingerprint) : []
    expect(new Set(fingerprints).size).toBe(3)
  })

  test('those that are there again are read once', async () => {
    const again = Array.from({ length: 5 }, () => EC)
    expect(await fetching(web({}, again))).toMatchObject({ ok: true, keys: { length: 1 } })
  })

  test('a key is there once for each of its algorithms', async () => {
    const key = rsa(2048)
    const members = ['RS256', 'RS384'].map((alg) => ({ ...key, kid: 'kid-rsa', alg }))
    expect(await fetching(web({}, members))).toMatchObject({ ok: true, keys: { length: 2 } })
  })

  test('there are no more of one kid than are tried for a token', async () => {
    const twins = await Promise.all([1, 2, 3, 4].map(() => ecMember('twin')))
    const others = await Promise.all([1, 2].map((index) => ecMember(`kid-${index}`)))
    const allowed = [...twins, ...others]
    expect(await fetching(web({}, allowed))).toMatchObject({ ok: true, keys: { length: 6 } })
    expect(await fetching(web({}, [...allowed, await ecMember('twin')]))).toEqual({
      ok: false,
      problem: 'crowded_kid',
      message: `${JWKS_URL} has more than 4 keys of the kid "twin", of which each would be tried for a token: have the issuer give each key a kid of its own`,
    })
  })

  test('there are no more than are read', async () => {
    const many = Array.from({ length: KEY_SET_KEYS_MAX }, (_, index) => ({
      ...EC,
      kid: `${index}`,
    }))
    expect(await fetching(web({}, many))).toMatchObject({ ok: true, keys: { length: 100 } })
    expect(await fetching(web({}, [...many, EC]))).toEqual({
      ok: false,
      problem: 'too_large',
      message: `${JWKS_URL} has 101 keys, more than the 100 that are read: see where they come from`,
    })
  })
})

test.each<[unknown]>([[0], [null], [{}], ['keys']])(
  'what has the keys %j is no JWK Set',
  async (keys) => {
    expect(await fetching(web({}, keys))).toMatchObject({ ok: false, problem: 'not_a_jwk_set' })
  },
)

test('an empty set has no usable key', async () => {
  expect(await fetching(web({}, []))).toMatchObject({ ok: false, problem: 'no_usable_key' })
})

test('whoever is slow is given up, with everything that was asked of him', async () => {
  const asked = Promise.withResolvers<AbortSignal>()
  const { fetch } = remoteWeb({
    [DISCOVERY_URL]: (signal) => {
      asked.resolve(signal)
      return new Promise(() => {})
    },
  })
  const held = heldDeadlines()
  const fetched = fetchKeySet(remote, { fetch, deadline: held.deadline, allowLoopback: false })
  const signal = await asked.promise
  expect(signal.aborted).toBe(false)
  expect(held.pass(5000)).toBe(1)
  expect(await fetched).toEqual({
    ok: false,
    problem: 'timed_out',
    message: `${DISCOVERY_URL} was not there in full when the 5 s for the discovery document and the keys were over: see what makes it slow`,
  })
  expect(signal.aborted).toBe(true)
})
