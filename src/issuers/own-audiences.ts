/**
 * What an issuer is called where tokens are for it: by its identifier, or by its token endpoint.
 */

/** `issuer`: its identifier. */
export function tokenEndpointOf(issuer: string): string {
  return `${issuer}/token`
}

/** The audiences that a subject token may have, and no issued one. */
export function ownAudiences(issuer: string): readonly string[] {
  return [issuer, tokenEndpointOf(issuer)]
}
