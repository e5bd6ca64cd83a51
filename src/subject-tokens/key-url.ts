/**
 * A URL that keys are fetched through, before anything is asked there.
 */

import { shown } from '../printable.ts'
import { addressProblem, isLoopbackHost } from './public-address.ts'

/** Longer ones are nobody's, and would stand in messages. */
const URL_CHARS_MAX = 2000

export type KeyUrl =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly message: string }

/** `name`: what the URL is, for the message. Without TLS only where the host is this machine and may be. */
export function keyUrl(name: string, given: unknown, allowLoopback: boolean): KeyUrl {
  const url = typeof given === 'string' && given.length <= URL_CHARS_MAX ? URL.parse(given) : null
  if (url === null) {
    return refused(
      `${name} must be a URL of at most ${URL_CHARS_MAX} characters, got ${shown(given)}`,
    )
  }
  // Before anything is shown of it: credentials may be secrets.
  if (url.username !== '' || url.password !== '' || url.href.includes('#')) {
    return refused(`${name} must have no credentials and no fragment: remove them`)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url))) {
    return refused(`${name} must use https, got ${shown(url.href)}`)
  }
  const problem = addressProblem(url, allowLoopback)
  return problem === undefined ? { ok: true, url } : refused(`${name} ${problem}`)
}

function refused(message: string): KeyUrl {
  return { ok: false, message }
}
