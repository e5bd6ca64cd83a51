import { expect, test } from 'vitest'
import { formatStoredPolicy } from '../../../src/policies/policy-codec.ts'
import { storedPolicies } from '../../../src/reading/stored-policies.ts'
import { anEntry, aPolicy, aStoredPolicy } from '../../support/stored-policies.ts'

const GOOD = formatStoredPolicy(aStoredPolicy())
const BAD = formatStoredPolicy(
  aStoredPolicy({ policy: aPolicy(anEntry({ condition: 'marked(' })) }),
)

/** Asks for the policy of issuer `prod`. */
function asking(faultsMax?: number) {
  const policies = storedPolicies(faultsMax)
  return (body: string, etag: string, id = 'prod') =>
    policies.compiled(id, { body, etag }).catch((error: unknown) => error)
}

test.each([
  ['does not compile', BAD],
  ['cannot be read', '{"version":'],
])('a policy that %s is looked at once', async (_what, body) => {
  const ask = asking()
  const fault = await ask(body, '1')
  expect(fault).toMatchObject({ code: 'document_corrupt' })
  expect(await ask(body, '1')).toBe(fault)
})

test('the one that is stored in its place is looked at anew', async () => {
  const ask = asking()
  const fault = await ask(BAD, '1')
  expect(await ask(GOOD, '2')).toMatchObject({ entries: [{ name: 'cluster' }] })
  const again = await ask(BAD, '3')
  expect(again).toEqual(fault)
  expect(again).not.toBe(fault)
})

test('no more are remembered than there is room for', async () => {
  const ask = asking(1)
  const fault = await ask(BAD, '1')
  const other = await ask('{', '1', 'other')
  expect(await ask('{', '1', 'other')).toBe(other)
  expect(await ask(BAD, '1')).not.toBe(fault)
})

test('of an issuer without a policy there is none', async () => {
  expect(await storedPolicies().compiled('prod', undefined)).toBeUndefined()
})
