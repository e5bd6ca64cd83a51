import { describe, expect, test } from 'vitest'
import {
  canBeLocation,
  defaultIdAt,
  isLocationKey,
  locationAt,
  locationKey,
  locationOf,
} from '../../../src/locations/issuer-location.ts'

describe('the location of an issuer', () => {
  test.each([
    ['below a host', 'https://oidc.example.com/prod', 'oidc.example.com/prod'],
    ['at the root of a host', 'https://oidc.example.com', 'oidc.example.com'],
    ['at a nested path', 'https://x.example/a/b/c', 'x.example/a/b/c'],
    ['at a port', 'https://x.example:8443/prod', 'x.example:8443/prod'],
    ['at the root of a port', 'http://localhost:8787', 'localhost:8787'],
    ['at an IPv6 address', 'http://[::1]:8787/prod', '[::1]:8787/prod'],
    ['whose host is in mixed case', 'https://OIDC.Example.com/prod', 'oidc.example.com/prod'],
    ['whose path is in mixed case', 'https://x.example/Prod/EU', 'x.example/Prod/EU'],
    ['with percent signs in its path', 'https://x.example/%C3%A4', 'x.example/%C3%A4'],
  ])('%s', (_title, issuer, location) => {
    expect(locationOf(issuer)).toBe(location)
  })

  test.each([
    ['of the root', 'x.example', '', 'https://x.example'],
    ['of a path', 'x.example:8443', '/a/b', 'https://x.example:8443/a/b'],
  ])('is what a request asks for: %s', (_title, host, path, issuer) => {
    expect(locationAt(host, path)).toBe(locationOf(issuer))
  })

  test.each([
    ['255 characters', 255, true],
    ['256 characters', 256, false],
  ])('can be of %s: %s', (_title, length, expected) => {
    const path = `/${'a'.repeat(length - 'x.example/'.length)}`
    expect(locationAt('x.example', path)).toHaveLength(length)
    expect(canBeLocation(locationAt('x.example', path))).toBe(expected)
  })

  test.each([
    ['tells the id below a host', 'https://x.example/prod', 'prod'],
    ['tells the id below a port', 'https://x.example:8443/prod', 'prod'],
    ['tells none at the root', 'https://x.example', undefined],
    ['tells none at a nested path', 'https://x.example/clusters/prod', undefined],
    ['tells none where it cannot be an id', 'https://x.example/Prod', undefined],
    ["tells none at the host's own paths", 'https://x.example/healthz', undefined],
  ])('%s', (_title, issuer, id) => {
    expect(defaultIdAt(locationOf(issuer))).toBe(id)
  })

  test('has a key that is of no issuer', () => {
    const key = locationKey(locationOf('https://x.example/prod'))
    expect(key).toBe('locations/x.example/prod')
    expect([isLocationKey(key), isLocationKey('issuers/locations')]).toEqual([true, false])
  })
})
