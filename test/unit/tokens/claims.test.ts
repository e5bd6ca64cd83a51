import { describe, expect, test } from 'vitest'
import { buildClaims, subjectOf, type TokenRequest } from '../../../src/tokens/claims.ts'
import { NOW } from '../../support/fixtures.ts'

const ISSUER = 'https://oidc.example.com/prod'
const REQUEST: TokenRequest = {
  subject: { type: 'plain', subject: 'repo:acme/app' },
  audience: 'sts.amazonaws.com',
  ttlSeconds: 600,
  claims: {},
}
const SERVICE_ACCOUNT: TokenRequest = {
  ...REQUEST,
  subject: { type: 'service_account', serviceAccount: { namespace: 'web', name: 'api' } },
}

describe('the claims of a token', () => {
  test('for a plain subject are exactly these', () => {
    expect(buildClaims(ISSUER, REQUEST, 'a-jti', NOW)).toEqual({
      iss: ISSUER,
      sub: 'repo:acme/app',
      aud: 'sts.amazonaws.com',
      iat: NOW - 5,
      nbf: NOW - 5,
      exp: NOW - 5 + 600,
      jti: 'a-jti',
    })
  })

  test('for a service account are exactly these, as kube-apiserver issues them', () => {
    expect(buildClaims(ISSUER, SERVICE_ACCOUNT, 'a-jti', NOW)).toEqual({
      iss: ISSUER,
      sub: 'system:serviceaccount:web:api',
      aud: ['sts.amazonaws.com'],
      iat: NOW - 5,
      nbf: NOW - 5,
      exp: NOW - 5 + 600,
      jti: 'a-jti',
      'kubernetes.io': { namespace: 'web', serviceaccount: { name: 'api' } },
    })
  })

  test('include further ones', () => {
    const claims = { groups: ['a', 'b'], 'https://aws.amazon.com/tags': { principal_tags: {} } }
    expect(buildClaims(ISSUER, { ...REQUEST, claims }, 'a-jti', NOW)).toMatchObject(claims)
  })

  describe.each([
    ['a plain subject', REQUEST],
    ['a service account', SERVICE_ACCOUNT],
  ])('for %s', (_subject, request) => {
    test.each(['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti', 'azp', 'kubernetes.io'])(
      'take no %s from further ones',
      (name) => {
        const without = buildClaims(ISSUER, request, 'a-jti', NOW)
        const claims = { groups: ['a'], [name]: { namespace: 'kube-system' } }
        expect(buildClaims(ISSUER, { ...request, claims }, 'a-jti', NOW)).toEqual({
          ...without,
          groups: ['a'],
        })
      },
    )
  })
})

test.each([
  ['a plain one', REQUEST.subject, 'repo:acme/app'],
  ['a service account', SERVICE_ACCOUNT.subject, 'system:serviceaccount:web:api'],
])('the subject is %s', (_title, subject, expected) => {
  expect(subjectOf(subject)).toBe(expected)
})
