/**
 * What tokens are issued by: never older than a signer's copy may be, and never what storage does not say.
 */

import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import { SIGNER_STALENESS_SECONDS, STORAGE_WAIT_MS } from '../../../src/limits.ts'
import { policyKey } from '../../../src/policies/policy-repository.ts'
import { anIssuer, aTombstone } from '../../support/fixtures.ts'
import { anEntry, aPolicy, aStoredPolicy } from '../../support/stored-policies.ts'
import { BOTH, copiesHost, LATER, reading, settled } from './exchange-copies-host.ts'

const DOWN = new Fault('storage_unavailable', 'the store did not answer')

describe('a copy', () => {
  test('is the document with its policy, compiled', async () => {
    const { first } = await reading()
    expect(first?.stored).toEqual(anIssuer())
    expect(first?.policy?.entries).toMatchObject([{ name: 'cluster', keys: { type: 'adopted' } }])
  })

  test('is one without a policy where none was set', async () => {
    const { copies, storeIssuer } = copiesHost()
    storeIssuer(anIssuer())
    expect(await copies.load('prod')).toEqual({ stored: anIssuer(), policy: undefined })
  })

  test('is a tombstone where the issuer was deleted', async () => {
    const { copies, storeIssuer } = copiesHost()
    storeIssuer(aTombstone())
    expect((await copies.load('prod'))?.stored).toEqual(aTombstone())
  })

  test('is none where there is no issuer, which is asked for again', async () => {
    const { copies, storePolicy, storeIssuer } = copiesHost()
    storePolicy(aStoredPolicy())
    expect(await copies.load('prod')).toBeUndefined()
    storeIssuer(anIssuer())
    expect((await copies.load('prod'))?.stored).toEqual(anIssuer())
  })

  test('serves until it is as old as a signer may be, and is then read anew', async () => {
    const { copies, storeIssuer, asked, wait, first } = await reading()
    storeIssuer(LATER)
    wait(SIGNER_STALENESS_SECONDS - 1)
    expect(await copies.load('prod')).toBe(first)
    expect(asked).toEqual([])
    wait(1)
    expect((await copies.load('prod'))?.stored).toEqual(LATER)
    expect(asked).toEqual(BOTH)
  })

  test('is as old as the question that brought it', async () => {
    const { copies, hold, answerHeld, asked, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    const loading = copies.load('prod')
    await settled()
    wait(3)
    await answerHeld()
    await loading
    wait(SIGNER_STALENESS_SECONDS - 3)
    void copies.load('prod')
    expect(asked).toEqual([...BOTH, ...BOTH])
  })

  test('is asked for again where its answer took as long as it may be old', async () => {
    const { copies, storeIssuer, hold, answerHeld, asked, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    const loading = copies.load('prod')
    await settled()
    wait(SIGNER_STALENESS_SECONDS)
    storeIssuer(LATER)
    await answerHeld()
    await answerHeld()
    expect((await loading)?.stored).toEqual(LATER)
    expect(asked).toEqual([...BOTH, ...BOTH])
  })

  test('is a fault where no answer is young enough', async () => {
    const { copies, hold, answerHeld, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    const loading = copies.load('prod').catch((error: unknown) => error)
    for (const _question of [1, 2]) {
      await settled()
      wait(SIGNER_STALENESS_SECONDS)
      await answerHeld()
    }
    expect(await loading).toMatchObject({ code: 'storage_unavailable' })
  })

  test('is read anew where the clock went back', async () => {
    const { copies, asked, wait } = await reading()
    wait(-1)
    await copies.load('prod')
    expect(asked).toEqual(BOTH)
  })
})

describe('a policy', () => {
  test('is compiled once, however often it is read', async () => {
    const { copies, wait, first } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    const second = await copies.load('prod')
    expect(second).not.toBe(first)
    expect(second?.policy).toBe(first?.policy)
  })

  test('is compiled anew once another one is stored, and gone once it is', async () => {
    const { copies, store, storePolicy, wait } = await reading()
    storePolicy(aStoredPolicy({ policy: aPolicy(anEntry({ name: 'other' })) }))
    wait(SIGNER_STALENESS_SECONDS)
    expect((await copies.load('prod'))?.policy?.entries).toMatchObject([{ name: 'other' }])
    store(policyKey('prod'), undefined)
    wait(SIGNER_STALENESS_SECONDS)
    expect((await copies.load('prod'))?.policy).toBeUndefined()
  })

  test('that this version does not compile is a fault, which says where', async () => {
    const { copies, storeIssuer, storePolicy } = copiesHost()
    storeIssuer(anIssuer())
    storePolicy(aStoredPolicy({ policy: aPolicy(anEntry({ condition: 'marked(' })) }))
    const fault = await copies.load('prod').catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'document_corrupt' })
    expect(String(fault)).toContain('the exchange policy of issuer prod is none that this version')
    expect(String(fault)).toContain('entries.0.condition (line 1')
  })
})

describe('storage that does not say', () => {
  test.each<[title: string, key: string, body: string]>([
    ['an issuer that cannot be read', issuerKey('prod'), '{"keyRef":"marked"'],
    ['a policy that cannot be read', policyKey('prod'), '{"keyRef":"marked"'],
  ])('refuses %s, whatever it was before', async (_title, key, body) => {
    const { copies, store, wait } = await reading()
    store(key, body)
    wait(SIGNER_STALENESS_SECONDS)
    const fault = await copies.load('prod').catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'document_corrupt' })
    expect(String(fault)).not.toContain('marked')
  })

  test('is a fault at once when the copy is over, and every time', async () => {
    const { copies, fail, wait } = await reading()
    fail(DOWN)
    wait(SIGNER_STALENESS_SECONDS)
    await expect(copies.load('prod')).rejects.toBe(DOWN)
    await expect(copies.load('prod')).rejects.toBe(DOWN)
    fail(undefined)
    expect((await copies.load('prod'))?.stored).toEqual(anIssuer())
  })

  test('is a fault after the time that storage has', async () => {
    const { copies, hold, pass, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    const loading = copies.load('prod').catch((error: unknown) => error)
    await pass(STORAGE_WAIT_MS)
    expect(await loading).toMatchObject({ code: 'storage_unavailable' })
  })
})
