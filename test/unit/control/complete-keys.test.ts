/**
 * Issuers whose keys a service makes: the document is written first, and its key follows.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { issuerOperations } from '../../../src/control/issuer-operations.ts'
import { Fault } from '../../../src/errors.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { rotationHere } from '../../../src/keyring/rotation-here.ts'
import type { Rotation } from '../../../src/keyring/rotation.ts'
import { claimantOf, locationClaims } from '../../../src/locations/location-claims.ts'
import { policyRepository } from '../../../src/policies/policy-repository.ts'
import type { LogFields } from '../../../src/log.ts'
import { refusalStatus } from '../../../src/refusal.ts'
import { keyManagers } from '../../../src/signers/key-managers.ts'
import {
  type FakeKeyManager,
  fakeKeyManager,
  NO_BOUNDS,
  NOW,
  refusalOf,
  seesNothing,
  valueOf,
} from '../../support/fixtures.ts'

/** Keys in a service, as `kms` has them. */
function serviceManager(beforeCreate: () => Promise<void> = async () => {}): FakeKeyManager {
  return { ...fakeKeyManager({ beforeCreate }), custody: 'kms' }
}

function operatorsOf(service: FakeKeyManager, given?: Rotation) {
  const store = memoryStore()
  const issuers = issuerRepository(store)
  const managers = keyManagers(service)
  const clock = { now: () => NOW }
  const logged: [string, LogFields][] = []
  const here = rotationHere({
    issuers,
    keyManagers: managers,
    bounds: NO_BOUNDS,
    observe: seesNothing,
    clock,
    log: () => {},
  })
  const operations = issuerOperations({
    issuers,
    policies: policyRepository(store),
    locations: locationClaims(store, issuers),
    claimantOf: (location) => claimantOf(store, location),
    keyManagers: managers,
    rotation: given ?? here,
    bounds: NO_BOUNDS,
    publicUrl: 'https://oidc.example.com',
    hostAliases: [],
    isOwnUrl: () => false,
    trustedForControl: [],
    isDevelopment: false,
    clock,
    log: (_level, event, fields = {}) => void logged.push([event, fields]),
  })
  const stored = async () => (await issuers.load('prod'))?.stored
  return { operations, here, store, stored, logged }
}

/** Rotation that is not done by this process. */
function elsewhere(run: Rotation['run']): Rotation {
  return {
    prepare: async (document) => document,
    run,
    sweep: async () => undefined,
    publish: async () => {},
  }
}

function failing(times: number, fault: Error): () => Promise<void> {
  let left = times
  return async () => {
    left -= 1
    if (left >= 0) throw fault
  }
}

const REFUSED = new Fault('key_service_refused', 'a key could not be made: AWS KMS answered X')
const NOT_MADE = {
  reason: 'key_not_made',
  message:
    'issuer prod is written, but its key could not be made (key_service_refused): run "signet issuer update prod --reseal" to have it made',
}

describe('creating an issuer', () => {
  test('writes it before its key is made, and answers with the key', async () => {
    const seen: unknown[] = []
    const service = serviceManager(async () => void seen.push(await stored()))
    const { operations, stored } = operatorsOf(service)
    const created = valueOf(await operations.create({ id: 'prod', settings: {} }))
    expect(seen).toMatchObject([
      { id: 'prod', revision: 2, ring: { keys: [], reservation: { custody: 'kms' } } },
    ])
    expect(created).toMatchObject({
      revision: 3,
      policy: { custody: 'kms' },
      ring: { keys: [{ custody: 'kms', keyRef: 'reference-1', activatesAt: NOW - 60 }] },
    })
    expect(await stored()).toEqual(created)
    expect(service.created).toHaveLength(1)
  })

  test('whose key cannot be made leaves it written, and says so', async () => {
    const service = serviceManager(failing(1, REFUSED))
    const { operations, stored, logged } = operatorsOf(service)
    const refusal = refusalOf(await operations.create({ id: 'prod', settings: {} }))
    expect(refusal).toEqual(NOT_MADE)
    expect(refusalStatus(refusal.reason)).toBe(503)
    expect(await stored()).toMatchObject({
      revision: 3,
      ring: { keys: [], leftovers: [{ custody: 'kms', forgottenAt: NOW }] },
    })
    expect(logged).toEqual([
      [
        'key_not_made',
        {
          issuer: 'prod',
          code: 'key_service_refused',
          problem: 'a key could not be made: AWS KMS answered X',
        },
      ],
    ])
  })

  test('fails as a whole by a mistake, which is no refusal', async () => {
    const mistake = new RangeError('a mistake')
    const { operations } = operatorsOf(serviceManager(failing(1, mistake)))
    await expect(operations.create({ id: 'prod', settings: {} })).rejects.toBe(mistake)
  })

  test('that only publishes makes no key and runs nothing', async () => {
    const ran: string[] = []
    const rotation = elsewhere(async (id) => {
      ran.push(id)
      return undefined
    })
    const { operations } = operatorsOf(serviceManager(), rotation)
    const created = await operations.create({ id: 'prod', settings: { custody: 'none' } })
    expect(valueOf(created).ring.keys).toEqual([])
    expect(ran).toEqual([])
  })

  test.each(['sealed', 'kms-wrapped'] as const)(
    'of custody %s, which this host lacks, is refused and stores nothing',
    async (custody) => {
      const service = serviceManager()
      const { operations, store } = operatorsOf(service)
      const refusal = refusalOf(await operations.create({ id: 'prod', settings: { custody } }))
      expect(refusal).toEqual({
        reason: 'invalid_request',
        message: `custody must be one of kms, none on this host, got "${custody}": choose one of these, or configure the host for it`,
      })
      expect((await store.list({ prefix: '', limit: 1 })).keys).toEqual([])
      expect(service.created).toEqual([])
    },
  )
})

