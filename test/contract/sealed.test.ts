import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import {
  sealedKeyManager,
  type SealedKeyManagerOptions,
} from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import type { KeyManager, KeyRef } from '../../src/signers/key-manager.ts'
import { bindingOf, changedAt, describeKeyManager, faultOf, signsFor } from './key-manager.ts'

const OLD = new Uint8Array(32).fill(1)
const NEW = new Uint8Array(32).fill(2)
const OTHER = new Uint8Array(32).fill(3)
const BINDING = bindingOf('ES256')
/** The parts of an envelope that is split at its dots. */
const PARTS = { format: 0, secretId: 1, salt: 2, nonce: 3, ciphertext: 4 } as const
const PART_NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[]

function manager(options: Partial<SealedKeyManagerOptions> = {}): KeyManager {
  return sealedKeyManager({ secret: OLD, deployment: 'https://oidc.example.com', ...options })
}

/** The envelope with another text in one of its parts. */
function withPart(keyRef: KeyRef, part: keyof typeof PARTS, change: (text: string) => string) {
  const parts = keyRef.split('.')
  parts[PARTS[part]] = change(parts[PARTS[part]] ?? '')
  return parts.join('.') as KeyRef
}

describeKeyManager('sealed', manager)

describe('sealed: the envelope', () => {
  test('has five parts, and no secret in any', async () => {
    const { keyRef } = await manager().create(BINDING)
    expect(keyRef).toMatch(/^sealed-v1\.[\w-]{12}\.[\w-]{43}\.[\w-]{16}\.[\w-]+$/)
    const bytes = keyRef.split('.').map((part) => Buffer.from(part, 'base64url'))
    for (const part of bytes) expect(part.includes(Buffer.from(OLD.subarray(0, 8)))).toBe(false)
  })

  test('is different each time that the same key is sealed', async () => {
    const { keyRef } = await manager().create(BINDING)
    const exchanged = manager({ secret: NEW, previousSecret: OLD })
    const seals = [
      await exchanged.renew(keyRef, BINDING),
      await exchanged.renew(keyRef, BINDING),
    ].map((renewed) => renewed?.split('.') ?? [])
    const [first = [], second = []] = seals
    expect(first[PARTS.secretId]).toBe(second[PARTS.secretId])
    for (const part of ['salt', 'nonce', 'ciphertext'] as const) {
      expect(first[PARTS[part]]).not.toBe(second[PARTS[part]])
    }
  })

  test.each(PART_NAMES)('refuses it with another letter in its %s', async (part) => {
    const { keyRef } = await manager().create(BINDING)
    const { length } = keyRef.split('.')[PARTS[part]] ?? ''
    for (const index of [0, 1, Math.floor(length / 2), length - 2]) {
      const changed = withPart(keyRef, part, (text) => changedAt(text, index))
      expect((await faultOf(manager().open(changed, BINDING))).code).toBe('key_unavailable')
    }
  })

  test.each(PART_NAMES)('refuses it without its %s', async (part) => {
    const { keyRef } = await manager().create(BINDING)
    const emptied = withPart(keyRef, part, () => '')
    const missing = keyRef.split('.').toSpliced(PARTS[part], 1).join('.') as KeyRef
    for (const changed of [emptied, missing]) {
      expect((await faultOf(manager().open(changed, BINDING))).code).toBe('key_unavailable')
    }
  })

  test.each(['salt', 'nonce', 'ciphertext'] as const)(
    'refuses it with the %s of another key of the same place',
    async (part) => {
      const [one, other] = [await manager().create(BINDING), await manager().create(BINDING)]
      const mixed = withPart(one.keyRef, part, () => other.keyRef.split('.')[PARTS[part]] ?? '')
      expect((await faultOf(manager().open(mixed, BINDING))).code).toBe('key_unavailable')
    },
  )

  test.each<[string, (salt: string) => string]>([
    ['padding', (salt) => `${salt}=`],
    ['a line break', (salt) => `${salt}\n`],
    // 32 bytes are 42 letters and 4 bits: the last two bits of the 43rd letter say nothing.
    ['bits that say nothing', (salt) => `${salt.slice(0, -1)}${nextLetter(salt.at(-1) ?? '')}`],
  ])('refuses another spelling of the same bytes: %s', async (_, respell) => {
    const { keyRef } = await manager().create(BINDING)
    const respelled = withPart(keyRef, 'salt', respell)
    expect((await faultOf(manager().open(respelled, BINDING))).code).toBe('key_unavailable')
  })
})

