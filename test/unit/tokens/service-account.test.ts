import { describe, expect, test } from 'vitest'
import { serviceAccountClaim, serviceAccountSubject } from '../../../src/tokens/service-account.ts'

describe('a service account in a token', () => {
  test('is a subject as Kubernetes writes it', () => {
    const account = { namespace: 'web', name: 'api.v1' }
    expect(serviceAccountSubject(account)).toBe('system:serviceaccount:web:api.v1')
  })

  test('is a claim without UID where that is not known', () => {
    expect(serviceAccountClaim({ namespace: 'web', name: 'api' })).toEqual({
      namespace: 'web',
      serviceaccount: { name: 'api' },
    })
  })

  test('is a claim with its UID', () => {
    expect(serviceAccountClaim({ namespace: 'web', name: 'api', uid: 'a-uid' })).toEqual({
      namespace: 'web',
      serviceaccount: { name: 'api', uid: 'a-uid' },
    })
  })
})
