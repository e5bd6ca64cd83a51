import { describe, expect, test } from 'vitest'
import { nextPolicy } from '../../../src/policies/stored-policy.ts'
import { NOW } from '../../support/fixtures.ts'
import { anEntry, aPolicy, aStoredPolicy } from '../../support/stored-policies.ts'

describe('the next policy of an issuer', () => {
  test('is the first one where none was set', () => {
    expect(nextPolicy('prod', aPolicy(), undefined, NOW)).toEqual({
      ...aStoredPolicy(),
      writeNonce: expect.stringMatching(/^[\w-]{22}$/),
    })
  })

  test('counts on from the one before it, of which nothing else stays', () => {
    const policy = aPolicy(anEntry({ name: 'other' }))
    const next = nextPolicy('prod', policy, aStoredPolicy({ revision: 41 }), NOW + 60)
    expect(next).toMatchObject({ revision: 42, updatedAt: NOW + 60, policy })
  })

  test('has a nonce that no other write has', () => {
    const nonces = [1, 2, 3].map(() => nextPolicy('prod', aPolicy(), undefined, NOW).writeNonce)
    expect(new Set(nonces).size).toBe(3)
  })
})
