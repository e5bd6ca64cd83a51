import { describe, expect, test } from 'vitest'
import { type AdoptableKey, readAdoptableKeys } from '../../../src/adoption/adoptable-key.ts'
import { refusalOf, valueOf } from '../../support/fixtures.ts'
import {
  type ClusterKey,
  ecKey,
  type Jwk,
  jwkOf,
  kubernetesKid,
  pemOf,
  rsaKey,
  setOf,
} from './cluster-keys.ts'

const RSA = rsaKey(2048)
const P256 = ecKey('prime256v1')
const KINDS: readonly [string, ClusterKey, string][] = [
  ['RSA of 2048 bits', RSA, 'RS256'],
  ['RSA of 3072 bits', rsaKey(3072), 'RS256'],
  ['RSA of 4096 bits', rsaKey(4096), 'RS256'],
  ['P-256', P256, 'ES256'],
  ['P-384', ecKey('secp384r1'), 'ES384'],
  ['P-521', ecKey('secp521r1'), 'ES512'],
]
const BOTH = [kubernetesKid(RSA), kubernetesKid(P256)]
/** The longest that is taken. */
const LONGEST_KID = 'k'.repeat(255)

async function read(text: string, kid?: string): Promise<AdoptableKey[]> {
  return valueOf(await readAdoptableKeys(text, kid))
}

async function readOne(jwk: Jwk): Promise<AdoptableKey | undefined> {
  return (await read(setOf(jwk)))[0]
}

/** A JWK Set as kube-apiserver publishes it. */
function publishedBy(key: ClusterKey, alg: string): string {
  return setOf({ use: 'sig', ...jwkOf(key.publicKey), kid: kubernetesKid(key), alg })
}

describe.each(KINDS)('a key of %s', (_title, key, alg) => {
  const kid = kubernetesKid(key)
  const jwk = jwkOf(key.publicKey)

  test.each([
    ['a JWK', JSON.stringify(jwk)],
    ['a JWK Set', setOf(jwk)],
    ['the JWK Set of an API server', publishedBy(key, alg)],
    ['PEM', pemOf(key)],
    ['PEM with Windows line ends', pemOf(key).replaceAll('\n', '\r\n')],
  ])('is taken as %s, named as Kubernetes names it', async (_form, text) => {
    expect(await read(text)).toEqual([{ kid, alg, publicJwk: jwk, fingerprint: kid }])
  })
})

/** Its base64 in one line. */
function unwrapped(key: ClusterKey): string {
  const [begin, ...rest] = pemOf(key).trimEnd().split('\n')
  const end = rest.pop()
  return [begin, rest.join(''), end, ''].join('\n')
}

describe('the text around keys', () => {
  const two = `${pemOf(RSA)}${pemOf(P256)}`

  test.each([
    ['several PEM blocks, in their order', two],
    ['with text before, between and behind', `of prod\n${pemOf(RSA)}\nold:\n${pemOf(P256)}\nend\n`],
    ['without an end of line', two.trimEnd()],
    ['without line breaks in the base64', unwrapped(RSA) + unwrapped(P256)],
    ['a JWK Set over many lines', JSON.stringify(JSON.parse(setOf(...jwks())), null, 2)],
    ['a JWK Set in blank lines', `\n\n ${setOf(...jwks())} \r\n`],
    ['a JWK Set behind a byte order mark', `\uFEFF${setOf(...jwks())}`],
    ['PEM behind a byte order mark', `\uFEFF${two}`],
  ])('may be %s', async (_title, text) => {
    expect((await read(text)).map(({ kid }) => kid)).toEqual(BOTH)
  })

  test('may be a set without keys', async () => {
    expect(await read(setOf())).toEqual([])
  })

  function jwks(): Jwk[] {
    return [jwkOf(RSA.publicKey), jwkOf(P256.publicKey)]
  }
})

describe('what a JWK says of itself', () => {
  const rsa = jwkOf(RSA.publicKey)
  const p256 = jwkOf(P256.publicKey)

  test.each<[string, Jwk, Partial<AdoptableKey>]>([
    ['keeps its kid', { ...rsa, kid: 'of-its-tokens' }, { kid: 'of-its-tokens' }],
    ['keeps the longest kid', { ...rsa, kid: LONGEST_KID }, { kid: LONGEST_KID }],
    ['keeps a kid of punctuation', { ...rsa, kid: '!~/+=%' }, { kid: '!~/+=%' }],
    ['keeps its alg', { ...rsa, alg: 'RS512' }, { alg: 'RS512' }],
    ['keeps another alg of its type', { ...rsa, alg: 'RS384' }, { alg: 'RS384' }],
    ['may say the alg of its curve', { ...p256, alg: 'ES256' }, { alg: 'ES256' }],
    ['may be for signatures', { ...rsa, use: 'sig' }, {}],
    ['may be for verifying', { ...rsa, key_ops: ['verify'] }, {}],
    ['may be for verifying among others', { ...rsa, key_ops: ['wrapKey', 'verify'] }, {}],
  ])('%s', async (_title, jwk, members) => {
    expect(await readOne(jwk)).toMatchObject(members)
  })

  test('names the key, whatever it is called', async () => {
    const key = await readOne({ ...rsa, kid: 'of-its-tokens' })
    expect(key?.fingerprint).toBe(kubernetesKid(RSA))
  })

  test('is left out where nobody knows it (RFC 7517 §4)', async () => {
    const more = { x5c: ['MIIB'], x5t: 'thumbprint', nbf: 1, ext: true, 'urn:example': {} }
    expect(await readOne({ ...rsa, ...more })).toEqual(await readOne(rsa))
  })
})

describe('an explicit kid', () => {
  const REFUSED_KID = 'the key must have a kid of 1 to 255 printable ASCII characters'

  test.each([
    ['short', 'k'],
    ['the longest', LONGEST_KID],
  ])('names the one key of a PEM: %s', async (_title, kid) => {
    const [key] = await read(pemOf(RSA), kid)
    expect(key).toMatchObject({ kid, fingerprint: kubernetesKid(RSA) })
  })

  test.each<[string, string, string, string]>([
    [
      'refuses to name a JWK Set',
      setOf(jwkOf(RSA.publicKey)),
      'k',
      'an explicit kid is for one PEM key, got JSON, in which a key has its own: leave it out, or write it into the JSON',
    ],
    ['refuses to name a JWK', JSON.stringify(jwkOf(RSA.publicKey)), 'k', 'got JSON, in which'],
    [
      'refuses to name two keys',
      pemOf(RSA) + pemOf(P256),
      'k',
      'an explicit kid is for one PEM key, got 2: adopt them as a JWK Set, in which each has its own',
    ],
    ['refuses an empty one', pemOf(RSA), '', `${REFUSED_KID} without spaces, got "":`],
    ['refuses a longer one', pemOf(RSA), `${LONGEST_KID}k`, REFUSED_KID],
    ['refuses spaces', pemOf(RSA), 'a b', `${REFUSED_KID} without spaces, got "a b":`],
    ['refuses letters beyond ASCII', pemOf(RSA), 'schlüssel', REFUSED_KID],
  ])('%s', async (_title, text, kid, sentence) => {
    const refusal = refusalOf(await readAdoptableKeys(text, kid))
    expect(refusal.reason).toBe('invalid_request')
    expect(refusal.message).toContain(sentence)
  })
})
