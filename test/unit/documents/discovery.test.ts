import { describe, expect, test } from 'vitest'
import { buildDiscoveryDocument } from '../../../src/documents/discovery.ts'
import type { PublishedAlgorithmName } from '../../../src/crypto/published-algorithms.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { aKey, anAdoptedKey, anIssuer } from '../../support/fixtures.ts'

describe('the discovery document', () => {
  test('is exactly this', () => {
    expect(buildDiscoveryDocument(anIssuer(), [aKey()])).toEqual({
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

  test('of an issuer that only publishes has no token endpoint', () => {
    const issuer = anIssuer({ policy: { ...DEFAULT_POLICY, custody: 'none' } })
    expect(buildDiscoveryDocument(issuer, [anAdoptedKey()])).toEqual({
      issuer: 'https://oidc.example.com/prod',
      jwks_uri: 'https://oidc.example.com/prod/.well-known/jwks.json',
      authorization_endpoint: 'urn:kubernetes:programmatic_authorization',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'kubernetes.io'],
      id_token_signing_alg_values_supported: ['RS256'],
    })
  })

  test('has the stored identifier, wherever the issuer is served', () => {
    const issuer = anIssuer({ id: 'prod', issuer: 'https://elsewhere.example/x' })
    expect(buildDiscoveryDocument(issuer, [aKey()])).toMatchObject({
      issuer: 'https://elsewhere.example/x',
      jwks_uri: 'https://elsewhere.example/x/.well-known/jwks.json',
    })
  })

  test.each<[string, PublishedAlgorithmName[], string[]]>([
    ['one', ['ES256'], ['ES256']],
    ['each once and in order', ['RS256', 'ES256', 'RS256'], ['ES256', 'RS256']],
    ['those of a cluster too', ['RS256', 'RS512', 'ES384'], ['ES384', 'RS256', 'RS512']],
  ])('promises the algorithms of the keys that are published: %s', (_title, algs, promised) => {
    const published = algs.map((alg, index) => ({ ...aKey({ kid: `kid-${index}` }), alg }))
    const document = buildDiscoveryDocument(anIssuer(), published)
    expect(document.id_token_signing_alg_values_supported).toEqual(promised)
  })
})
