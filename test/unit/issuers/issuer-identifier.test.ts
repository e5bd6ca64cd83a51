import { describe, expect, test } from 'vitest'
import {
  identifierProblem,
  isLoopbackUrl,
  issuerIdentifier,
  ownIdentifierProblem,
} from '../../../src/issuers/issuer-identifier.ts'

const SLASH = 'must have no trailing and no double slash'

describe('an issuer identifier', () => {
  test.each([
    ['a host', 'https://oidc.example.com'],
    ['a host with a port', 'https://oidc.example.com:8443'],
    ['a path', 'https://oidc.example.com/clusters/prod'],
    ['plain http on 127.0.0.1', 'http://127.0.0.1:8787'],
    ['plain http on localhost', 'http://localhost:8787/prod'],
    ['plain http on the IPv6 loopback', 'http://[::1]:8787'],
    ['255 characters', `https://oidc.example.com/${'a'.repeat(230)}`],
  ])('may be %s', (_title, text) => {
    expect(identifierProblem('PUBLIC_URL', text)).toBeUndefined()
  })

  test.each([
    ['refuses nothing', '', 'must be a URL'],
    ['refuses a host alone', 'oidc.example.com', 'must be a URL'],
    ['refuses plain http', 'http://oidc.example.com', 'must use https'],
    [
      'refuses http on a name that only starts like loopback',
      'http://localhost.x.example',
      'https',
    ],
    ['refuses http on another address', 'http://127.0.0.2', 'must use https'],
    ['refuses another scheme', 'ftp://oidc.example.com', 'must use https'],
    ['refuses a trailing slash', 'https://x.example/', SLASH],
    ['refuses a trailing slash of a path', 'https://x.example/prod/', SLASH],
    ['refuses two trailing slashes', 'https://x.example//', SLASH],
    ['refuses a double slash in front of a path', 'https://x.example//prod', SLASH],
    ['refuses a double slash inside of a path', 'https://x.example/a//prod', SLASH],
    ['refuses a double slash that is hidden', 'https://x.example/a/.//prod', SLASH],
    ['refuses capitals in the host', 'https://OIDC.example.com', 'use "https://oidc.example.com"'],
    ['refuses the default port', 'https://x.example:443', 'use "https://x.example"'],
    ['refuses a parent directory', 'https://x.example/a/../b', 'use "https://x.example/b"'],
    ['refuses a space around', ' https://x.example', 'use "https://x.example"'],
    ['refuses a letter beyond ASCII', 'https://x.example/ä', 'use "https://x.example/%C3%A4"'],
    [
      'refuses what steers terminals without repeating it',
      'https://x.example/\u202e',
      String.raw`got "https://x.example/\u{202e}"`,
    ],
    ['refuses a backslash', 'https://x.example\\a', 'use "https://x.example/a"'],
    [
      'refuses 256 characters',
      `https://oidc.example.com/${'a'.repeat(231)}`,
      'must have at most 255 characters (the limit of IAM), got 256: shorten the path',
    ],
  ])('%s', (_title, text, sentence) => {
    const problem = identifierProblem('PUBLIC_URL', text)
    expect(problem).toMatch(/^PUBLIC_URL must /)
    expect(problem).toContain(sentence)
  })

  test.each([
    ['refuses a query', 'https://oidc.example.com?token=marked'],
    ['refuses an empty query', 'https://oidc.example.com?'],
    ['refuses a fragment', 'https://oidc.example.com#marked'],
    ['refuses an empty fragment', 'https://oidc.example.com/prod#'],
    ['refuses a user', 'https://marked@oidc.example.com'],
    ['refuses a password', 'https://:marked@oidc.example.com'],
    ['refuses a query behind http', 'http://oidc.example.com?marked'],
    ['refuses a query behind a trailing slash', 'https://oidc.example.com/?marked'],
    ['refuses a password of another scheme', 'ftp://user:marked@oidc.example.com'],
    ['refuses credentials in what is no URL', 'user:marked@oidc.example.com:x'],
  ])('%s before it shows anything of it', (_title, text) => {
    expect(identifierProblem('PUBLIC_URL', text)).toBe(
      'PUBLIC_URL must have no query, fragment or credentials, got one of ?, # and @ in it: remove it',
    )
  })

  test.each([
    ['refuses a password', `https://user:marked@x.example/${'a'.repeat(250)}`],
    ['refuses a query', `https://x.example/?marked=${'a'.repeat(250)}`],
  ])('%s in what is too long, and shows nothing of it', (_title, text) => {
    const problem = identifierProblem('PUBLIC_URL', text)
    expect(problem).toContain(
      `must have at most 255 characters (the limit of IAM), got ${text.length}`,
    )
    expect(problem).not.toContain('marked')
  })

  test('of an issuer is its id below the public URL', () => {
    expect(issuerIdentifier('https://x.example', 'prod')).toBe('https://x.example/prod')
  })

  test.each([
    ['http://localhost:1', true],
    ['https://127.0.0.1', true],
    ['http://[::1]:1', true],
    ['http://localhost.x.example', false],
    ['http://10.0.0.1', false],
  ])('%s is on loopback: %s', (text, expected) => {
    expect(isLoopbackUrl(new URL(text))).toBe(expected)
  })
})

