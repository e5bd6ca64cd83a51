/**
 * The host names of a request, as they select issuers.
 *
 * An installation may be reached by other names than its own: by a provider's name for it, by every name of this machine.
 * Those are configured and mean the installation itself; every other host means the issuers that have it in their URL.
 */

/** `ownHost`, `aliases`: as `URL` has a host. Returns which host a request for `host` means. */
export function hostMeaning(ownHost: string, aliases: readonly string[]): (host: string) => string {
  const own = new Set(aliases)
  return (host) => {
    // A name with a dot at its end is the same name (RFC 1034 §3.1).
    const name = host.replace(/\.(?=:\d+$|$)/, '')
    return own.has(name) ? ownHost : name
  }
}
