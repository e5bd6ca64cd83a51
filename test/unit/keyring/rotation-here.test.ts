import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { rotationHere } from '../../../src/keyring/rotation.ts'
import { ROTATION_ATTEMPTS_MAX } from '../../../src/limits.ts'
import type { KeyCustody } from '../../../src/signers/key-manager.ts'
import { keyManagers } from '../../../src/signers/key-managers.ts'
import {
  anIssuer,
  aRing,
  aTombstone,
  type FakeKeyManager,
  fakeKeyManager,
  NOW,
} from '../../support/fixtures.ts'

function newIssuer(custody: KeyCustody) {
  return anIssuer({
    policy: { ...DEFAULT_POLICY, custody },
    ring: aRing({ keys: [] }),
    writeNonce: 'nonce-of-creation',
  })
}

const KMS_ISSUER = newIssuer('kms')

/** Keys in a service, as `kms` has them. */
function serviceManager(options: Parameters<typeof fakeKeyManager>[0] = {}): FakeKeyManager {
  return { ...fakeKeyManager(options), custody: 'kms', keeps: 'service' }
}

function rotationOf(service = serviceManager(), store = memoryStore()) {
  const issuers = issuerRepository(store)
  const sealed = fakeKeyManager()
  const rotation = rotationHere({
    issuers,
    keyManagers: keyManagers(sealed, service),
    clock: { now: () => NOW + 7 },
  })
  const stored = async () => (await issuers.load('prod'))?.stored
  const change = async (next: StoredIssuer) => {
    const loaded = await issuers.load('prod')
    return loaded === undefined ? issuers.insert(next) : issuers.replace(loaded, next)
  }
  return { rotation, issuers, store, sealed, service, stored, change }
}

describe('what is prepared before it is written', () => {
  test('has its key where that is in its reference', async () => {
    const { rotation, sealed } = rotationOf()
    const { ring, ...rest } = await rotation.prepare(newIssuer('sealed'), NOW)
    const { ring: _none, ...expected } = newIssuer('sealed')
    expect(ring.keys).toMatchObject([
      { custody: 'sealed', keyRef: 'reference-1', publishedAt: NOW },
    ])
    expect(rest).toEqual(expected)
    expect(sealed.created).toHaveLength(1)
  })

  test('is the document itself where a key would be left behind', async () => {
    const { rotation, service, sealed } = rotationOf()
    expect(await rotation.prepare(KMS_ISSUER, NOW)).toBe(KMS_ISSUER)
    expect([service.created, sealed.created]).toEqual([[], []])
  })

  test.each<[string, Parameters<typeof anIssuer>[0]]>([
    ['that has its key', {}],
    [
      'that only publishes',
      { policy: { ...DEFAULT_POLICY, custody: 'none' }, ring: aRing({ keys: [] }) },
    ],
  ])('is the document itself, %s', async (_, members) => {
    const { rotation } = rotationOf()
    const document = anIssuer(members)
    expect(await rotation.prepare(document, NOW)).toBe(document)
  })

  test('is refused where the host has no such custody', async () => {
    const { rotation } = rotationOf()
    const preparing = rotation.prepare(newIssuer('kms-wrapped'), NOW)
    await expect(preparing).rejects.toMatchObject({ code: 'key_unavailable' })
  })

  test('writes nothing', async () => {
    const { rotation, stored } = rotationOf()
    await rotation.prepare(newIssuer('sealed'), NOW)
    expect(await stored()).toBeUndefined()
  })
})

