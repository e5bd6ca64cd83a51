import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { SIGNERS_MAX } from '../../../src/limits.ts'
import type { KeyBinding, KeyManager, KeyRef, Signer } from '../../../src/signers/key-manager.ts'
import { rememberingSigners } from '../../../src/signers/remembered-signers.ts'
import { fakeKeyManager, keyRef } from '../../support/fixtures.ts'

const BINDING: KeyBinding = { issuerId: 'prod', slot: 'slot-1', alg: 'RS256' }
const OTHERS: readonly [string, KeyBinding][] = [
  ['another issuer', { ...BINDING, issuerId: 'other' }],
  ['another slot', { ...BINDING, slot: 'slot-2' }],
  ['another algorithm', { ...BINDING, alg: 'ES256' }],
]
const KEY = keyRef('reference-1')
const REFUSED = new Fault('key_unavailable', 'it was made for another place')

/** Opens for one binding alone, as a manager does; every opening makes a signer of its own. */
function strictManager(openings: (() => Promise<Signer>)[] = []) {
  const opened: KeyRef[] = []
  const disabled: KeyRef[] = []
  const manager: KeyManager = {
    ...fakeKeyManager(),
    open: async (reference, binding) => {
      opened.push(reference)
      if (JSON.stringify(binding) !== JSON.stringify(BINDING)) throw REFUSED
      return openings[opened.length - 1]?.() ?? { sign: async () => new Uint8Array() }
    },
    disable: async (reference) => {
      disabled.push(reference)
    },
  }
  const held = Promise.withResolvers<void>()
  return { opened, disabled, held, manager: rememberingSigners(manager, () => held.promise) }
}

test('a key is opened once, and its signer given each time', async () => {
  const { opened, manager } = strictManager()
  const first = await manager.open(KEY, BINDING)
  expect(await manager.open(KEY, { ...BINDING })).toBe(first)
  expect(opened).toEqual([KEY])
})

test('openings at once share one, also while it has not ended', async () => {
  const opening = Promise.withResolvers<Signer>()
  const { opened, manager } = strictManager([() => opening.promise])
  const openings = Array.from({ length: 10 }, () => manager.open(KEY, BINDING))
  opening.resolve({ sign: async () => new Uint8Array() })
  expect(new Set(await Promise.all(openings)).size).toBe(1)
  expect(opened).toEqual([KEY])
})

test('an opening that does not end is not waited for without end, and the key is opened once more', async () => {
  const never = Promise.withResolvers<Signer>()
  const { opened, manager, held } = strictManager([() => never.promise])
  void manager.open(KEY, BINDING)
  const later = manager.open(KEY, BINDING)
  held.resolve()
  const signer = await later
  expect(opened).toEqual([KEY, KEY])
  expect(await manager.open(KEY, BINDING)).toBe(signer)
  expect(opened).toEqual([KEY, KEY])
})

test('two keys have a signer each', async () => {
  const { opened, manager } = strictManager()
  const other = keyRef('reference-2')
  expect(await manager.open(KEY, BINDING)).not.toBe(await manager.open(other, BINDING))
  expect(opened).toEqual([KEY, other])
})

describe.each(OTHERS)('a reference with %s', (_, other) => {
  test('never gets the signer, and does not take it from its own', async () => {
    const { opened, manager } = strictManager()
    const signer = await manager.open(KEY, BINDING)
    await expect(manager.open(KEY, other)).rejects.toBe(REFUSED)
    expect(await manager.open(KEY, BINDING)).toBe(signer)
    expect(opened).toHaveLength(2)
  })

  test('is refused before and while its own is opened, too', async () => {
    const { manager } = strictManager()
    const ends = await Promise.allSettled([
      manager.open(KEY, other),
      manager.open(KEY, BINDING),
      manager.open(KEY, other),
    ])
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected'])
    expect(await manager.open(KEY, BINDING)).toHaveProperty('sign')
  })
})

test('an opening that failed is not remembered; all that shared it fail with it', async () => {
  const fault = new Fault('key_service_busy', 'over its quota')
  const { opened, manager } = strictManager([() => Promise.reject(fault)])
  const ends = await Promise.allSettled([manager.open(KEY, BINDING), manager.open(KEY, BINDING)])
  expect(ends).toEqual([
    { status: 'rejected', reason: fault },
    { status: 'rejected', reason: fault },
  ])
  expect(await manager.open(KEY, BINDING)).toBe(await manager.open(KEY, BINDING))
  expect(opened).toHaveLength(2)
})

test('an opening that fails late does not drop a newer one', async () => {
  const late = Promise.withResolvers<Signer>()
  const { opened, manager } = strictManager([() => late.promise])
  const first = manager.open(KEY, BINDING).catch((error: unknown) => error)
  await manager.disable(KEY, BINDING)
  const signer = await manager.open(KEY, BINDING)
  late.reject(REFUSED)
  expect(await first).toBe(REFUSED)
  expect(await manager.open(KEY, BINDING)).toBe(signer)
  expect(opened).toHaveLength(2)
})

test(`the last ${SIGNERS_MAX} keys are remembered, and the one before them is opened again`, async () => {
  const { opened, manager } = strictManager()
  const references = Array.from({ length: SIGNERS_MAX }, (_, n) => keyRef(`reference-${n}`))
  for (const reference of references) await manager.open(reference, BINDING)
  for (const reference of references) await manager.open(reference, BINDING)
  expect(opened).toHaveLength(SIGNERS_MAX)
  await manager.open(keyRef('one more'), BINDING)
  await manager.open(keyRef('reference-1'), BINDING)
  expect(opened).toHaveLength(SIGNERS_MAX + 1)
  await manager.open(keyRef('reference-0'), BINDING)
  expect(opened).toHaveLength(SIGNERS_MAX + 2)
})

test('a key that is disabled is forgotten, and its manager told', async () => {
  const { opened, disabled, manager } = strictManager()
  await manager.open(KEY, BINDING)
  await manager.disable(KEY, BINDING)
  await manager.open(KEY, BINDING)
  expect(disabled).toEqual([KEY])
  expect(opened).toHaveLength(2)
})

test('everything else is its manager’s', async () => {
  const keyManager = fakeKeyManager({ renewals: { 'reference-1': keyRef('renewed') } })
  const manager = rememberingSigners(keyManager)
  expect(await manager.renew(KEY, BINDING)).toBe('renewed')
  expect(await manager.create(BINDING)).toHaveProperty('keyRef', 'reference-1')
  expect(manager.custody).toBe('sealed')
})
