import { expect, test } from 'vitest'
import { ownAudiences, tokenEndpointOf } from '../../../src/issuers/own-audiences.ts'

test('an issuer is called by its identifier, and by its token endpoint', () => {
  expect(tokenEndpointOf('https://oidc.example.com')).toBe('https://oidc.example.com/token')
  expect(ownAudiences('https://oidc.example.com/prod')).toEqual([
    'https://oidc.example.com/prod',
    'https://oidc.example.com/prod/token',
  ])
})
