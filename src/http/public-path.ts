/**
 * Which public resource a URL asks for, and of the issuer at which location.
 *
 * OpenID Connect Discovery appends its path to the issuer's (§4); RFC 8414 puts its own before it (§3.1). The token endpoint
 * is where the discovery document says.
 */

export type PublicPath = DocumentPath | TokenPath
export type PublicResource = PublicPath['resource']
export type DocumentPath = AskedLocation & { readonly resource: 'discovery' | 'jwkSet' | 'health' }
export type TokenPath = AskedLocation & { readonly resource: 'token' }

export interface AskedLocation {
  /** As `URL` has it. */
  readonly host: string
  /** The path of the issuer: empty for the root of the host. */
  readonly issuerPath: string
}

const SUFFIXES: readonly (readonly [suffix: string, resource: PublicResource])[] = [
  ['/.well-known/jwks.json', 'jwkSet'],
  ['/.well-known/openid-configuration', 'discovery'],
  ['/healthz', 'health'],
  ['/token', 'token'],
]
const RFC_8414_PREFIX = '/.well-known/oauth-authorization-server'

/** `url`: absolute. `undefined` where nothing public can be. */
export function publicPathOf(url: string): PublicPath | undefined {
  const { host, pathname } = new URL(url)
  if (pathname === RFC_8414_PREFIX || pathname.startsWith(`${RFC_8414_PREFIX}/`)) {
    return { resource: 'discovery', host, issuerPath: pathname.slice(RFC_8414_PREFIX.length) }
  }
  for (const [suffix, resource] of SUFFIXES) {
    if (pathname.endsWith(suffix)) {
      return { resource, host, issuerPath: pathname.slice(0, -suffix.length) }
    }
  }
  return undefined
}
