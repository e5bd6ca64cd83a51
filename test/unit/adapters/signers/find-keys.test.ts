/**
 * The search for keys of custody `kms`, where KMS has many, gives few at once, or does not tell.
 */

import { describe, expect, test } from 'vitest'
import {
  KmsError,
  type KmsErrorCode,
  type KmsKeyDescription,
} from '../../../../src/adapters/aws/kms-api.ts'
import { findKeys, KEY_PAGES_MAX } from '../../../../src/adapters/signers/kms/find-keys.ts'
import { Fault } from '../../../../src/errors.ts'

type Tags = Readonly<Record<string, string>>

/** A key by its number; its tags, or why they are not told. */
interface AKey {
  readonly tags: Tags | KmsErrorCode
  readonly described?: Partial<KmsKeyDescription> | KmsErrorCode
}

const OURS = { 'signet:deployment': 'test', 'signet:issuer': 'prod', 'signet:slot': 'slot-1' }
const OTHERS: AKey = { tags: { team: 'billing' } }
const FAILED = 'the keys of this installation could not be searched for'

/** KMS with these pages of keys. `listing`: why they are not told. */
function kmsWith(pages: readonly (readonly AKey[])[], listing?: KmsErrorCode) {
  const calls: string[] = []
  const underWay = { now: 0, most: 0 }
  const numbered = pages.map((keys, page) =>
    keys.map((key, n) => ({ key, arn: `arn:${page}/${n}` })),
  )
  const keyOf = (arn: string): AKey =>
    numbered.flat().find((each) => each.arn === arn)?.key ?? OTHERS

  async function answer<T>(call: string, result: T | KmsErrorCode): Promise<T> {
    calls.push(call)
    underWay.most = Math.max(underWay.most, ++underWay.now)
    await new Promise((resolve) => setImmediate(resolve))
    underWay.now -= 1
    if (typeof result === 'string') throw new KmsError(result as KmsErrorCode, 'MarkedException')
    return result
  }

  return {
    calls,
    underWay,
    kms: {
      listKeys: async (marker: string | undefined) => {
        const page = Number(marker ?? 0)
        const keyIds = (numbered[page] ?? []).map(({ arn }) => arn)
        const next = page + 1 < pages.length ? String(page + 1) : undefined
        return answer(`list ${page}`, listing ?? { keyIds, next })
      },
      listResourceTags: (arn: string) => answer(`tags ${arn}`, keyOf(arn).tags),
      describeKey: (arn: string) => {
        const { described = {} } = keyOf(arn)
        const key = { arn, createdAt: 7, keySpec: 'RSA_2048', state: 'enabled' } as const
        const result = typeof described === 'string' ? described : { ...key, ...described }
        return answer<KmsKeyDescription>(`describe ${arn}`, result)
      },
    },
  }
}

function search(pages: readonly (readonly AKey[])[], ...slots: readonly string[]) {
  const { kms, calls } = kmsWith(pages)
  return findKeys(kms, 'test', new Set(slots)).then((found) => ({ found, calls }))
}

async function arnsFound(keys: readonly AKey[], ...slots: readonly string[]): Promise<string[]> {
  const { found } = await search([keys], ...slots)
  return found.map(({ arn }) => arn)
}

describe('finds', () => {
  test('a key by its tags, as it is', async () => {
    const described = { createdAt: 1_800_000_000, state: 'pending_deletion' } as const
    const { found } = await search([[OTHERS, { tags: OURS, described }]], 'slot-1')
    const binding = { issuerId: 'prod', slot: 'slot-1', alg: 'RS256' }
    expect(found).toEqual([{ binding, arn: 'arn:0/1', ...described }])
  })

  test.each([
    ['RSA_2048', ['RS256']],
    ['ECC_NIST_P256', ['ES256']],
    ['RSA_4096', []],
    ['SYMMETRIC_DEFAULT', []],
  ])('keys of %s as those of %j', async (keySpec, algorithms) => {
    const { found } = await search([[{ tags: OURS, described: { keySpec } }]], 'slot-1')
    expect(found.map(({ binding }) => binding.alg)).toEqual(algorithms)
  })

  test.each<[string, Tags]>([
    ['of another installation', { ...OURS, 'signet:deployment': 'test2' }],
    ['of another slot', { ...OURS, 'signet:slot': 'slot-2' }],
    ['without a slot', { 'signet:deployment': 'test', 'signet:issuer': 'prod' }],
    ['without an issuer', { 'signet:deployment': 'test', 'signet:slot': 'slot-1' }],
    ['without an installation', { 'signet:issuer': 'prod', 'signet:slot': 'slot-1' }],
    ['without a tag', {}],
  ])('no key %s, and asks no more of it', async (_, tags) => {
    const { found, calls } = await search([[{ tags }]], 'slot-1')
    expect({ found, calls }).toEqual({ found: [], calls: ['list 0', 'tags arn:0/0'] })
  })

  test('both keys of a slot that has two', async () => {
    expect(await arnsFound([{ tags: OURS }, OTHERS, { tags: OURS }], 'slot-1')).toEqual([
      'arn:0/0',
      'arn:0/2',
    ])
  })

  test('nothing among no slots, and asks nobody', async () => {
    expect(await search([[{ tags: OURS }]])).toEqual({ found: [], calls: [] })
  })
})