describe('a run', () => {
  test('makes the key that is due, and writes it as a revision of its own', async () => {
    const { rotation, issuers, service, stored } = rotationOf()
    await issuers.insert(KMS_ISSUER)
    await rotation.run('prod')
    const [{ slot } = { slot: '' }] = service.created
    expect(service.created).toEqual([{ issuerId: 'prod', slot, alg: 'RS256' }])
    expect(await stored()).toMatchObject({
      ...KMS_ISSUER,
      revision: 2,
      updatedAt: NOW + 7,
      writeNonce: expect.stringMatching(/^[\w-]{22}$/) as string,
      ring: { keys: [{ custody: 'kms', keyRef: 'reference-1', slot, publishedAt: NOW + 7 }] },
    })
  })

  test('twice is once', async () => {
    const { rotation, issuers, service, stored } = rotationOf()
    await issuers.insert(KMS_ISSUER)
    await rotation.run('prod')
    const after = await stored()
    await rotation.run('prod')
    expect(await stored()).toEqual(after)
    expect(service.created).toHaveLength(1)
  })

  test('beside another one ends with one key in the ring', async () => {
    const both = Promise.withResolvers<void>()
    let making = 0
    const service = serviceManager({
      beforeCreate: async () => {
        making += 1
        if (making === 2) both.resolve()
        await both.promise
      },
    })
    const { rotation, issuers, stored } = rotationOf(service)
    await issuers.insert(KMS_ISSUER)
    await Promise.all([rotation.run('prod'), rotation.run('prod')])
    expect(service.created).toHaveLength(2)
    expect(await stored()).toMatchObject({ revision: 2, ring: { keys: [{ custody: 'kms' }] } })
    expect((await stored())?.kind === 'issuer').toBe(true)
  })

  test('that loses to another change keeps that change, and adds the key to it', async () => {
    let interruptions = 1
    const service = serviceManager({
      beforeCreate: async () => {
        if (interruptions-- <= 0) return
        await change({ ...KMS_ISSUER, revision: 2, writeNonce: 'nonce-of-another' })
      },
    })
    const { rotation, issuers, stored, change } = rotationOf(service)
    await issuers.insert(KMS_ISSUER)
    await rotation.run('prod')
    expect(await stored()).toMatchObject({
      revision: 3,
      ring: { keys: [{ keyRef: 'reference-2' }] },
    })
  })

  test(`is given up after ${ROTATION_ATTEMPTS_MAX} lost writes, and the ring is as the others made it`, async () => {
    let revision = 1
    const service = serviceManager({
      beforeCreate: async () => {
        revision += 1
        await change({ ...KMS_ISSUER, revision, writeNonce: `nonce-${revision}` })
      },
    })
    const { rotation, issuers, stored, change } = rotationOf(service)
    await issuers.insert(KMS_ISSUER)
    await expect(rotation.run('prod')).rejects.toThrow(
      new Fault(
        'storage_unavailable',
        `the ring of issuer prod was changed by others at the same moment ${ROTATION_ATTEMPTS_MAX} times`,
      ),
    )
    expect(service.created).toHaveLength(ROTATION_ATTEMPTS_MAX)
    expect(await stored()).toMatchObject({ revision, ring: { keys: [] } })
  })

  test('for an issuer that there is not does nothing', async () => {
    const { rotation, service, stored } = rotationOf()
    await rotation.run('prod')
    expect(service.created).toEqual([])
    expect(await stored()).toBeUndefined()
  })

  test('for a deleted issuer does nothing', async () => {
    const { rotation, issuers, service, stored } = rotationOf()
    await issuers.insert(aTombstone())
    await rotation.run('prod')
    expect(service.created).toEqual([])
    expect(await stored()).toEqual(aTombstone())
  })

  test('while the issuer is deleted leaves the tombstone', async () => {
    const service = serviceManager({ beforeCreate: async () => void (await change(aTombstone())) })
    const { rotation, issuers, stored, change } = rotationOf(service)
    await issuers.insert(KMS_ISSUER)
    await rotation.run('prod')
    expect(await stored()).toEqual(aTombstone())
    expect(service.created).toHaveLength(1)
  })

  test.each(['key_service_busy', 'key_service_unavailable', 'key_service_refused'] as const)(
    'in which no key can be made (%s) fails so, and changes nothing',
    async (code) => {
      const fault = new Fault(code, 'a key could not be made')
      const service = serviceManager({ beforeCreate: () => Promise.reject(fault) })
      const { rotation, issuers, store } = rotationOf(service)
      await issuers.insert(KMS_ISSUER)
      const before = await store.get('issuers/prod')
      await expect(rotation.run('prod')).rejects.toBe(fault)
      expect(await store.get('issuers/prod')).toEqual(before)
    },
  )

  test.each(['get', 'put'] as const)('fails as storage does (%s)', async (call) => {
    const fault = new Fault('storage_unavailable', 'storage does not answer')
    const store = memoryStore()
    await issuerRepository(store).insert(KMS_ISSUER)
    const before = await store.get('issuers/prod')
    const failing = { ...store, [call]: () => Promise.reject(fault) }
    const { rotation } = rotationOf(serviceManager(), failing)
    await expect(rotation.run('prod')).rejects.toBe(fault)
    expect(await store.get('issuers/prod')).toEqual(before)
  })

  test('is done where the answer to its write was lost', async () => {
    const store = memoryStore()
    await issuerRepository(store).insert(KMS_ISSUER)
    const forgetful = {
      ...store,
      put: async (...parameters: Parameters<typeof store.put>) => {
        await store.put(...parameters)
        return store.put(...parameters)
      },
    }
    const { rotation, service, stored } = rotationOf(serviceManager(), forgetful)
    await rotation.run('prod')
    expect(service.created).toHaveLength(1)
    expect(await stored()).toMatchObject({
      revision: 2,
      ring: { keys: [{ keyRef: 'reference-1' }] },
    })
  })
})
