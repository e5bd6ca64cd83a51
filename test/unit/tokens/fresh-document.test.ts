import { describe, expect, test } from 'vitest'
import { Fault, FAULT_CODES } from '../../../src/errors.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { accepted, type Outcome, refused } from '../../../src/refusal.ts'
import { withFreshDocument } from '../../../src/tokens/fresh-document.ts'
import { anIssuer } from '../../support/fixtures.ts'

const OLD = anIssuer({ revision: 1 })
const NEW = anIssuer({ revision: 2 })
const DISABLED = new Fault('key_disabled', 'the key was disabled')
const DELETED = refused('issuer_deleted', 'issuer prod was deleted')

/** Loads the documents in their order; mints as the script says, in its order. */
function tried(loads: readonly Outcome<IssuerDocument>[], ends: readonly (string | Error)[]) {
  const minted: number[] = []
  let loaded = 0
  const outcome = withFreshDocument(
    async () => {
      loaded += 1
      return loads[loaded - 1] ?? refused('issuer_not_found', 'loaded too often')
    },
    async ({ revision }) => {
      const end = ends[minted.length] ?? new Error('minted too often')
      minted.push(revision)
      if (end instanceof Error) throw end
      return accepted(end)
    },
  )
  return { outcome, minted, loads: () => loaded }
}

test('one document is enough while its key signs', async () => {
  const { outcome, minted, loads } = tried([accepted(OLD)], ['a token'])
  expect(await outcome).toEqual(accepted('a token'))
  expect([loads(), minted]).toEqual([1, [1]])
})

test('what cannot be loaded is refused, and nothing minted', async () => {
  const { outcome, minted } = tried([DELETED], [])
  expect(await outcome).toBe(DELETED)
  expect(minted).toEqual([])
})

describe('where the key was disabled', () => {
  test('the newer document mints, loaded once more', async () => {
    const { outcome, minted, loads } = tried([accepted(OLD), accepted(NEW)], [DISABLED, 'a token'])
    expect(await outcome).toEqual(accepted('a token'))
    expect([loads(), minted]).toEqual([2, [1, 2]])
  })

  test('and is in the newer document too, that is the end', async () => {
    const again = new Fault('key_disabled', 'it was disabled again')
    const { outcome, minted, loads } = tried([accepted(OLD), accepted(NEW)], [DISABLED, again])
    await expect(outcome).rejects.toBe(again)
    expect([loads(), minted]).toEqual([2, [1, 2]])
  })

  test('because its issuer was deleted, that is said', async () => {
    const { outcome, minted } = tried([accepted(OLD), DELETED], [DISABLED])
    expect(await outcome).toBe(DELETED)
    expect(minted).toEqual([1])
  })
})

test.each([
  ...FAULT_CODES.filter((code) => code !== 'key_disabled').map((code) => new Fault(code, 'other')),
  new TypeError('a mistake'),
  Object.assign(new Error('no fault of ours'), { code: 'key_disabled' }),
])('whatever else goes wrong is not tried again: %o', async (error) => {
  const { outcome, minted, loads } = tried([accepted(OLD), accepted(NEW)], [error, 'a token'])
  await expect(outcome).rejects.toBe(error)
  expect([loads(), minted]).toEqual([1, [1]])
})