describe('updating an issuer whose key could not be made', () => {
  test('makes it, once', async () => {
    const service = serviceManager(failing(1, REFUSED))
    const { operations, stored } = operatorsOf(service)
    await operations.create({ id: 'prod', settings: {} })
    const updated = valueOf(await operations.update('prod', {}, undefined))
    expect(updated).toMatchObject({ revision: 6, ring: { keys: [{ keyRef: 'reference-1' }] } })
    expect(await stored()).toEqual(updated)
    await operations.update('prod', {}, undefined)
    expect(service.created).toHaveLength(1)
  })

  test('refuses again while it still cannot be made; what was changed stays', async () => {
    const { operations, stored } = operatorsOf(serviceManager(failing(2, REFUSED)))
    await operations.create({ id: 'prod', settings: {} })
    const update = await operations.update('prod', { jwksMaxAgeSeconds: 120 }, undefined)
    expect(refusalOf(update)).toEqual(NOT_MADE)
    expect(await stored()).toMatchObject({
      revision: 6,
      policy: { jwksMaxAgeSeconds: 120 },
      ring: { keys: [] },
    })
  })
})

describe('by another function', () => {
  test('that does not answer, the key is not made', async () => {
    const fault = new Fault('rotation_unavailable', 'the rotation of issuer prod failed')
    const rotation = elsewhere(() => Promise.reject(fault))
    const { operations, logged } = operatorsOf(serviceManager(), rotation)
    expect(refusalOf(await operations.create({ id: 'prod', settings: {} }))).toMatchObject({
      reason: 'key_not_made',
      message: expect.stringContaining('could not be made (rotation_unavailable)') as string,
    })
    expect(logged).toMatchObject([['key_not_made', { problem: fault.message }]])
  })

  test('that says it is done and made no key, the key is not made', async () => {
    const { operations, logged } = operatorsOf(
      serviceManager(),
      elsewhere(async () => undefined),
    )
    expect(refusalOf(await operations.create({ id: 'prod', settings: {} }))).toMatchObject({
      reason: 'key_not_made',
      message: expect.stringContaining('could not be made (rotation_unavailable)') as string,
    })
    const problem =
      'issuer prod has no key although its rotation is said to be done: give whoever makes keys the same documents'
    expect(logged).toEqual([
      ['key_not_made', { issuer: 'prod', code: 'rotation_unavailable', problem }],
    ])
  })

  test('whose answer alone was lost, the issuer is answered with its key', async () => {
    const lost = new Fault('rotation_unavailable', 'the rotation of issuer prod failed')
    const rotation = elsewhere(async (id) => {
      await here.run(id)
      throw lost
    })
    const { operations, here, stored, logged } = operatorsOf(serviceManager(), rotation)
    const created = valueOf(await operations.create({ id: 'prod', settings: {} }))
    expect(created.ring.keys).toHaveLength(1)
    expect(await stored()).toEqual(created)
    expect(logged).toEqual([])
  })

  test('while another run makes the key, that is the reason in the log', async () => {
    const waits = [{ reason: 'key_being_made' as const, until: NOW + 1200 }]
    const report = { id: 'prod', revision: 2, dryRun: false, actions: [], waits, nextMoment: null }
    const rotation = elsewhere(async () => report)
    const { operations, logged } = operatorsOf(serviceManager(), rotation)
    expect(refusalOf(await operations.create({ id: 'prod', settings: {} }))).toMatchObject({
      reason: 'key_not_made',
      message: expect.stringContaining('could not be made (rotation_unavailable)') as string,
    })
    const problem =
      'the key of issuer prod is being made by another run, or was when that ended: the place is free again after twenty minutes'
    expect(logged).toEqual([
      ['key_not_made', { issuer: 'prod', code: 'rotation_unavailable', problem }],
    ])
  })

  test('in whose time the issuer was deleted, that is said', async () => {
    const rotation = elsewhere(async (id) => {
      await operations.delete(id, undefined, undefined)
      return undefined
    })
    const { operations } = operatorsOf(serviceManager(), rotation)
    const refusal = refusalOf(await operations.create({ id: 'prod', settings: {} }))
    expect(refusal.reason).toBe('issuer_deleted')
  })
})
