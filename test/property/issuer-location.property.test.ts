/**
 * Identifiers of one's own: whichever is accepted is found at each of its documents' URLs.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildDiscoveryDocument } from '../../src/documents/discovery.ts'
import { publicPathOf } from '../../src/http/public-path.ts'
import { ownIdentifierProblem } from '../../src/issuers/issuer-identifier.ts'
import { locationAt, locationOf } from '../../src/locations/issuer-location.ts'
import { DEFAULT_POLICY } from '../../src/issuers/policy.ts'
import { control } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import { CLUSTER_KEYS } from '../support/property-keys.ts'

// No Punycode, which means something.
const label = fc
  .stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,6}[a-zA-Z0-9])?$/)
  .filter((text) => !/^xn--/i.test(text))
const anyHost = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.')),
  fc.constantFrom('OIDC.Example.com', 'example.com.', '[2001:DB8::1]', '192.0.2.1', 'EXAMPLE.com'),
)
const port = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.integer({ min: 1, max: 65_535 }).map((number) => `:${number}`),
)
/** Whatever a path may hold, and what means something to this host. */
const segment = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9._~!$&'()*+,;=:-]{1,8}$/),
  fc.constantFrom('healthz', 'control', 'token', 'Control', '.well-known', 'jwks.json', 'prod'),
  fc.constantFrom('openid-configuration', 'oauth-authorization-server', '%2F', '%63ontrol'),
  fc.constantFrom(
    '.%77ell-known',
    '.well-known/oauth-authorization-server',
    'a%20b',
    '%25',
    '%E2%82%AC',
    '%ff',
    '*',
    ':id',
  ),
)
const path = fc
  .array(segment, { maxLength: 4 })
  .map((segments) => segments.map((each) => `/${each}`).join(''))
const accepted = fc
  .tuple(anyHost, port, path)
  .map((parts) => `https://${parts.join('')}`)
  .filter((url) => ownIdentifierProblem('issuer', url) === undefined)

function withSwappedCase(text: string): string {
  return text.replaceAll(/[a-zA-Z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
}

function partsOf(url: string): { readonly host: string; readonly path: string } {
  const [, authority = '', rest = ''] = /^https:\/\/([^/]*)(.*)$/.exec(url) ?? []
  return { host: authority, path: rest }
}

/** Where relying parties look for an issuer's documents, by the specifications. */
function documentUrls(
  issuer: string,
): Record<'discovery' | 'jwkSet' | 'health' | 'metadata', string> {
  const parts = partsOf(issuer)
  return {
    discovery: `${issuer}/.well-known/openid-configuration`,
    jwkSet: buildDiscoveryDocument({ issuer, policy: DEFAULT_POLICY }, []).jwks_uri,
    health: `${issuer}/healthz`,
    metadata: `https://${parts.host}/.well-known/oauth-authorization-server${parts.path}`,
  }
}

describe('an identifier', () => {
  test('is accepted whatever the letter case of its host and its path', () => {
    const plain = fc.array(fc.stringMatching(/^[a-zA-Z0-9_~-]{1,8}$/), { maxLength: 3 })
    fc.assert(
      fc.property(label, plain, (first, segments) => {
        fc.pre(segments[0] !== 'control')
        const issuer = [`https://${first}.Example.com`, ...segments].join('/')
        expect(ownIdentifierProblem('issuer', issuer)).toBeUndefined()
      }),
    )
  })
})

describe('an accepted identifier', () => {
  test('is at the location that each of its documents’ URLs asks for', () => {
    fc.assert(
      fc.property(accepted, (issuer) => {
        const { metadata, ...others } = documentUrls(issuer)
        for (const [resource, url] of [...Object.entries(others), ['discovery', metadata]]) {
          const asked = publicPathOf(url ?? '')
          expect(asked?.resource).toBe(resource)
          expect(asked && locationAt(asked.host, asked.issuerPath)).toBe(locationOf(issuer))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is where it is whatever the letter case of its host', () => {
    fc.assert(
      fc.property(accepted, (issuer) => {
        const parts = partsOf(issuer)
        const swapped = `https://${withSwappedCase(parts.host)}${parts.path}`
        expect(locationOf(swapped)).toBe(locationOf(issuer))
      }),
    )
  })

  test('is where another one is only if they differ in the letter case of the host alone', () => {
    const other = fc.oneof(
      { arbitrary: accepted, weight: 1 },
      { arbitrary: fc.constant(undefined), weight: 2 },
    )
    fc.assert(
      fc.property(accepted, other, fc.nat(), (issuer, given, place) => {
        const parts = partsOf(issuer)
        const at = parts.path.length === 0 ? 0 : place % parts.path.length
        // One letter of the path in the other case, where there is one.
        const changed = parts.path.slice(0, at) + withSwappedCase(parts.path.slice(at))
        const second = given ?? `https://${parts.host}${changed}`
        const isSame =
          parts.path === partsOf(second).path &&
          parts.host.toLowerCase() === partsOf(second).host.toLowerCase()
        expect(locationOf(issuer) === locationOf(second)).toBe(isSame)
      }),
      { numRuns: 300 },
    )
  })

  test('is served by the host at each of its documents’ URLs, and said as it was given', async () => {
    const keys = { keys: CLUSTER_KEYS.slice(1, 2).map(({ publicJwk }) => publicJwk) }
    const property = fc.asyncProperty(accepted, async (issuer) => {
      const host = inProcessHost()
      const json = { id: 'own', issuer, policy: { custody: 'none' } }
      const created = await control(host, 'POST', '/issuers', { json })
      expect(created).toMatchObject({ status: 201 })
      const put = await control(host, 'PUT', '/issuers/own/adopted-keys', { json: keys })
      expect(put).toMatchObject({ status: 200 })
      const urls = documentUrls(issuer)
      const read = async (url: string): Promise<unknown> => {
        const { host: asked, path: askedPath } = partsOf(url)
        const answer = await host.request('GET', askedPath, { headers: { Host: asked } })
        expect({ url, ...answer }).toMatchObject({ url, status: 200 })
        return JSON.parse(answer.body)
      }
      expect(await read(urls.discovery)).toMatchObject({ issuer })
      expect(await read(urls.metadata)).toMatchObject({ issuer })
      expect(await read(urls.health)).toMatchObject({ issuer })
      expect(await read(urls.jwkSet)).toMatchObject({ keys: [{ alg: 'ES256' }] })
    })
    await fc.assert(property)
  })
})
