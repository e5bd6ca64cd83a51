/**
 * Where an issuer's documents are asked for: host and path, without the scheme.
 *
 * Requests select among stored identifiers by it. The host in lower case and without its default port, as every URL
 * parser has it; the path as it is, since paths are compared byte by byte.
 */

import { ISSUER_IDENTIFIER_CHARS_MAX } from '../limits.ts'
import { isIssuerId } from '../issuers/issuer-id.ts'

/** Such as `oidc.example.com/prod`; the root of a host is the host alone. */
export type IssuerLocation = string & { readonly __brand: 'IssuerLocation' }

const PREFIX = 'locations/'

/** The location of an issuer identifier, which is a URL in its normal form. */
export function locationOf(issuer: string): IssuerLocation {
  const { host, pathname } = new URL(issuer)
  return locationAt(host, pathname === '/' ? '' : pathname)
}

/** `path`: begins with a slash, or is empty for the root. */
export function locationAt(host: string, path: string): IssuerLocation {
  return `${host}${path}` as IssuerLocation
}

/** False for what no identifier can be: storage is not asked for it. */
export function canBeLocation(location: IssuerLocation): boolean {
  return location.length <= ISSUER_IDENTIFIER_CHARS_MAX
}

/** The id that an issuer at this location has when it was created without a URL of its own, if it can be one. */
export function defaultIdAt(location: IssuerLocation): string | undefined {
  const [, id] = /^[^/]*\/([^/]+)$/.exec(location) ?? []
  return id !== undefined && isIssuerId(id) ? id : undefined
}

/** The key of the claim of a location. */
export function locationKey(location: IssuerLocation): string {
  return `${PREFIX}${location}`
}

export function isLocationKey(key: string): boolean {
  return key.startsWith(PREFIX)
}
