/**
 * The query of a request that changes something: what is not known there is refused, since ignoring it could be the wrong change.
 */

import type { Context } from 'hono'
import { shown } from '../printable.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'

/** Refused for the first parameter that is not `known`; without any that are, what is asked for stands in the JSON body. */
export function onlyParameters(c: Context, known: readonly string[]): Outcome<undefined> {
  const names = [...new URL(c.req.url).searchParams.keys()]
  const stray = names.find((name) => !known.includes(name))
  if (stray === undefined) return accepted(undefined)
  const allowed =
    known.length === 0
      ? 'there are none here, so put what you ask for in the JSON body'
      : `known are ${known.join(', ')}`
  return refused('invalid_request', `unknown query parameter ${shown(stray)}: ${allowed}`)
}
