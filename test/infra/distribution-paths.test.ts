import { describe, expect, test } from 'vitest'
import { publicPathOf } from '../../src/http/public-path.ts'
import { behaviorsFor, configOf, distributionStack, targetOf } from './distribution-stack.ts'

const config = configOf(distributionStack())

function targetsOf(path: string): string[] {
  return behaviorsFor(config, path).map((behavior) => targetOf(config, behavior))
}

describe('a path goes where the function would have sent it:', () => {
  test.each([
    '/',
    '/healthz',
    '/a/healthz',
    '/token',
    '/a/token',
    '/a/b/token',
    '/token/token',
    '/token/.well-known/openid-configuration',
    '/token/.well-known/jwks.json',
    '/.well-known/openid-configuration',
    '/a/.well-known/openid-configuration',
    '/a/b/.well-known/openid-configuration',
    '/.well-known/jwks.json',
    '/a/.well-known/jwks.json',
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/',
    '/.well-known/oauth-authorization-server/a',
    '/.well-known/oauth-authorization-server/a/b',
    '/.well-known/oauth-authorization-server/token',
    '/.well-known/oauth-authorization-server/a/token',
    '/.well-known/oauth-authorization-server/a/.well-known/jwks.json',
    '/.well-known/oauth-authorization-server/healthz',
    '/.well-known/oauth-authorization-serverx/token',
    '/a/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration/token',
    '/.well-known/openid-configuration/',
    '/.well-known/jwks.json/x',
    '/a/Token',
    '/atoken',
    '/a/.WELL-KNOWN/jwks.json',
    '/control/issuers',
    '/favicon.ico',
  ])('%s', (path) => {
    const resource = publicPathOf(`https://oidc.signet.internal${path}`)?.resource
    const expected = resource === 'discovery' || resource === 'jwkSet' ? 'documents' : 'others'
    expect(targetsOf(path)).toStrictEqual([expected, expected])
  })

  test('and a token path has a behavior of its own', () => {
    for (const path of ['/token', '/a/token', '/token/token']) {
      const patterns = behaviorsFor(config, path).map(({ PathPattern }) => PathPattern)
      for (const pattern of patterns) expect(pattern).toMatch(/token$/)
    }
  })

  test('and no pattern is more than CloudFront takes', () => {
    expect(config.CacheBehaviors.length).toBeLessThanOrEqual(25)
  })
})

test('nobody lists copies through it: neither the root nor a query string gets to S3', () => {
  for (const path of ['/', '', '/a/', '//', '/a', '/.well-known/']) {
    expect(targetsOf(path)).toStrictEqual(['others', 'others'])
  }
  const toCopies = config.CacheBehaviors.filter((each) => targetOf(config, each) === 'documents')
  for (const { PathPattern } of toCopies) expect(PathPattern).toContain('/.well-known/')
  expect(config.DefaultRootObject).toBeUndefined()
  expect(config.Origins.filter(({ S3OriginConfig }) => S3OriginConfig)).toHaveLength(1)
})
