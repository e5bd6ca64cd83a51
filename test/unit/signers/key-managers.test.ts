import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import type { KeyCustody } from '../../../src/signers/key-manager.ts'
import { keyManagers, openKey } from '../../../src/signers/key-managers.ts'
import { type FakeKeyManager, fakeKeyManager, keyRef } from '../../support/fixtures.ts'

const BINDING = { issuerId: 'prod', slot: 'slot-1', alg: 'RS256' } as const

function managerOf(custody: KeyCustody): FakeKeyManager {
  return { ...fakeKeyManager(), custody }
}

test.each<[readonly [KeyCustody, ...KeyCustody[]]]>([
  [['sealed']],
  [['kms', 'sealed']],
  [['kms-wrapped', 'kms', 'sealed']],
])('of %j are these custodies, the default first, and none at all', ([first, ...others]) => {
  const managers = keyManagers(managerOf(first), ...others.map(managerOf))
  expect(managers.custodies).toEqual([first, ...others, 'none'])
})

test('give the manager of a custody, wherever it stands', () => {
  const [kms, sealed] = [managerOf('kms'), managerOf('sealed')]
  const managers = keyManagers(kms, sealed)
  expect(managers.of('kms')).toBe(kms)
  expect(managers.of('sealed')).toBe(sealed)
})

describe('a custody that is not configured', () => {
  const managers = keyManagers(managerOf('sealed'), managerOf('kms-wrapped'))
  const fault = new Fault(
    'key_unavailable',
    'keys of custody kms cannot be used here: this host is configured for sealed, kms-wrapped',
    { hadNoEffect: true },
  )

  test('is a fault that says which are', () => {
    expect(() => managers.of('kms')).toThrow(fault)
  })

  test('rejects the opening of its keys, with nothing of their references', async () => {
    const key = { custody: 'kms', keyRef: keyRef('marked'), ...BINDING } as const
    await expect(openKey(managers, key)).rejects.toThrow(fault)
  })
})

test('a key is opened by the manager of its custody, with its reference and its binding alone', async () => {
  const [kms, sealed] = [managerOf('kms'), managerOf('sealed')]
  const managers = keyManagers(kms, sealed)
  await openKey(managers, { custody: 'sealed', keyRef: keyRef('reference-1'), ...BINDING })
  expect([kms.opened, sealed.opened]).toEqual([[], [{ keyRef: 'reference-1', binding: BINDING }]])
})