describe('a key that does not tell', () => {
  test.each<[string, AKey]>([
    ['whose tags may not be read', { tags: 'denied' }],
    ['that is gone', { tags: 'not_found' }],
    ['that goes in between', { tags: OURS, described: 'not_found' }],
  ])('%s is left out', async (_, key) => {
    expect(await arnsFound([key, { tags: OURS }, key], 'slot-1')).toEqual(['arn:0/1'])
  })

  test.each<[string, AKey, string]>([
    ['tags while KMS is busy', { tags: 'throttled' }, 'key_service_busy'],
    ['tags while KMS fails', { tags: 'unavailable' }, 'key_service_unavailable'],
    ['state while KMS fails', { tags: OURS, described: 'unavailable' }, 'key_service_unavailable'],
    // It is of this installation: whoever looks for it must be allowed to look at it.
    ['state for want of permission', { tags: OURS, described: 'denied' }, 'key_service_refused'],
  ])('its %s is a fault', async (_, key, code) => {
    const message = `${FAILED}: AWS KMS answered MarkedException`
    await expect(search([[OTHERS, key]], 'slot-1')).rejects.toMatchObject({ code, message })
  })

  test.each<[string, AKey[]]>([
    ['every key', [{ tags: 'denied' }, { tags: 'denied' }]],
    ['every key that is there', [{ tags: 'not_found' }, { tags: 'denied' }]],
  ])('is a fault where it is %s: that is no answer', async (_, keys) => {
    const message = `${FAILED}: AWS KMS lets this host read the tags of no key: allow it kms:ListResourceTags`
    const refused = { code: 'key_service_refused', message }
    await expect(search([keys], 'slot-1')).rejects.toMatchObject(refused)
  })

  test('is none where all of them are gone', async () => {
    expect(await arnsFound([{ tags: 'not_found' }], 'slot-1')).toEqual([])
  })
})

test('a list that may not be read is a fault, and told without an issuer', async () => {
  const { kms } = kmsWith([[{ tags: OURS }]], 'denied')
  const error: unknown = await findKeys(kms, 'test', new Set(['slot-1'])).catch((e: unknown) => e)
  expect(error).toBeInstanceOf(Fault)
  expect(error).toMatchObject({
    code: 'key_service_refused',
    message: `${FAILED}: AWS KMS answered MarkedException`,
  })
})

describe('many keys', () => {
  test('are looked at on every page', async () => {
    const { found, calls } = await search([[OTHERS], [], [OTHERS, { tags: OURS }]], 'slot-1')
    expect(found.map(({ arn }) => arn)).toEqual(['arn:2/1'])
    expect(calls.filter((call) => call.startsWith('list'))).toEqual(['list 0', 'list 1', 'list 2'])
  })

  test('are looked at up to the page on which every slot has its key', async () => {
    const two = { tags: { ...OURS, 'signet:slot': 'slot-2' } }
    const { calls } = await search([[{ tags: OURS }], [two], [OTHERS]], 'slot-1', 'slot-2')
    expect(calls.filter((call) => call.startsWith('list'))).toEqual(['list 0', 'list 1'])
  })

  test('are looked at further where a slot has but one that was given up', async () => {
    const given: AKey = { tags: OURS, described: { state: 'pending_deletion' } }
    const { found } = await search([[given], [{ tags: OURS }]], 'slot-1')
    expect(found.map(({ arn }) => arn)).toEqual(['arn:0/0', 'arn:1/0'])
  })

  test('are looked at four at once', async () => {
    const { kms, underWay } = kmsWith([Array.from({ length: 11 }, () => OTHERS)])
    await findKeys(kms, 'test', new Set(['slot-1']))
    expect(underWay).toEqual({ now: 0, most: 4 })
  })

  test('are not looked at once one of them failed', async () => {
    const keys = [
      OTHERS,
      { tags: 'unavailable' } as const,
      ...Array.from({ length: 20 }, () => OTHERS),
    ]
    const { kms, calls } = kmsWith([keys])
    await expect(findKeys(kms, 'test', new Set(['slot-1']))).rejects.toBeInstanceOf(Fault)
    expect(calls).toHaveLength(5)
  })

  test(`are looked at on ${KEY_PAGES_MAX} pages`, async () => {
    const pages = Array.from({ length: KEY_PAGES_MAX }, () => [OTHERS])
    const last = [...pages.slice(1), [{ tags: OURS }]]
    expect((await search(last, 'slot-1')).found).toHaveLength(1)
  })

  test(`are too many on more than ${KEY_PAGES_MAX} pages, and it is said what to do`, async () => {
    const pages = Array.from({ length: KEY_PAGES_MAX + 1 }, () => [OTHERS])
    await expect(search(pages, 'slot-1')).rejects.toMatchObject({
      code: 'key_service_refused',
      message: `${FAILED}: AWS KMS has more than ${KEY_PAGES_MAX} pages of keys in this region: give Signet an account of its own`,
    })
  })
})
