/**
 * For how long a key set is kept, as its sender says (RFC 9111 §5.2.2), within our bounds.
 */

import { KEY_SET_MAX_AGE_SECONDS } from '../limits.ts'

const SECONDS = /^"?(\d+)"?$/

/** `s-maxage` is for caches that others share, and says nothing here. */
export function keySetAgeSeconds(headers: Headers): number {
  const { default: unsaid, min, max } = KEY_SET_MAX_AGE_SECONDS
  const directives = (headers.get('Cache-Control') ?? '').toLowerCase().split(',').map(directiveOf)
  if (directives.some(({ name }) => name === 'no-store' || name === 'no-cache')) return min
  const ages = directives.filter(({ name }) => name === 'max-age')
  if (ages.length === 0) return unsaid
  // What cannot be read is stale (§4.2.1); of two, the one that is sooner over.
  const said = Math.min(...ages.map(({ value }) => secondsIn(value) ?? 0))
  const passed = secondsIn(headers.get('Age') ?? '') ?? 0
  return Math.min(max, Math.max(min, said - passed))
}

function directiveOf(text: string): { readonly name: string; readonly value: string } {
  const [name = '', value = ''] = text.split('=', 2)
  return { name: name.trim(), value: value.trim() }
}

function secondsIn(text: string): number | undefined {
  const digits = SECONDS.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
