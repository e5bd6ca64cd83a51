import { expect, test } from 'vitest'
import type { PublicJwk } from '../../../src/crypto/public-jwk.ts'
import type { ObservedKey } from '../../../src/publication/observation.ts'
import { seenKey } from '../../../src/publication/sighting.ts'
import { EC_KEY, RSA_KEY } from './public-documents.ts'

const observed = (keys: readonly ObservedKey[]) => ({ at: 1, ringVersion: 1, keys })
const rsa = (changed: Partial<PublicJwk>): ObservedKey => ({
  ...RSA_KEY,
  publicJwk: { ...RSA_KEY.publicJwk, ...changed } as PublicJwk,
})
const ec = (changed: Partial<PublicJwk>): ObservedKey => ({
  ...EC_KEY,
  publicJwk: { ...EC_KEY.publicJwk, ...changed } as PublicJwk,
})

test.each([RSA_KEY, EC_KEY])('a key with its kid, alg and material is seen: $kid', (key) => {
  const fetched = structuredClone(key)
  const observation = observed([{ ...RSA_KEY, kid: 'other' }, fetched])
  expect(seenKey(observation, key)).toBe(fetched)
})

test('the order in which a set has its members does not matter', () => {
  const { kty, n, e } = RSA_KEY.publicJwk
  expect(seenKey(observed([{ ...RSA_KEY, publicJwk: { e, n, kty } }]), RSA_KEY)).toBeDefined()
})

test.each<[string, typeof RSA_KEY | typeof EC_KEY, readonly ObservedKey[]]>([
  ['there are no keys', RSA_KEY, []],
  ['there are others', RSA_KEY, [EC_KEY]],
  ['the same material has another kid', RSA_KEY, [{ ...RSA_KEY, kid: 'other' }]],
  ['the kid is in another case', RSA_KEY, [{ ...RSA_KEY, kid: 'KID-RSA' }]],
  ['the algorithm is another', RSA_KEY, [{ ...RSA_KEY, alg: 'RS512' }]],
  ['the modulus is another', RSA_KEY, [rsa({ n: 'other' })]],
  ['the exponent is another', RSA_KEY, [rsa({ e: 'Aw' })]],
  ['the curve is another', EC_KEY, [ec({ crv: 'P-384' })]],
  ['the abscissa is another', EC_KEY, [ec({ x: 'other' })]],
  ['the ordinate is another', EC_KEY, [ec({ y: 'other' })]],
  ['the type is another', RSA_KEY, [{ ...RSA_KEY, publicJwk: EC_KEY.publicJwk }]],
  ['another one of its kid stands before it', RSA_KEY, [rsa({ n: 'other' }), RSA_KEY]],
  ['another one of its kid stands behind it', RSA_KEY, [RSA_KEY, rsa({ n: 'other' })]],
  ['it is there twice', RSA_KEY, [RSA_KEY, RSA_KEY]],
])('a key is not seen where %s', (_title, key, keys) => {
  expect(seenKey(observed(keys), key)).toBeUndefined()
})
