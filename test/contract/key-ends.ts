/**
 * How a key ends, and how it is found at its own place until then: part of the contract suite of the port `KeyManager`.
 */

import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { SIGNING_ALGORITHMS } from '../../src/crypto/algorithms.ts'
import { Fault } from '../../src/errors.ts'
import { isKeptElsewhere } from '../../src/signers/kept-elsewhere.ts'
import type {
  CreatedKey,
  FoundKey,
  KeyBinding,
  KeyManager,
  KeyRef,
  Signer,
} from '../../src/signers/key-manager.ts'

export function describeKeyEnds(
  name: string,
  makeManager: () => KeyManager | Promise<KeyManager>,
): void {
  describe.each(SIGNING_ALGORITHMS)(`key manager ${name}: a key for %s`, (alg) => {
    const binding: KeyBinding = { issuerId: 'prod', slot: 'slot-1', alg }

    async function managerAndKey(): Promise<{ manager: KeyManager; key: CreatedKey }> {
      const manager = await makeManager()
      return { manager, key: await manager.create(binding) }
    }

    test('is disabled any number of times, and then signs no more where its place signs', async () => {
      const { manager, key } = await managerAndKey()
      const signer = await manager.open(key.keyRef, binding)
      await manager.disable(key.keyRef, binding)
      await manager.disable(key.keyRef, binding)
      expect(await signingEnds(signer)).toBe(afterwards(manager))
    })

    test('is given up any number of times, and then signs no more where its place signs', async () => {
      const { manager, key } = await managerAndKey()
      const signer = await manager.open(key.keyRef, binding)
      await manager.scheduleDeletion(key.keyRef, binding)
      await manager.scheduleDeletion(key.keyRef, binding)
      await manager.disable(key.keyRef, binding)
      expect(await signingEnds(signer)).toBe(afterwards(manager))
    })

    test('is given up and taken back any number of times, and stays disabled', async () => {
      const { manager, key } = await managerAndKey()
      const signer = await manager.open(key.keyRef, binding)
      await manager.scheduleDeletion(key.keyRef, binding)
      await manager.cancelDeletion(key.keyRef, binding)
      await manager.cancelDeletion(key.keyRef, binding)
      expect(await signingEnds(signer)).toBe(afterwards(manager))
      await manager.scheduleDeletion(key.keyRef, binding)
      await manager.cancelDeletion(key.keyRef, binding)
      expect(await signingEnds(signer)).toBe(afterwards(manager))
    })

    test('is found by its slot where its place keeps it, as what has become of it', async () => {
      const manager = await makeManager()
      const own = { ...binding, slot: `slot-${randomUUID()}` }
      const { keyRef } = await manager.create(own)
      expect(await foundIn(manager, own.slot)).toEqual(kept(manager, own, keyRef, 'enabled'))
      await manager.disable(keyRef, own)
      expect(await foundIn(manager, own.slot)).toEqual(kept(manager, own, keyRef, 'disabled'))
      await manager.scheduleDeletion(keyRef, own)
      expect(await foundIn(manager, own.slot)).toEqual(
        kept(manager, own, keyRef, 'pending_deletion'),
      )
      await manager.cancelDeletion(keyRef, own)
      expect(await foundIn(manager, own.slot)).toEqual(kept(manager, own, keyRef, 'disabled'))
    })

    test('is found with others by their slots, and by no other slot', async () => {
      const manager = await makeManager()
      const own = { ...binding, slot: `slot-${randomUUID()}` }
      const other = { ...binding, issuerId: 'other', slot: `slot-${randomUUID()}` }
      const [one, two] = [await manager.create(own), await manager.create(other)]
      const nobodys = `slot-${randomUUID()}`
      expect(await foundIn(manager, nobodys)).toEqual([])
      expect(await foundIn(manager)).toEqual([])
      expect(await foundIn(manager, nobodys, own.slot, other.slot)).toEqual([
        ...kept(manager, own, one.keyRef, 'enabled'),
        ...kept(manager, other, two.keyRef, 'enabled'),
      ])
    })
  })
}

/** How a signature ends of a key that was disabled: one in its reference signs on, since nobody but its holder can end that. */
function afterwards({ custody }: KeyManager): 'signed' | 'key_disabled' {
  return isKeptElsewhere(custody) ? 'key_disabled' : 'signed'
}

async function signingEnds(signer: Signer): Promise<string> {
  return signer.sign(new Uint8Array(1)).then(
    () => 'signed',
    (error: unknown) => (error instanceof Fault ? error.code : 'failed'),
  )
}

/** In the order of the slots. */
async function foundIn(manager: KeyManager, ...slots: readonly string[]): Promise<FoundKey[]> {
  const found = await manager.find(new Set(slots))
  return found.toSorted((a, b) => slots.indexOf(a.binding.slot) - slots.indexOf(b.binding.slot))
}

/** What is found of a key: nothing where it is in its reference. */
function kept(
  { custody }: KeyManager,
  binding: KeyBinding,
  keyRef: KeyRef,
  state: FoundKey['state'],
): FoundKey[] {
  const createdAt = expect.toSatisfy(Number.isSafeInteger, 'whole seconds') as number
  return isKeptElsewhere(custody) ? [{ binding, keyRef, createdAt, state }] : []
}
