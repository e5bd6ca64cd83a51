/**
 * Every reason for which a text is refused before one of its keys is read, and PEM blocks that hold no key that is taken.
 */

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readAdoptableKeys } from '../../../src/adoption/adoptable-key.ts'
import { refusalOf } from '../../support/fixtures.ts'
import { ecKey, jwkOf, pemOf, rsaKey } from './cluster-keys.ts'

const RSA = rsaKey(2048)
const EC = ecKey('prime256v1')
const PEM = pemOf(RSA)
const PRIVATE_PEM = exported({ type: 'pkcs8', format: 'pem' })

const WANTED = 'the keys must be a JWK Set ({"keys":[…]}), a JWK or PEM public keys'
const UNPAIRED =
  'the PEM must have a BEGIN and an END line around each key, got some without: export the keys anew'
const NO_BASE64 = 'of the PEM must be a public key in base64, got something else: export it anew'
const UNREADABLE =
  'key 1 must be an RSA public key of at least 2048 bits or an EC public key on P-256, P-384, P-521, got a key of another type, or none: have the cluster sign with one of these'

/** The private key of the RSA pair, as OpenSSL writes it. */
function exported(options: {
  type: 'pkcs1' | 'pkcs8'
  format: 'pem'
  cipher?: string
  passphrase?: string
}): string {
  return RSA.privateKey.export(options).toString()
}

function privateBlock(number: number, label: string): string {
  return `block ${number} of the PEM is a private key ("${label}"), which must never leave its cluster: make the public one with "openssl pkey -in FILE -pubout", and replace the key if it was sent anywhere`
}

function spkiPem(type: 'ed25519' | 'x25519' | 'rsa-pss'): string {
  const { publicKey } =
    type === 'rsa-pss'
      ? generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
      : type === 'ed25519'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('x25519')
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

function block(label: string, body = 'TUFSS0VE'): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
}

/** The refusal of a text, which repeats no line of it that could be of a key. */
async function refusalOfText(text: string): Promise<string> {
  const refusal = refusalOf(await readAdoptableKeys(text, undefined))
  expect(refusal.reason).toBe('invalid_request')
  const lines = text.split(/\r?\n/).filter((line) => /^[\w+/=-]{8,}$/.test(line))
  expect(lines.filter((line) => refusal.message.includes(line.slice(0, 16)))).toEqual([])
  return refusal.message
}

describe('a text that offers no keys', () => {
  test.each([
    ['refuses nothing', '', 'nothing'],
    ['refuses blank lines', ' \r\n\t\n', 'nothing'],
    ['refuses a byte order mark alone', '\uFEFF', 'nothing'],
    ['refuses garbage', 'error: You must be logged in to the server', 'something else'],
    ['refuses a key without its lines', PEM.split('\n').slice(1, -2).join('\n'), 'something else'],
    ['refuses an END line alone', '-----END PUBLIC KEY-----', 'something else'],
    ['refuses an SSH key', 'ssh-rsa AAAAB3NzaC1yc2E admin@example.com', 'something else'],
    ['refuses JSON that is cut', '{"keys":[{"kty":"RSA"', 'broken JSON'],
    ['refuses JSON with something behind', '{"keys":[]} {"keys":[]}', 'broken JSON'],
    ['refuses a list', JSON.stringify([jwkOf(RSA.publicKey)]), 'a list'],
    ['refuses an object that is no set', '{"issuer":"x"}', 'JSON without a list "keys"'],
    ['refuses an empty object', '{}', 'JSON without a list "keys"'],
    ['refuses keys that are no list', '{"keys":{"kty":"RSA"}}', 'JSON without a list "keys"'],
    ['refuses keys that are null', '{"keys":null}', 'JSON without a list "keys"'],
    ['refuses keys in text', `{"keys":${JSON.stringify(PEM)}}`, 'JSON without a list "keys"'],
  ])('%s', async (_title, text, given) => {
    expect(await refusalOfText(text)).toBe(`${WANTED}, got ${given}`)
  })

  test.each([
    [
      'refuses a member that is text',
      '{"keys":["x"]}',
      'key 1 must be a JSON object, got a string',
    ],
    [
      'refuses a member that is null',
      '{"keys":[{},null]}',
      'key 2 must be a JSON object, got null',
    ],
    [
      'refuses a set beside a key',
      '{"kty":"RSA","keys":[]}',
      'the keys must be a JWK Set ({"keys":[…]}), a JWK or PEM public keys, got a JWK and a set in one',
    ],
    ['refuses a member that is a list', '{"keys":[[]]}', 'key 1 must be a JSON object, got a list'],
  ])('%s', async (_title, text, sentence) => {
    expect(await refusalOfText(text)).toBe(sentence)
  })
})

