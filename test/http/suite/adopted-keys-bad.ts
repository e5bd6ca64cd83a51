/**
 * Keys and bodies that no issuer adopts, each with a part of the sentence that says why.
 */

import type { AdoptRequest } from '../../support/hosts/control-client.ts'
import { clusterKey, clusterKeys, jwkSet } from '../../support/hosts/cluster-keys.ts'

const good = () => clusterKey('P-256').jwk
const rsa = () => clusterKey(2048).jwk
const pem = () => clusterKey('P-256').pem
const flipped = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`

export const BAD_KEYS: [title: string, key: () => object, says: string][] = [
  [
    'a private RSA key',
    () => ({ ...clusterKey(2048).secret.jwk, kid: 'x' }),
    'holds private material (member d)',
  ],
  [
    'a private EC key',
    () => ({ ...clusterKey('P-256').secret.jwk, use: 'sig' }),
    'holds private material (member d)',
  ],
  [
    'a public key with half a private one',
    () => ({ ...rsa(), q: 'marked-private' }),
    'holds private material (member q)',
  ],
  [
    'other primes',
    () => ({ ...rsa(), oth: [{ r: 'marked-private' }] }),
    'holds private material (member oth)',
  ],
  ['a symmetric key', () => ({ kty: 'oct', k: 'marked-symmetric' }), 'is symmetric'],
  ['a symmetric member', () => ({ ...good(), k: 'marked-symmetric' }), 'is symmetric'],
  ['a weak RSA key', () => clusterKey(1024).jwk, 'RSA modulus of 2048 to 8192 bits, got 1024'],
  ['alg none', () => ({ ...good(), alg: 'none' }), 'has alg "none", allowed are RS256'],
  ['an alg of HMAC', () => ({ ...rsa(), alg: 'HS256' }), 'has alg "HS256", allowed are RS256'],
  ['an alg of PSS', () => ({ ...rsa(), alg: 'PS256' }), 'has alg "PS256", allowed are RS256'],
  ['the alg of another type', () => ({ ...rsa(), alg: 'ES256' }), 'has alg ES256, which does not'],
  [
    'the alg of another curve',
    () => ({ ...good(), alg: 'ES384' }),
    'has alg ES384, which does not',
  ],
  ['Ed25519', () => clusterKey('Ed25519').jwk, 'got kty "OKP"'],
  ['another curve', () => ({ ...good(), crv: 'secp256k1' }), 'on one of the curves P-256'],
  ['a point beside its curve', () => ({ ...good(), y: flipped(good()['y'] ?? '') }), 'must be'],
  ['the point of another curve', () => ({ ...good(), crv: 'P-384' }), 'must have x and y'],
  ['a key without its point', () => ({ kty: 'EC', crv: 'P-256' }), 'must have x and y'],
  ['an even modulus', () => ({ ...rsa(), n: `${(rsa()['n'] ?? '').slice(0, -1)}A` }), 'odd RSA'],
  ['an exponent of one', () => ({ ...rsa(), e: 'AQ' }), 'exponent of at least 3'],
  ['a modulus with a zero first', () => ({ ...rsa(), n: `AA${rsa()['n']}` }), 'must have'],
  ['a modulus that is no text', () => ({ ...rsa(), n: 1 }), 'must have n and e'],
  ['a key for encryption', () => ({ ...good(), use: 'enc' }), 'must be for signatures'],
  ['a key for signing', () => ({ ...good(), key_ops: ['sign'] }), 'must be for verifying'],
  ['an empty kid', () => ({ ...good(), kid: '' }), 'must have a kid of 1 to 255'],
  ['a long kid', () => ({ ...good(), kid: 'k'.repeat(256) }), 'must have a kid of 1 to 255'],
  ['a kid with a line end', () => ({ ...good(), kid: 'a\nb' }), 'must have a kid of 1 to 255'],
  ['a kid that is a number', () => ({ ...good(), kid: 1 }), 'must have a kid of 1 to 255'],
]

/** Further requests, as they are. */
export const BAD_BODIES: [title: string, request: () => AdoptRequest, says: string][] = [
  ['nothing', () => ({ keys: '' }), 'the keys must be a JWK Set'],
  ['text', () => ({ keys: 'ssh-rsa AAAA' }), 'the keys must be a JWK Set'],
  ['broken JSON', () => ({ keys: '{"keys":[', type: 'application/json' }), 'got broken JSON'],
  ['a list', () => ({ keys: [good()] }), 'the keys must be a JWK Set'],
  ['JSON without keys', () => ({ keys: { key: good() } }), 'got JSON without a list "keys"'],
  [
    'a key that is a text',
    () => ({ keys: { keys: [good(), 'x'] } }),
    'key 2 must be a JSON object',
  ],
  [
    'a private PEM',
    () => ({ keys: clusterKey(2048).secret.pem }),
    'block 1 of the PEM is a private',
  ],
  [
    'a private PEM behind a public one',
    () => ({ keys: `${pem()}${clusterKey('P-256').secret.pem}` }),
    'block 2 of the PEM is a private',
  ],
  [
    'a certificate',
    () => ({ keys: pem().replaceAll('PUBLIC KEY', 'CERTIFICATE') }),
    'openssl x509 -in FILE -noout -pubkey',
  ],
  [
    'PKCS #1',
    () => ({ keys: pem().replaceAll('PUBLIC KEY', 'RSA PUBLIC KEY') }),
    'openssl rsa -RSAPublicKey_in',
  ],
  ['half a PEM', () => ({ keys: pem().slice(0, -30) }), 'a BEGIN and an END line'],
  ['a PEM of a weak key', () => ({ keys: clusterKey(1024).pem }), 'got 1024'],
  ['a PEM of Ed25519', () => ({ keys: clusterKey('Ed25519').pem }), 'must be an RSA public key'],
  [
    'a PEM of something else',
    () => ({ keys: pem().replace(/\n.*\n/, '\nAAAA\n') }),
    'must be an RSA',
  ],
  ['too many keys', () => ({ keys: jwkSet(...clusterKeys(97)) }), 'at most 96 EC keys'],
  [
    'a kid for a JWK Set',
    () => ({ keys: jwkSet(clusterKey(2048)), query: '?kid=x' }),
    'for one PEM key, got JSON',
  ],
  [
    'a kid for two PEM keys',
    () => ({ keys: `${pem()}${clusterKey(2048).pem}`, query: '?kid=x' }),
    'for one PEM key, got 2',
  ],
  [
    'an empty kid for a PEM',
    () => ({ keys: pem(), query: '?kid=' }),
    'must have a kid of 1 to 255',
  ],
]
