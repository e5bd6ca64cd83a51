import { describe, expect, test } from 'vitest'
import { type PublicResource, publicPathOf } from '../../../src/http/public-path.ts'

const HOST = 'https://oidc.example.com:8443'

describe('a public path', () => {
  const shapes: readonly [string, PublicResource, (issuerPath: string) => string][] = [
    ['discovery', 'discovery', (path) => `${path}/.well-known/openid-configuration`],
    [
      'discovery of RFC 8414',
      'discovery',
      (path) => `/.well-known/oauth-authorization-server${path}`,
    ],
    ['the JWK Set', 'jwkSet', (path) => `${path}/.well-known/jwks.json`],
    ['health', 'health', (path) => `${path}/healthz`],
    ['the token endpoint', 'token', (path) => `${path}/token`],
  ]
  const places = [
    ['the root', ''],
    ['an id', '/prod'],
    ['a nested path', '/clusters/EU/prod'],
    ['a path that is encoded', '/%C3%A4'],
  ]

  test.each(
    shapes.flatMap(([title, resource, pathOf]) =>
      places.map(([place = '', issuerPath = '']) => ({
        title,
        place,
        resource,
        issuerPath,
        path: pathOf(issuerPath),
      })),
    ),
  )('of $title at $place', ({ resource, issuerPath, path }) => {
    const expected = { resource, host: 'oidc.example.com:8443', issuerPath }
    expect(publicPathOf(`${HOST}${path}`)).toEqual(expected)
    expect(publicPathOf(`${HOST}${path}?x=/healthz`)).toEqual(expected)
  })

  test.each([
    ['the root', '/'],
    ['an issuer', '/prod'],
    ['a name that only begins like the token endpoint', '/prod/tokens'],
    ['a token endpoint that is no segment', '/prod/atoken'],
    ['a folder of that name', '/prod/token/'],
    ['a token endpoint in another case', '/prod/TOKEN'],
    ['one whose name is escaped', '/prod/%74oken'],
    ['a trailing slash', '/prod/.well-known/openid-configuration/'],
    ['another document', '/prod/.well-known/openid-configurations'],
    ['a name that only ends so', '/prod/x.well-known/jwks.json'],
    ['another case', '/prod/.well-known/JWKS.json'],
    ['health that is no segment', '/prod/unhealthz'],
    ['something below health', '/healthz/prod'],
    ['a name that only begins like that of RFC 8414', '/.well-known/oauth-authorization-servers'],
    ['the one of RFC 8414 behind the path', '/prod/.well-known/oauth-authorization-server'],
    ['a query', '/prod?/healthz'],
  ])('is not %s', (_title, path) => {
    expect(publicPathOf(`${HOST}${path}`)).toBeUndefined()
  })

  test('has the host as URL has it', () => {
    expect(publicPathOf('https://OIDC.Example.com:443/healthz')?.host).toBe('oidc.example.com')
  })
})
