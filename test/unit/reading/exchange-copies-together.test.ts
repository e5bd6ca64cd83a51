/**
 * Many who ask for copies to issue tokens by, what is changed meanwhile, and how much is kept.
 */

import { describe, expect, test } from 'vitest'
import { formatStoredIssuer } from '../../../src/issuers/issuer-codec.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import { SIGNER_STALENESS_SECONDS, SLOW_STORAGE_MS } from '../../../src/limits.ts'
import { formatStoredPolicy } from '../../../src/policies/policy-codec.ts'
import { policyKey } from '../../../src/policies/policy-repository.ts'
import { copyWeight } from '../../../src/reading/copy-weight.ts'
import { anIssuer } from '../../support/fixtures.ts'
import { anEntry, aPolicy, aStoredPolicy } from '../../support/stored-policies.ts'
import { BOTH, copiesHost, LATER, reading, settled } from './exchange-copies-host.ts'

describe('many at once', () => {
  test('ask storage once', async () => {
    const { copies, hold, answerHeld, asked, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    const loading = Promise.all([1, 2, 3].map(() => copies.load('prod')))
    await settled()
    await answerHeld()
    const loaded = await loading
    expect(new Set(loaded).size).toBe(1)
    expect(asked).toEqual(BOTH)
  })

  test('wait for somebody else no longer than his read may have ended with him', async () => {
    const { copies, hold, answerHeld, pass, asked, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    void copies.load('prod').catch(() => {})
    await settled()
    const waiting = copies.load('prod')
    await settled()
    await pass(SLOW_STORAGE_MS)
    expect(asked).toEqual([...BOTH, ...BOTH])
    await answerHeld()
    expect((await waiting)?.stored).toEqual(anIssuer())
  })
})

describe('what is forgotten', () => {
  test('is asked for at the next load, and its policy compiled no second time', async () => {
    const { copies, storeIssuer, asked, first } = await reading()
    storeIssuer(LATER)
    copies.forget('prod')
    const next = await copies.load('prod')
    expect(next?.stored).toEqual(LATER)
    expect(next?.policy).toBe(first?.policy)
    expect(asked).toEqual(BOTH)
    expect(await copies.load('prod')).toBe(next)
  })

  test('is not kept from a question of before', async () => {
    const { copies, storeIssuer, hold, answerHeld, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    const before = copies.load('prod')
    await settled()
    storeIssuer(LATER)
    copies.forget('prod')
    await answerHeld()
    expect((await before)?.stored).toEqual(anIssuer())
    const after = copies.load('prod')
    await settled()
    await answerHeld()
    expect((await after)?.stored).toEqual(LATER)
  })

  test('is not taken from somebody who asked before', async () => {
    const { copies, storeIssuer, hold, answerHeld, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    void copies.load('prod')
    await settled()
    storeIssuer(LATER)
    copies.forget('prod')
    const after = copies.load('prod')
    await settled()
    await answerHeld()
    expect((await after)?.stored).toEqual(LATER)
  })

  test('may be what was never known', async () => {
    const { copies } = copiesHost()
    copies.forget('nobody')
    expect(await copies.load('nobody')).toBeUndefined()
  })
})

describe('an answer that comes last', () => {
  test('takes no place of one to a later question', async () => {
    const { copies, storeIssuer, hold, answerHeld, answerNewest, pass, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    void copies.load('prod').catch(() => {})
    await settled()
    wait(1)
    storeIssuer(LATER)
    const waiting = copies.load('prod')
    await settled()
    await pass(SLOW_STORAGE_MS)
    await answerNewest()
    expect((await waiting)?.stored).toEqual(LATER)
    await answerHeld()
    expect((await copies.load('prod'))?.stored).toEqual(LATER)
  })
})

describe('the runtime', () => {
  test('is told to finish a read by whoever began it, and by nobody else', async () => {
    const { copies, hold, answerHeld, wait } = await reading()
    wait(SIGNER_STALENESS_SECONDS)
    hold()
    const kept: Promise<unknown>[] = []
    const first = copies.load('prod', (work) => void kept.push(work))
    const second = copies.load('prod', () => expect.unreachable())
    await settled()
    expect(kept).toHaveLength(1)
    await answerHeld()
    await kept[0]
    expect(await first).toBe(await second)
    expect(await copies.load('prod', () => expect.unreachable())).toBe(await first)
  })
})

/** Of a copy of an issuer and its policy, where its id is a letter. */
const WEIGHT = copyWeight(
  formatStoredIssuer(anIssuer({ id: 'a' })),
  formatStoredPolicy(aStoredPolicy({ id: 'a' })),
)

describe('memory', () => {
  test('is counted by what a policy says, and one that is too much is kept alone', async () => {
    const { copies, storeIssuer, storePolicy, asked } = copiesHost(2 * WEIGHT)
    const condition = `[${'1,'.repeat(90)}1].size()>1`
    const policy = aPolicy(anEntry({ condition }))
    for (const id of ['a', 'b']) {
      storeIssuer(anIssuer({ id }))
      storePolicy(aStoredPolicy(id === 'b' ? { id, policy } : { id }))
      await copies.load(id)
    }
    asked.length = 0
    await copies.load('b')
    expect(asked).toEqual([])
    await copies.load('a')
    expect(asked).toEqual([issuerKey('a'), policyKey('a')])
  })

  test('has a bound, which the longest unread copies give way to', async () => {
    const { copies, storeIssuer, storePolicy, asked } = copiesHost(2 * WEIGHT)
    for (const id of ['a', 'b', 'c']) {
      storeIssuer(anIssuer({ id }))
      storePolicy(aStoredPolicy({ id }))
      await copies.load(id)
    }
    asked.length = 0
    await copies.load('b')
    await copies.load('c')
    expect(asked).toEqual([])
    await copies.load('a')
    expect(asked).toEqual([issuerKey('a'), policyKey('a')])
  })

  test('does not grow by what is read again', async () => {
    const { copies, storeIssuer, storePolicy, asked, wait } = copiesHost(2 * WEIGHT)
    for (const id of ['a', 'b']) {
      storeIssuer(anIssuer({ id }))
      storePolicy(aStoredPolicy({ id }))
    }
    for (const _time of [1, 2, 3]) {
      wait(SIGNER_STALENESS_SECONDS)
      await copies.load('a')
      await copies.load('b')
    }
    asked.length = 0
    await copies.load('a')
    await copies.load('b')
    expect(asked).toEqual([])
  })
})