describe("an issuer's own URL", () => {
  const reserved = 'must not begin with /control nor have .well-known in its path'

  test.each([
    ['the root of a host', 'https://oidc.example.com'],
    ['a nested path', 'https://oidc.example.com/clusters/eu/prod'],
    ['a host in mixed case', 'https://OIDC.Example.com/prod'],
    ['a path in mixed case', 'https://oidc.example.com/Clusters/PROD'],
    ['a port', 'https://oidc.example.com:8443/prod'],
    ['that of an EKS cluster', 'https://oidc.eks.us-west-2.amazonaws.com/id/D3A1F7'],
    ['a path that only starts like /control', 'https://oidc.example.com/controller'],
    ['/control further down', 'https://oidc.example.com/a/control'],
    ['a path in escapes', 'https://oidc.example.com/%C3%A4/a%2Fb'],
    ['255 characters', `https://oidc.example.com/${'a'.repeat(230)}`],
  ])('may be %s', (_title, text) => {
    expect(ownIdentifierProblem('issuer', text)).toBeUndefined()
  })

  test.each([
    ['refuses plain http', 'http://oidc.example.com', 'must use https'],
    ['refuses nothing', '', 'must be a URL'],
    ['refuses a trailing slash', 'https://x.example/prod/', SLASH],
    ['refuses a double slash', 'https://x.example//prod', SLASH],
    ['refuses a query', 'https://x.example/prod?a=marked', 'must have no query'],
    ['refuses credentials', 'https://user:marked@x.example', 'must have no query'],
    ['refuses a parent directory', 'https://x.example/a/../b', 'use "https://x.example/b"'],
    ['refuses the default port', 'https://X.example:443', 'use "https://x.example"'],
    ['refuses a scheme in capitals', 'HTTPS://x.example', 'use "https://x.example"'],
    ['refuses a letter beyond ASCII', 'https://x.example/ä', 'use "https://x.example/%C3%A4"'],
    ['refuses 256 characters', `https://x.example/${'a'.repeat(238)}`, 'at most 255 characters'],
    ['refuses /control', 'https://x.example/control', reserved],
    ['refuses what is below /control', 'https://x.example/control/prod', reserved],
    ['refuses /.well-known', 'https://x.example/.well-known', reserved],
    ['refuses /control in escapes', 'https://x.example/%63ontrol/prod', reserved],
    ['refuses .well-known in escapes', 'https://x.example/a/%2Ewell-known', reserved],
    ['refuses a dot behind the host', 'https://x.example./prod', 'no dot at the end of its host'],
    ['refuses it before a port', 'https://x.example.:8443', 'no dot at the end of its host'],
    ['refuses an escaped letter', 'https://x.example/%78', 'escape no letter'],
    ['refuses an escaped tilde', 'https://x.example/%7Eme', 'escape no letter'],
    ['refuses an escape in lower case', 'https://x.example/a%2fb', 'upper-case hex digits'],
    ['refuses a percent sign alone', 'https://x.example/%', 'upper-case hex digits'],
    ['refuses a sign that is a letter in lower case', 'https://x.\u212aube.io/a', 'be ASCII'],
    ['refuses .well-known further down', 'https://x.example/a/.well-known/b', reserved],
  ])('%s', (_title, text, sentence) => {
    const problem = ownIdentifierProblem('issuer', text)
    expect(problem).toMatch(/^issuer must /)
    expect(problem).toContain(sentence)
    expect(problem).not.toContain('marked')
  })
})
