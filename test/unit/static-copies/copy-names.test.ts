import { describe, expect, test } from 'vitest'
import { copyNamesOf } from '../../../src/static-copies/copy-names.ts'

describe('the names of an issuer', () => {
  test.each<[string, string, string]>([
    ['below a host', 'https://oidc.acme.dev/prod', 'oidc.acme.dev/prod'],
    ['at the root of a host', 'https://oidc.acme.dev', 'oidc.acme.dev'],
    ['with a host in mixed case', 'https://OIDC.Acme.dev/Prod', 'oidc.acme.dev/Prod'],
    ['with a port', 'https://oidc.acme.dev:8443/prod', 'oidc.acme.dev:8443/prod'],
    ['with the port that https has', 'https://oidc.acme.dev:443/prod', 'oidc.acme.dev/prod'],
    ['deep below', 'https://oidc.acme.dev/id/a/B.c~d', 'oidc.acme.dev/id/a/B.c~d'],
    ['with letters of the world', 'https://oidc.acme.dev/z%C3%BCrich', 'oidc.acme.dev/zürich'],
    ['with a space', 'https://oidc.acme.dev/a%20b', 'oidc.acme.dev/a b'],
    [
      'with what needs no escape',
      "https://oidc.acme.dev/a!$&'()*,;=:b",
      "oidc.acme.dev/a!$&'()*,;=:b",
    ],
  ])('%s are its paths, as S3 reads them', (_title, issuer, name) => {
    const [host = '', ...path] = name.split('/')
    const tail = path.length === 0 ? '' : `/${path.join('/')}`
    expect(copyNamesOf(issuer)).toEqual({
      discovery: `${name}/.well-known/openid-configuration`,
      authorizationServer: `${host}/.well-known/oauth-authorization-server${tail}`,
      jwkSet: `${name}/.well-known/jwks.json`,
    })
  })

  test.each([
    ['a comma that is escaped, as another issuer has it plain', '/a%2Cb'],
    ['a slash that is escaped', '/a%2Fb'],
    ['a percent sign', '/a%25b'],
    ['a question mark', '/a%3Fb'],
    ['a hash', '/a%23b'],
    ['a backslash', '/a%5Cb'],
    ['a tab', '/a%09b'],
    ['a zero', '/a%00b'],
    ['what is no UTF-8', '/a%FFb'],
    ['a plus, which S3 takes for a space', '/a+b'],
    ['a plus that is escaped', '/a%2Bb'],
  ])('are none with %s', (_title, path) => {
    expect(copyNamesOf(`https://oidc.acme.dev${path}`)).toBeUndefined()
  })

  test('are different for different issuers', () => {
    const issuers = [
      'https://a.acme.dev',
      'https://a.acme.dev/a',
      'https://a.acme.dev/a/a',
      'https://a.acme.dev/A',
      'https://a.acme.dev:8443/a',
      'https://b.acme.dev/a',
      'https://a.acme.dev/a%20b',
      'https://a.acme.dev/%C3%A4',
      'https://a.acme.dev/a%CC%88',
    ]
    const names = issuers.flatMap((issuer) => Object.values(copyNamesOf(issuer) ?? {}))
    expect(names).toHaveLength(3 * issuers.length)
    expect(new Set(names).size).toBe(names.length)
  })
})
