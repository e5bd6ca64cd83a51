/**
 * Changes that meet somebody else's write between their read and their own: a rotation's, say.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import type { IssuerOperations } from '../../../src/control/issuer-operations.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { rotateIssuer } from '../../../src/keyring/rotate-issuer.ts'
import { ROTATION_ATTEMPTS_MAX } from '../../../src/limits.ts'
import type { Outcome } from '../../../src/refusal.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import {
  fakeKeyManager,
  keyRef,
  NO_BOUNDS,
  NOW,
  operators,
  refusalOf,
  seesNothing,
  valueOf,
} from '../../support/fixtures.ts'
import { ecKey, kubernetesKid, pemOf } from '../adoption/cluster-keys.ts'

const CLUSTER = ecKey('prime256v1')
const ADOPTION = { text: pemOf(CLUSTER), kid: undefined }

type Change = (
  operations: IssuerOperations,
  revision: number | undefined,
) => Promise<Outcome<object>>

/** Each with what it makes of the issuer that the other write left at revision 2. */
const CHANGES: [title: string, change: Change, made: object][] = [
  [
    'a change of the policy',
    (operations, revision) => operations.update('prod', { tokenTtlMaxSeconds: 600 }, revision),
    { revision: 3, policy: { tokenTtlMaxSeconds: 600 }, ring: { keys: [{}, {}] } },
  ],
  [
    'a reseal',
    (operations, revision) => operations.update('prod', {}, revision),
    { revision: 3, ring: { keys: [{ keyRef: 'renewed-1' }, {}] } },
  ],
  [
    'an adoption',
    (operations, revision) => operations.adopt('prod', ADOPTION, revision),
    {
      revision: 3,
      ring: { keys: [{}, {}], adopted: [{ kid: kubernetesKid(CLUSTER) }] },
    },
  ],
  [
    'a deletion',
    (operations, revision) => operations.delete('prod', undefined, revision),
    { kind: 'tombstone', revision: 3, kids: [expect.any(String), expect.any(String)] },
  ],
]

interface Contest {
  readonly contested: IssuerOperations
  readonly undisturbed: IssuerOperations
  readonly keyManager: ReturnType<typeof fakeKeyManager>
  /** Adds the successor. */
  readonly rotate: () => Promise<unknown>
  /** How often the contested operator has tried to write. */
  readonly attempts: () => number
  readonly stored: () => Promise<unknown>
}

/** Before each of the contested operator's writes somebody else does `act`, so many times. */
async function contest(
  act: (contest: Contest) => Promise<unknown>,
  { times = 1, settings = {} }: { readonly times?: number; readonly settings?: object } = {},
): Promise<Contest> {
  const store = memoryStore()
  const keyManager = fakeKeyManager({ renewals: { 'reference-1': keyRef('renewed-1') } })
  const issuers = issuerRepository(store)
  let attempts = 0
  const disturbed: DocumentStore = {
    ...store,
    put: async (...given) => {
      attempts += 1
      if (attempts <= times) await act(all)
      return store.put(...given)
    },
  }
  const clock = { now: () => NOW }
  const all: Contest = {
    contested: operators({ store: disturbed, keyManager }).operations,
    undisturbed: operators({ store, keyManager }).operations,
    keyManager,
    rotate: () =>
      rotateIssuer(
        { issuers, keyManagers: keyManager, bounds: NO_BOUNDS, observe: seesNothing, clock, log },
        'prod',
        {},
      ),
    attempts: () => attempts,
    stored: async () => (await issuers.load('prod'))?.stored,
  }
  valueOf(await all.undisturbed.create({ id: 'prod', settings }))
  return all
}

function log(): void {}

describe('a change that meets a rotation', () => {
  test.each(CHANGES)('is made after it, for any revision: %s', async (_title, change, made) => {
    const { contested, attempts, stored } = await contest(({ rotate }) => rotate())
    const outcome = valueOf(await change(contested, undefined))
    expect(outcome).toMatchObject(made)
    expect(await stored()).toEqual(outcome)
    expect(attempts()).toBe(2)
  })

  test.each(CHANGES)('is refused for one revision, and not tried again: %s', async (...row) => {
    const [, change] = row
    const { contested, attempts, stored } = await contest(({ rotate }) => rotate())
    expect(refusalOf(await change(contested, 1))).toEqual({
      reason: 'revision_conflict',
      message:
        'issuer prod was changed by someone else at the same moment: read it again and repeat the change',
    })
    expect(await stored()).toMatchObject({ kind: 'issuer', revision: 2 })
    expect(attempts()).toBe(1)
  })
})

function disturb({ undisturbed }: Contest): Promise<unknown> {
  return undisturbed.update('prod', { jwksMaxAgeSeconds: 120 }, undefined)
}

describe('a change that others come before again and again', () => {
  test.each(CHANGES)('is made at the last attempt: %s', async (_title, change) => {
    const { contested, attempts } = await contest(disturb, { times: ROTATION_ATTEMPTS_MAX - 1 })
    expect(valueOf(await change(contested, undefined))).toMatchObject({
      revision: ROTATION_ATTEMPTS_MAX + 1,
    })
    expect(attempts()).toBe(ROTATION_ATTEMPTS_MAX)
  })

  test.each(CHANGES)('is refused after it, and changes nothing: %s', async (_title, change) => {
    const { contested, attempts, stored } = await contest(disturb, { times: Infinity })
    expect(refusalOf(await change(contested, undefined)).reason).toBe('revision_conflict')
    expect(await stored()).toMatchObject({ kind: 'issuer', revision: 1 + ROTATION_ATTEMPTS_MAX })
    expect(attempts()).toBe(ROTATION_ATTEMPTS_MAX)
  })
})

describe('a change that finds another issuer the second time', () => {
  test.each(CHANGES)('is refused where that was deleted: %s', async (_title, change) => {
    const { contested } = await contest(({ undisturbed }) =>
      undisturbed.delete('prod', undefined, undefined),
    )
    expect(refusalOf(await change(contested, undefined)).reason).toBe('issuer_deleted')
  })

  test('is checked against what it finds then', async () => {
    const longer = { propagationDelaySeconds: 10 * 86_400, rotationPeriodSeconds: 20 * 86_400 }
    const { contested, stored } = await contest(({ undisturbed }) =>
      undisturbed.update('prod', longer, undefined),
    )
    const week = { rotationPeriodSeconds: 7 * 86_400 }
    const refusal = refusalOf(await contested.update('prod', week, undefined))
    expect(refusal.message).toContain('must be more than propagationDelaySeconds (864000)')
    expect(await stored()).toMatchObject({ revision: 2, policy: longer })
  })

  test('does not make the first key that the other has made', async () => {
    const { contested, keyManager } = await contest(
      ({ undisturbed }) => undisturbed.update('prod', { custody: 'sealed' }, undefined),
      { settings: { custody: 'none' } },
    )
    const updated = valueOf(await contested.update('prod', { custody: 'sealed' }, undefined))
    expect(updated.ring.keys).toMatchObject([{ keyRef: 'reference-2', publishedRevision: 2 }])
    // Its own of the first attempt was in the lost document alone.
    expect(keyManager.created).toHaveLength(2)
  })
})
