/**
 * The spelling of a subject issuer's URL and of a host: somebody else's choice, which is kept as it is.
 *
 * Other than our own issuer's (`issuers/issuer-identifier.ts`) it may have a trailing slash, a default port or capitals, since
 * `iss` is compared byte by byte.
 */

import { isLoopbackUrl } from '../issuers/issuer-identifier.ts'

/** ASCII without spaces, quotes and backslashes; nothing that begins a query or a fragment, or ends credentials. */
const URL_TEXT = /^https?:\/\/[^/\s"\\?#@][^\s"\\?#@]*$/
const ASCII = /^[\x21-\x7e]+$/

/** An https URL; http for loopback hosts, which `policy-rules.ts` leaves to development. */
export function isSubjectIssuer(text: string): boolean {
  if (!URL_TEXT.test(text) || !ASCII.test(text)) return false
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || isLoopbackUrl(url))
}

/** A host as `URL` has it: in lower case, with its port where that is not the one of https. */
export function isHost(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text) && URL.parse(`https://${text}`)?.host === text
}

/** Which place a URL names, in one spelling: host in lower case without a dot at its end, no default port, no slash at the end. */
export function placeOf(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null) return undefined
  const host = url.host.replace(/\.(?=:\d+$|$)/, '')
  return `${url.protocol}//${host}${url.pathname.replace(/\/+$/, '')}${url.search}${url.hash}`
}
