import { describe, expect, test } from 'vitest'
import { buildDiscoveryDocument } from '../../../src/documents/discovery.ts'
import { DEFAULT_POLICY, retentionSeconds } from '../../../src/issuers/policy.ts'
import { aKey, anIssuer, EC_JWK, NOW } from '../../support/fixtures.ts'

const BOUNDS = { documentStalenessSeconds: 0 }

describe('the discovery document', () => {
  test('is exactly this', () => {
    expect(buildDiscoveryDocument(anIssuer(), BOUNDS, NOW)).toEqual({
      issuer: 'https://oidc.example.com/prod',
      jwks_uri: 'https://oidc.example.com/prod/.well-known/jwks.json',
      authorization_endpoint: 'urn:kubernetes:programmatic_authorization',
      token_endpoint: 'https://oidc.example.com/prod/token',
      token_endpoint_auth_methods_supported: ['none'],
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'kubernetes.io'],
      id_token_signing_alg_values_supported: ['RS256'],
    })
  })

  test('has the stored identifier, wherever the issuer is served', () => {
    const issuer = anIssuer({ id: 'prod', issuer: 'https://elsewhere.example/x' })
    expect(buildDiscoveryDocument(issuer, BOUNDS, NOW)).toMatchObject({
      issuer: 'https://elsewhere.example/x',
      jwks_uri: 'https://elsewhere.example/x/.well-known/jwks.json',
    })
  })

  describe('promises the algorithms of the keys that are published', () => {
    const old = aKey({ kid: 'kid-old', alg: 'RS256', activatesAt: NOW })
    const next = aKey({
      kid: 'kid-next',
      alg: 'ES256',
      publicJwk: EC_JWK,
      publishedAt: NOW + 5,
      activatesAt: NOW + 9,
    })
    const issuer = anIssuer({ ring: { keys: [old, next] } })
    const retired = NOW + 9 + retentionSeconds(DEFAULT_POLICY, BOUNDS)

    test.each([
      ['both, each once and in order', NOW + 5, ['ES256', 'RS256']],
      ['both also where the clock is behind', NOW + 4, ['ES256', 'RS256']],
      ['both until the old key retires', retired - 1, ['ES256', 'RS256']],
      ['the new one alone from then on', retired, ['ES256']],
    ])('%s', (_title, now, algorithms) => {
      const document = buildDiscoveryDocument(issuer, BOUNDS, now)
      expect(document.id_token_signing_alg_values_supported).toEqual(algorithms)
    })
  })
})
