/**
 * What the static copies of an issuer are called: host and path of each document, with the escapes of the path resolved, as
 * S3 resolves them before it looks for an object.
 */

import { locationOf } from '../locations/issuer-location.ts'

export interface CopyNames {
  /** OpenID Connect Discovery 1.0 §4: the issuer's path comes first. */
  readonly discovery: string
  /** RFC 8414 §3.1: it comes last. */
  readonly authorizationServer: string
  readonly jwkSet: string
}

/** S3 takes a plus for a space, and lists no control characters. */
// oxlint-disable-next-line eslint/no-control-regex -- these are meant
const AMBIGUOUS = /[+\u0000-\u001f\u007f]/

/**
 * `undefined` for an issuer that two spellings of a path would lead to: `/a%2Cb` and `/a,b` are two issuers and would be one
 * object. Such an issuer has no static copies.
 */
export function copyNamesOf(issuer: string): CopyNames | undefined {
  const location = locationOf(issuer)
  const slash = location.indexOf('/')
  const host = slash === -1 ? location : location.slice(0, slash)
  const path = slash === -1 ? '' : resolvedPath(location.slice(slash))
  if (path === undefined) return undefined
  return {
    discovery: `${host}${path}/.well-known/openid-configuration`,
    authorizationServer: `${host}/.well-known/oauth-authorization-server${path}`,
    jwkSet: `${host}${path}/.well-known/jwks.json`,
  }
}

/** The path with its escapes resolved, if URLs write it in no other way. */
function resolvedPath(path: string): string | undefined {
  let resolved: string
  try {
    resolved = decodeURIComponent(path)
  } catch {
    return undefined
  }
  if (AMBIGUOUS.test(resolved)) return undefined
  return URL.parse(`https://host${resolved}`)?.pathname === path ? resolved : undefined
}
