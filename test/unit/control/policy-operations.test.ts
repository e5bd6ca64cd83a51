/**
 * Reading and setting the exchange policy of an issuer.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import type { OperationDeps } from '../../../src/control/control-deps.ts'
import { setPolicy } from '../../../src/control/policy-operations.ts'
import { policyView } from '../../../src/control/policy-view.ts'
import { Fault } from '../../../src/errors.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { policyKey } from '../../../src/policies/policy-repository.ts'
import {
  anAdoptedKey,
  anIssuer,
  aRing,
  aTombstone,
  NOW,
  refusalOf,
  valueOf,
} from '../../support/fixtures.ts'
import { anEntry, aPolicy, aStoredPolicy } from '../../support/stored-policies.ts'
import { DISCOVERED, host, hostWith } from './policy-host.ts'

describe('the exchange policy of an issuer', () => {
  test('has no entries and revision 0 while none was set', async () => {
    const { read } = await host()
    expect(valueOf(await read())).toEqual({
      document: anIssuer(),
      revision: 0,
      updatedAt: undefined,
      policy: { entries: [] },
    })
  })

  test('is what was set last, at a revision of its own', async () => {
    const { set, read, wait, issuers } = await host({ revision: 41 })
    wait(60)
    const first = valueOf(await set(aPolicy()))
    expect(first).toMatchObject({ revision: 1, updatedAt: NOW + 60, policy: aPolicy() })
    wait(60)
    const policy = aPolicy(DISCOVERED)
    expect(valueOf(await set(policy))).toMatchObject({ revision: 2, updatedAt: NOW + 120, policy })
    expect(valueOf(await read())).toMatchObject({ revision: 2, policy })
    expect((await issuers.load('prod'))?.stored.revision).toBe(41)
  })

  test('stays as it is where the same one is set', async () => {
    const { set, store, wait } = await host()
    const first = valueOf(await set(aPolicy()))
    const before = await store.get(policyKey('prod'))
    wait(60)
    expect(valueOf(await set(aPolicy(), 1))).toEqual(first)
    expect(await store.get(policyKey('prod'))).toEqual(before)
  })

  test('is written where none was set, be it without entries', async () => {
    const { set } = await host()
    expect(valueOf(await set({ entries: [] }))).toMatchObject({ revision: 1 })
  })

  test('is not written by a dry run, which says what it would be', async () => {
    const { set, read } = await host()
    const tried = valueOf(await set(aPolicy(), undefined, true))
    expect(tried).toMatchObject({ revision: 0, updatedAt: undefined, policy: aPolicy() })
    expect(valueOf(await read())).toMatchObject({ revision: 0, policy: { entries: [] } })
    await set(aPolicy())
    const next = valueOf(await set(aPolicy(DISCOVERED), 1, true))
    expect(next).toMatchObject({ revision: 1, policy: aPolicy(DISCOVERED) })
    expect(valueOf(await read()).policy).toEqual(aPolicy())
  })
})

describe('a revision', () => {
  test.each<[title: string, revision: number, isSet: boolean]>([
    ['the one that was seen', 1, true],
    ['an older one', 0, false],
    ['one that is not there yet', 2, false],
  ])('is %s', async (_title, revision, isSet) => {
    const { set, read } = await host()
    await set(aPolicy(), 0)
    for (const dryRun of [true, false]) {
      const outcome = await set(aPolicy(DISCOVERED), revision, dryRun)
      const refusal = {
        reason: 'revision_conflict',
        message: `the exchange policy of issuer prod is at revision 1, the change was for revision ${revision}: read it again and repeat the change`,
      }
      expect(outcome).toMatchObject(isSet ? { ok: true } : { ok: false, refusal })
    }
    expect(valueOf(await read()).revision).toBe(isSet ? 2 : 1)
  })

  test('is lost to whoever writes in between', async () => {
    const { deps, set, read } = await host()
    await set(aPolicy())
    const racing: OperationDeps = {
      ...deps,
      policies: {
        ...deps.policies,
        put: async (loaded, stored) => {
          await deps.policies.put(loaded, {
            ...stored,
            writeNonce: 'of-another',
            policy: { entries: [] },
          })
          return deps.policies.put(loaded, stored)
        },
      },
    }
    const request = { id: 'prod', policy: aPolicy(DISCOVERED), dryRun: false }
    const outcome = await setPolicy(racing, { ...request, revision: 1 })
    expect(refusalOf(outcome)).toMatchObject({ reason: 'revision_conflict' })
    expect(valueOf(await read())).toMatchObject({ revision: 2, policy: { entries: [] } })
  })

  test('of any kind is set after whoever wrote in between', async () => {
    const { deps, read } = await host()
    let writes = 0
    const racing: OperationDeps = {
      ...deps,
      policies: {
        ...deps.policies,
        put: async (loaded, stored) => {
          writes += 1
          if (writes === 1) await deps.policies.put(loaded, { ...stored, writeNonce: 'other' })
          return deps.policies.put(loaded, stored)
        },
      },
    }
    const request = { id: 'prod', policy: aPolicy(DISCOVERED), dryRun: false, revision: undefined }
    // What was written in between is the same here, and nothing is left to do.
    expect(valueOf(await setPolicy(racing, request))).toMatchObject({ revision: 1 })
    expect(valueOf(await read()).policy).toEqual(aPolicy(DISCOVERED))
  })

  test('of any kind is given up where somebody always comes first', async () => {
    const { deps } = await host()
    const lost: OperationDeps = {
      ...deps,
      policies: { ...deps.policies, put: async () => 'conflict' },
    }
    const outcome = await setPolicy(lost, {
      id: 'prod',
      policy: aPolicy(),
      dryRun: false,
      revision: undefined,
    })
    expect(refusalOf(outcome).message).toContain('was set by someone else at the same moment')
  })
})

describe('an issuer', () => {
  test.each<[title: string, stored: StoredIssuer[], reason: string]>([
    ['that is not there', [], 'issuer_not_found'],
    ['that was deleted', [aTombstone()], 'issuer_deleted'],
    [
      'that only publishes',
      [anIssuer({ policy: { ...DEFAULT_POLICY, custody: 'none' } })],
      'publish_only',
    ],
  ])('%s has none, and nothing is written', async (_title, stored, reason) => {
    const { read, set, store } = await hostWith(stored)
    const before = (await store.list({ prefix: '', limit: 9 })).keys
    expect(refusalOf(await read()).reason).toBe(reason)
    expect(refusalOf(await set(aPolicy())).reason).toBe(reason)
    expect(refusalOf(await set(aPolicy(), undefined, true)).reason).toBe(reason)
    expect((await store.list({ prefix: '', limit: 9 })).keys).toEqual(before)
  })

  test('that cannot be told from storage has no answer', async () => {
    const down = new Fault('storage_unavailable', 'the store did not answer')
    const { set } = await hostWith([], { ...memoryStore(), get: () => Promise.reject(down) })
    await expect(set(aPolicy())).rejects.toBe(down)
  })
})

describe('what an operator sees of it', () => {
  test('is all of it, and what does nothing yet', async () => {
    const { read, set } = await host()
    await set(aPolicy())
    const view = await policyView(valueOf(await read()), NOW)
    expect(view).toEqual({
      id: 'prod',
      revision: 1,
      updatedAt: NOW,
      policy: aPolicy(),
      remarks: [
        "entry cluster trusts the adopted keys, and there are none yet: it lets nobody in until the cluster's keys are adopted",
      ],
    })
    expect(Object.keys(view)).toEqual(['id', 'revision', 'updatedAt', 'policy', 'remarks'])
  })

  test('says what does nothing beside keys that were adopted in the meantime', async () => {
    const { read, deps } = await host({ ring: aRing({ adopted: [anAdoptedKey()] }) })
    const policy = aPolicy(anEntry(), DISCOVERED)
    await deps.policies.put(undefined, aStoredPolicy({ policy }))
    expect((await policyView(valueOf(await read()), NOW)).remarks).toEqual([
      'entry github does nothing while this issuer has adopted keys, which speak for the whole of it: give its source an issuer of its own, or drop the adopted keys',
    ])
  })

  test('has no remark where nothing is amiss', async () => {
    const adopted = await host({ ring: aRing({ adopted: [anAdoptedKey()] }) })
    expect((await policyView(valueOf(await adopted.set(aPolicy())), NOW)).remarks).toEqual([])
    const { read, set } = await host()
    expect(await policyView(valueOf(await read()), NOW)).toEqual({
      id: 'prod',
      revision: 0,
      policy: { entries: [] },
      remarks: [],
    })
    await set(aPolicy(DISCOVERED))
    expect((await policyView(valueOf(await read()), NOW)).remarks).toEqual([])
  })

  test('says who is let in by a condition that is always true', async () => {
    const { set } = await host()
    const everybody = { ...DISCOVERED, condition: 'true' }
    const view = await policyView(valueOf(await set(aPolicy(everybody))), NOW)
    expect(view.remarks).toEqual([
      'entries.0.condition is always true: everyone who has a token of https://cluster.example.net is let in',
    ])
  })

  test('is shown without a remark where it does not compile any more', async () => {
    const { read, deps } = await host()
    const policy = aPolicy({ ...DISCOVERED, condition: 'matches(claims.sub, "a")' })
    await deps.policies.put(undefined, aStoredPolicy({ policy }))
    expect(await policyView(valueOf(await read()), NOW)).toMatchObject({ policy, remarks: [] })
  })
})