describe('PEM that is no public key', () => {
  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'MARKED' }
  const legacy = exported({ type: 'pkcs1', format: 'pem', ...encrypted })
  const ecPrivate = EC.privateKey.export({ type: 'sec1', format: 'pem' }).toString()
  const pkcs1 = RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()

  test('is made as OpenSSL makes it', () => {
    expect(legacy).toContain('Proc-Type: 4,ENCRYPTED')
  })

  test.each([
    ['refuses a private key', PRIVATE_PEM, privateBlock(1, 'PRIVATE KEY')],
    [
      'refuses a private RSA key',
      exported({ type: 'pkcs1', format: 'pem' }),
      privateBlock(1, 'RSA PRIVATE KEY'),
    ],
    ['refuses a private EC key', ecPrivate, privateBlock(1, 'EC PRIVATE KEY')],
    [
      'refuses an encrypted private key',
      exported({ type: 'pkcs8', format: 'pem', ...encrypted }),
      privateBlock(1, 'ENCRYPTED PRIVATE KEY'),
    ],
    ['refuses a private key of the old encryption', legacy, privateBlock(1, 'RSA PRIVATE KEY')],
    [
      'refuses a private SSH key',
      block('OPENSSH PRIVATE KEY'),
      privateBlock(1, 'OPENSSH PRIVATE KEY'),
    ],
    [
      'refuses a private key behind a public one',
      `${PEM}${PRIVATE_PEM}`,
      privateBlock(2, 'PRIVATE KEY'),
    ],
    [
      'refuses the EC parameters in front of a private key',
      `${block('EC PARAMETERS')}${ecPrivate}`,
      'block 2 of the PEM is a private key ("EC PRIVATE KEY"), which must never leave its cluster: make the public one with "openssl pkey -in FILE -pubout", and replace the key if it was sent anywhere',
    ],
    [
      'refuses a public key in PKCS #1',
      pkcs1,
      'block 1 of the PEM must be a PUBLIC KEY, got "RSA PUBLIC KEY" (PKCS #1): make it with "openssl rsa -RSAPublicKey_in -in FILE -pubout"',
    ],
    [
      'refuses a certificate',
      block('CERTIFICATE'),
      'block 1 of the PEM must be a PUBLIC KEY, got a CERTIFICATE: take its key with "openssl x509 -in FILE -noout -pubkey"',
    ],
    [
      'refuses a certificate behind a public key',
      `${PEM}${block('CERTIFICATE')}`,
      'block 2 of the PEM must be a PUBLIC KEY, got a CERTIFICATE: take its key with "openssl x509 -in FILE -noout -pubkey"',
    ],
    [
      'refuses a label in lower case',
      block('public key'),
      'block 1 of the PEM must be a PUBLIC KEY, got "public key"',
    ],
    ['refuses an empty label', block(''), 'block 1 of the PEM must be a PUBLIC KEY, got ""'],
    ['refuses a BEGIN without END', PEM.replace(/-----END.*/, ''), UNPAIRED],
    ['refuses a key without its END before another', PEM.replace(/-----END.*/, '') + PEM, UNPAIRED],
    ['refuses a BEGIN line that is cut', '-----BEGIN PUBLIC KEY\nTUFSS0VE\n', UNPAIRED],
    ['refuses what is no base64', block('PUBLIC KEY', 'MIIB*IjAN'), `block 1 ${NO_BASE64}`],
    ['refuses base64 that is cut', PEM + block('PUBLIC KEY', 'TUFSA'), `block 2 ${NO_BASE64}`],
    ['refuses an empty block', block('PUBLIC KEY', ''), UNREADABLE],
    ['refuses base64 of something else', block('PUBLIC KEY'), UNREADABLE],
    ['refuses Ed25519', spkiPem('ed25519'), UNREADABLE],
    ['refuses X25519', spkiPem('x25519'), UNREADABLE],
    ['refuses RSA for PSS alone', spkiPem('rsa-pss'), UNREADABLE],
    ['refuses secp256k1', pemOf(ecKey('secp256k1')), UNREADABLE],
    [
      'refuses RSA of 1024 bits',
      pemOf(rsaKey(1024)),
      'key 1 must have an RSA modulus of 2048 to 8192 bits, got 1024: sign with a key of the right size',
    ],
  ])('%s', async (_title, text, sentence) => {
    expect(await refusalOfText(text)).toBe(sentence)
  })
})
