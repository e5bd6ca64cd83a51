/**
 * What a browser asks before a page of another origin may read or post.
 */

import type { Context } from 'hono'
import { PUBLIC_ANSWER_HEADERS } from './json-answer.ts'

export interface Preflight {
  /** All that the resource has. */
  readonly allow: string
  readonly methods: string
  readonly headers: string
}

export function answerPreflight(c: Context, { allow, methods, headers }: Preflight): Response {
  return c.body(null, 204, {
    ...PUBLIC_ANSWER_HEADERS,
    Allow: allow,
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': headers,
  })
}
