/**
 * The issuer identifier: the URL that is `iss` (OpenID Connect Core §2, RFC 8414 §2).
 *
 * https without query, fragment or trailing slash; plain http for loopback hosts alone, which is local
 * development. Compared byte by byte, so it is kept as it was given.
 */

import { ISSUER_IDENTIFIER_CHARS_MAX } from '../limits.ts'
import { shown } from '../printable.ts'

/** Whole: its normal form may be three times as long. */
const SHOWN_URL_CHARS_MAX = 4 * ISSUER_IDENTIFIER_CHARS_MAX

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

export function isLoopbackUrl(url: URL): boolean {
  return LOOPBACK_HOSTS.has(url.hostname)
}

/** The identifier of an issuer that lives below the installation's own URL. */
export function issuerIdentifier(publicUrl: string, id: string): string {
  return `${publicUrl}/${id}`
}

/** What is wrong with a URL as an issuer identifier or as the base of some, or `undefined`. */
export function identifierProblem(name: string, text: string): string | undefined {
  if (text.length > ISSUER_IDENTIFIER_CHARS_MAX) {
    return `${name} must have at most ${ISSUER_IDENTIFIER_CHARS_MAX} characters (the limit of IAM), got ${text.length}: shorten the path`
  }
  // Before anything is shown of it: credentials and queries may be secrets.
  if (/[?#@]/.test(text)) {
    return `${name} must have no query, fragment or credentials, got one of ?, # and @ in it: remove it`
  }
  const url = URL.parse(text)
  const given = `got ${shown(text, SHOWN_URL_CHARS_MAX)}`
  if (url === null) return `${name} must be a URL such as https://oidc.example.com, ${given}`
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackUrl(url))) {
    return `${name} must use https (http is for loopback hosts alone), ${given}`
  }
  if (text.endsWith('/') || url.pathname.includes('//')) {
    return `${name} must have no trailing and no double slash, ${given}: remove it`
  }
  if (url.href !== text && url.href !== `${text}/`) {
    return `${name} must be written in its normal form, ${given}: use ${shown(url.href.replace(/\/$/, ''), SHOWN_URL_CHARS_MAX)}`
  }
  return undefined
}
