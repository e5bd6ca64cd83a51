/**
 * Which URLs are on the hosts of this installation: no token that is issued here may be for one of them, and no policy
 * trusts what is there.
 */

import type { HostConfig } from './host-config.ts'

/** Of a text that is no absolute URL: nobody's host. */
const NOWHERE = 'https://invalid.'

/** Returns whether a text is such a URL, however it is spelled. */
export function ownUrls({
  publicUrl,
  hostAliases,
}: Pick<HostConfig, 'publicUrl' | 'hostAliases'>): (text: string) => boolean {
  const own = new Set([new URL(publicUrl).host, ...hostAliases].map(plainHost))
  return (text) => {
    const url = URL.parse(text, NOWHERE)
    return url !== null && own.has(plainHost(url.host))
  }
}

/** A name with a dot at its end is the same name (RFC 1034 §3.1). Schemes that URL parsers do not know keep upper case. */
function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.(?=:\d+$|$)/, '')
}