describe('sealed: who opens it', () => {
  test.each<[string, Partial<SealedKeyManagerOptions>]>([
    ['another installation', { deployment: 'https://oidc.example.org' }],
    ['another secret', { secret: OTHER }],
    ['other secrets, of which there are two', { secret: OTHER, previousSecret: NEW }],
    ['the first half of the secret', { secret: OLD.slice(0, 16) }],
  ])('refuses to open for %s', async (_, options) => {
    const { keyRef } = await manager().create(BINDING)
    const fault = await faultOf(manager(options).open(keyRef, BINDING))
    expect(fault.code).toBe('key_unavailable')
    expect('cause' in fault).toBe(false)
  })

  test('says nothing of what the cipher said', async () => {
    const { keyRef } = await manager().create(BINDING)
    const changed = withPart(keyRef, 'ciphertext', (text) => changedAt(text, 0))
    const attempts = [manager().open(changed, BINDING), manager().renew(changed, BINDING)]
    for (const attempt of attempts) {
      const fault = await faultOf(attempt)
      expect('cause' in fault).toBe(false)
      expect(fault.message).not.toMatch(/OperationError|decrypt|cipher|tag/i)
    }
  })
})

describe('sealed: an exchange of secrets', () => {
  test.each(['RS256', 'ES256'] as const)('keeps a key for %s and its name', async (alg) => {
    const binding = bindingOf(alg)
    const key = await manager({ secret: OLD }).create(binding)
    const between = manager({ secret: NEW, previousSecret: OLD })
    expect(await signsFor(await between.open(key.keyRef, binding), key, alg)).toBe(true)

    const renewed = (await between.renew(key.keyRef, binding)) ?? key.keyRef
    expect(renewed).not.toBe(key.keyRef)
    expect(await between.isOutdated?.(key.keyRef)).toBe(true)
    expect(await between.isOutdated?.(renewed)).toBe(false)
    expect(await between.isOutdated?.('garbage' as KeyRef)).toBe(false)
    const after = manager({ secret: NEW })
    expect(await signsFor(await after.open(renewed, binding), key, alg)).toBe(true)
    expect(await after.renew(renewed, binding)).toBeUndefined()
    expect(await between.renew(renewed, binding)).toBeUndefined()

    const before = manager({ secret: OLD })
    expect((await faultOf(before.open(renewed, binding))).code).toBe('key_unavailable')
    expect((await faultOf(after.open(key.keyRef, binding))).code).toBe('key_unavailable')
  })

  test('seals what is made during it with the new secret', async () => {
    const key = await manager({ secret: NEW, previousSecret: OLD }).create(BINDING)
    expect(await manager({ secret: NEW }).renew(key.keyRef, BINDING)).toBeUndefined()
    expect((await faultOf(manager().open(key.keyRef, BINDING))).code).toBe('key_unavailable')
  })

  test('renews for the place that the key is bound to, and no other', async () => {
    const { keyRef } = await manager().create(BINDING)
    const between = manager({ secret: NEW, previousSecret: OLD })
    const fault = await faultOf(between.renew(keyRef, { ...BINDING, slot: 'slot-2' }))
    expect(fault.code).toBe('key_unavailable')
  })
})

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function nextLetter(letter: string): string {
  return BASE64URL[BASE64URL.indexOf(letter) + 1] ?? ''
}
