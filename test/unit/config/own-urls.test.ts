import { describe, expect, test } from 'vitest'
import { parseHostConfig } from '../../../src/config/host-config.ts'
import { ownUrls } from '../../../src/config/own-urls.ts'

function isOwn(settings: { readonly PUBLIC_URL: string; readonly HOST_ALIASES?: string }) {
  const problems: string[] = []
  const config = parseHostConfig({ DEPLOYMENT: 'test', ...settings }, problems)
  if (config === undefined) throw new TypeError(problems.join('; '))
  return ownUrls(config)
}

describe('a URL of this installation', () => {
  const is = isOwn({
    PUBLIC_URL: 'https://oidc.acme.dev',
    HOST_ALIASES: 'signet.acme.workers.dev, oidc.acme.dev:8443',
  })

  test.each([
    'https://oidc.acme.dev',
    'https://oidc.acme.dev/',
    'https://oidc.acme.dev/prod/token?a=b#c',
    'http://oidc.acme.dev/prod',
    'HTTPS://OIDC.Acme.Dev/prod',
    'https://oidc.acme.dev:443/prod',
    'https://oidc.acme.dev./prod',
    'https://oidc.acme.dev.:443/prod',
    'https://someone@oidc.acme.dev/prod',
    'https:\\\\oidc.acme.dev\\prod',
    ' https://oidc.acme.dev/prod',
    '//oidc.acme.dev/prod',
    'https://%6fidc.acme.dev/prod',
    'spiffe://OIDC.acme.dev/prod',
    'https://signet.acme.workers.dev/prod',
    'https://oidc.acme.dev:8443',
  ])('is %s', (text) => {
    expect(is(text)).toBe(true)
  })

  test.each([
    '',
    'sts.amazonaws.com',
    'oidc.acme.dev/prod',
    'https://acme.dev/prod',
    'https://eu.oidc.acme.dev/prod',
    'https://oidc.acme.dev.evil.example/prod',
    'https://evil.example/https://oidc.acme.dev',
    'https://evil.example/?x=//oidc.acme.dev',
    'https://oidc.acme.dev:444/prod',
    'https://oidc.acme.devil/prod',
    'urn:oidc.acme.dev',
    '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    'https://',
    'https://[::1',
  ])('is not "%s"', (text) => {
    expect(is(text)).toBe(false)
  })

  test('of a local installation is one at any of its names, and at its port alone', () => {
    const isLocal = isOwn({ PUBLIC_URL: 'http://127.0.0.1:8787' })
    const own = [
      'http://localhost:8787/x',
      'http://[::1]:8787',
      'http://127.0.0.1:8787',
      'http://127.1:8787',
    ]
    expect(own.map(isLocal)).toEqual([true, true, true, true])
    expect(['http://localhost:9000/x', 'http://localhost'].map(isLocal)).toEqual([false, false])
  })
})
