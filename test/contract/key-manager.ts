/**
 * What every key manager does: the contract suite of the ports `KeyManager` and `Signer`.
 *
 * Signatures and key names are judged by WebCrypto and jose, never by the code that made them.
 */

import { Buffer } from 'node:buffer'
import { compactVerify, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import type { Bytes } from '../../src/crypto/base64url.ts'
import type { PublicJwk } from '../../src/crypto/public-jwk.ts'
import { Fault } from '../../src/errors.ts'
import type {
  CreatedKey,
  KeyBinding,
  KeyManager,
  KeyRef,
  Signer,
} from '../../src/signers/key-manager.ts'
import { describeKeyEnds } from './key-ends.ts'

/** Of each algorithm: its JWK's members, its signature's length, how WebCrypto imports it, its key's DER identifier. */
const ALGORITHM_FACTS = {
  RS256: {
    members: ['e', 'kty', 'n'],
    signatureBytes: 256,
    webCrypto: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    identifier: '2a864886f70d010101',
  },
  ES256: {
    members: ['crv', 'kty', 'x', 'y'],
    signatureBytes: 64,
    webCrypto: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    identifier: '2a8648ce3d0201',
  },
} as const satisfies Record<SigningAlgorithm, unknown>

const ALGORITHMS = Object.keys(ALGORITHM_FACTS) as SigningAlgorithm[]
const SIGNATURES = 50
/** So long a piece of a reference does not stand in a message by chance. */
const PIECE_CHARS = 8
/** Neither opened nor renewed, neither disabled nor deleted nor taken back, and without a word of the reference. */
const REFUSED = Array.from({ length: 5 }, () => ({ code: 'key_unavailable', told: [] }))

export function bindingOf(alg: SigningAlgorithm): KeyBinding {
  return { issuerId: 'prod', slot: 'slot-1', alg }
}

/** The fault of a reference that does not open; throws when it opens, or fails in another way. */
export async function faultOf(opening: Promise<unknown>): Promise<Fault> {
  const outcome = await opening.then(
    () => 'it was opened',
    (error: unknown) => error,
  )
  if (outcome instanceof Fault) return outcome
  throw new Error('a fault was expected', { cause: outcome })
}

/** What a signature is really over, for a service with a known defect: of what it was to sign, the bytes that it signed. */
export type SignedInstead = (data: Bytes) => Promise<Bytes>

/** Whether what the signer signs verifies under the public key, as jose sees it; as WebCrypto does, with `signedInstead`. */
export async function signsFor(
  signer: Signer,
  { publicJwk }: CreatedKey,
  alg: SigningAlgorithm,
  signedInstead?: SignedInstead,
): Promise<boolean> {
  const input = `${base64Url({ alg })}.${base64Url({ sub: 'system:serviceaccount:a:b' })}`
  const data = new TextEncoder().encode(input)
  const signature = await signer.sign(data)
  if (signedInstead !== undefined) {
    const { webCrypto } = ALGORITHM_FACTS[alg]
    const publicKey = await verifyingKey(publicJwk, alg)
    return crypto.subtle.verify(webCrypto, publicKey, signature, await signedInstead(data))
  }
  const jws = `${input}.${Buffer.from(signature).toString('base64url')}`
  return compactVerify(jws, await importJWK({ ...publicJwk }, alg)).then(
    () => true,
    () => false,
  )
}

export function describeKeyManager(
  name: string,
  makeManager: () => KeyManager | Promise<KeyManager>,
  signedInstead?: SignedInstead,
): void {
  const signs = (signer: Signer, key: CreatedKey, alg: SigningAlgorithm) =>
    signsFor(signer, key, alg, signedInstead)
  const signed: SignedInstead = signedInstead ?? (async (data) => data)

  describeKeyEnds(name, makeManager)

  describe.each(ALGORITHMS)(`key manager ${name}: a key for %s`, (alg) => {
    const facts = ALGORITHM_FACTS[alg]
    const binding = bindingOf(alg)

    async function managerAndKey(): Promise<{ manager: KeyManager; key: CreatedKey }> {
      const manager = await makeManager()
      return { manager, key: await manager.create(binding) }
    }

    test('is named by the hash of its public key', async () => {
      const { key } = await managerAndKey()
      const spki = await crypto.subtle.exportKey('spki', await verifyingKey(key.publicJwk, alg))
      const hash = await crypto.subtle.digest('SHA-256', spki)
      expect(key.kid).toBe(Buffer.from(hash).toString('base64url'))
    })

    test('shows its public members and no other', async () => {
      const { key } = await managerAndKey()
      expect(Object.keys(key.publicJwk).toSorted()).toEqual(facts.members)
      expect(Object.keys(key).toSorted()).toEqual(['keyRef', 'kid', 'publicJwk'])
    })

    test('signs what verifies under its public key', async () => {
      const { manager, key } = await managerAndKey()
      const signer = await manager.open(key.keyRef, binding)
      expect(await signs(signer, key, alg)).toBe(true)
    })

    test(`signs ${SIGNATURES} inputs, each in ${facts.signatureBytes} bytes`, async () => {
      const { manager, key } = await managerAndKey()
      const signer = await manager.open(key.keyRef, binding)
      const publicKey = await verifyingKey(key.publicJwk, alg)
      for (let count = 1; count <= SIGNATURES; count++) {
        const data = new TextEncoder().encode(`input ${count}`)
        const signature = await signer.sign(data)
        const input = await signed(data)
        expect(signature).toHaveLength(facts.signatureBytes)
        expect(await crypto.subtle.verify(facts.webCrypto, publicKey, signature, input)).toBe(true)
      }
    })

    test.each([
      ['no byte', 0],
      ['5 KiB', 5120],
    ])('signs an input of %s, and that input alone', async (_, byteCount) => {
      const { manager, key } = await managerAndKey()
      const data = new Uint8Array(byteCount).fill(0xa5)
      const signature = await (await manager.open(key.keyRef, binding)).sign(data)
      const publicKey = await verifyingKey(key.publicJwk, alg)
      const input = await signed(data)
      const longer = await signed(new Uint8Array([...data, 0]))
      expect(await crypto.subtle.verify(facts.webCrypto, publicKey, signature, input)).toBe(true)
      expect(await crypto.subtle.verify(facts.webCrypto, publicKey, signature, longer)).toBe(false)
    })

    test('is another one each time, also in the same place', async () => {
      const { manager, key } = await managerAndKey()
      const other = await manager.create(binding)
      expect(other.kid).not.toBe(key.kid)
      expect(other.keyRef).not.toBe(key.keyRef)
      const signer = await manager.open(other.keyRef, binding)
      expect(await signs(signer, other, alg)).toBe(true)
      expect(await signs(signer, key, alg)).toBe(false)
    })

    test('is opened any number of times, also by another manager of the installation', async () => {
      const { manager, key } = await managerAndKey()
      const again = await makeManager()
      for (const each of [manager, manager, again]) {
        expect(await signs(await each.open(key.keyRef, binding), key, alg)).toBe(true)
      }
    })

    test.each<[string, Partial<KeyBinding>]>([
      ['another issuer', { issuerId: 'prod2' }],
      ['another slot', { slot: 'slot-2' }],
      ['another algorithm', { alg: alg === 'RS256' ? 'ES256' : 'RS256' }],
      ['issuer and slot that read alike together', { issuerId: 'prods', slot: 'lot-1' }],
      ['no issuer', { issuerId: '' }],
    ])('refuses to open for %s', async (_, change) => {
      const { manager, key } = await managerAndKey()
      const faults = await faultsOf(manager, key.keyRef, { ...binding, ...change })
      expect(faults).toEqual(REFUSED)
    })

    test.each<[string, (keyRef: string) => string]>([
      ['is empty', () => ''],
      ['is something else', () => 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd'],
      ['was cut in half', (keyRef) => keyRef.slice(0, keyRef.length / 2)],
      ['lost its end', (keyRef) => keyRef.slice(0, -4)],
      ['lost its beginning', (keyRef) => keyRef.slice(1)],
      ['became longer', (keyRef) => `${keyRef}AAAA`],
      ['has one part more', (keyRef) => `${keyRef}.AAAA`],
      ['was changed in the middle', (keyRef) => changedAt(keyRef, Math.floor(keyRef.length / 2))],
      ['was written in capitals', (keyRef) => keyRef.toUpperCase()],
      ['is there twice', (keyRef) => `${keyRef}${keyRef}`],
    ])('refuses a reference that %s', async (_, change) => {
      const { manager, key } = await managerAndKey()
      expect(await faultsOf(manager, change(key.keyRef) as KeyRef, binding)).toEqual(REFUSED)
    })

    test('has no newer reference while it is up to date', async () => {
      const { manager, key } = await managerAndKey()
      expect(await manager.renew(key.keyRef, binding)).toBeUndefined()
      expect(await signs(await manager.open(key.keyRef, binding), key, alg)).toBe(true)
    })

    test('signs on where there is no deletion to be taken back', async () => {
      const { manager, key } = await managerAndKey()
      await manager.cancelDeletion(key.keyRef, binding)
      expect(await signs(await manager.open(key.keyRef, binding), key, alg)).toBe(true)
    })

    test('shows nothing of its private part in clear', async () => {
      const { key } = await managerAndKey()
      const shown = JSON.stringify(key)
      expect(shown).not.toMatch(/PRIVATE KEY|"(?:d|p|q|dp|dq|qi|k)"/)
      for (const piece of shown.split(/[^\w+/-]+/)) {
        expect(Buffer.from(piece, 'base64').toString('hex')).not.toContain(facts.identifier)
      }
    })
  })
}

/** How whatever needs the reference ends: the fault's code, and what of the reference stands in its message. */
async function faultsOf(manager: KeyManager, keyRef: KeyRef, binding: KeyBinding) {
  const faults = [
    await faultOf(manager.open(keyRef, binding)),
    await faultOf(manager.renew(keyRef, binding)),
    await faultOf(manager.disable(keyRef, binding)),
    await faultOf(manager.scheduleDeletion(keyRef, binding)),
    await faultOf(manager.cancelDeletion(keyRef, binding)),
  ]
  return faults.map(({ code, message }) => ({
    code,
    told: piecesOf(keyRef).filter((piece) => message.includes(piece)),
  }))
}

function piecesOf(keyRef: string): string[] {
  const starts = Array.from({ length: Math.max(0, keyRef.length - PIECE_CHARS + 1) }, (_, n) => n)
  return starts.map((start) => keyRef.slice(start, start + PIECE_CHARS))
}

/** `text` with another letter at `index`. */
export function changedAt(text: string, index: number): string {
  return `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`
}

async function verifyingKey(publicJwk: PublicJwk, alg: SigningAlgorithm): Promise<CryptoKey> {
  const { webCrypto } = ALGORITHM_FACTS[alg]
  return crypto.subtle.importKey('jwk', { ...publicJwk }, webCrypto, true, ['verify'])
}

function base64Url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
