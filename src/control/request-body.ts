/**
 * Bodies of the control API: bounded; JSON of exactly the members that are known, or text of a type that is. Where
 * JSON is taken, the query has nothing.
 *
 * Everything that is wrong becomes one refusal that says what is allowed and what was given.
 */

import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type * as z from 'zod/mini'
import { errorResponse } from '../http/errors.ts'
import { parseJson } from '../json.ts'
import { CONTROL_BODY_BYTES_MAX } from '../limits.ts'
import { firstFew, shortened, shown } from '../printable.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { onlyParameters } from './query-parameters.ts'

/** Answers 413 to a body over the limit, and reads no further than it. */
export const boundedBody: MiddlewareHandler = bodyLimit({
  maxSize: CONTROL_BODY_BYTES_MAX,
  onError: (c) =>
    errorResponse(
      c,
      413,
      'body_too_large',
      `the body must have at most ${CONTROL_BODY_BYTES_MAX} bytes, got more: leave something out`,
    ),
})

export async function readBody<T>(c: Context, schema: z.ZodMiniType<T>): Promise<Outcome<T>> {
  const query = onlyParameters(c, [])
  if (!query.ok) return query
  const problem = mediaTypeProblem(c, ['application/json'])
  if (problem !== undefined) return refused('unsupported_media_type', problem)
  const json = parseJson(textOf(await c.req.arrayBuffer()) ?? '')
  if (json === undefined) {
    return refused('invalid_request', 'the body must be JSON in UTF-8, got something else')
  }
  const parsed = schema.safeParse(json, { reportInput: true })
  if (parsed.success) return accepted(parsed.data)
  return refused('invalid_request', sentences(parsed.error.issues))
}

/** A body that is read as text, of one of these types. */
export async function readText(c: Context, types: readonly string[]): Promise<Outcome<string>> {
  const problem = mediaTypeProblem(c, types)
  if (problem !== undefined) return refused('unsupported_media_type', problem)
  const text = textOf(await c.req.arrayBuffer())
  if (text !== undefined) return accepted(text)
  return refused('invalid_request', 'the body must be text in UTF-8, got something else')
}

function mediaTypeProblem(c: Context, allowed: readonly string[]): string | undefined {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== undefined && allowed.includes(type)) return undefined
  return `the body must have Content-Type: ${allowed.join(', ')}, got ${shown(type)}`
}

/** `undefined` where there is no body at all: a body that was sent is never ignored, whatever its headers say. */
export async function readOptionalBody<T>(
  c: Context,
  schema: z.ZodMiniType<T>,
): Promise<Outcome<T | undefined>> {
  const { byteLength } = await c.req.arrayBuffer()
  const hasBody = byteLength > 0 || c.req.header('Content-Type') !== undefined
  return hasBody ? readBody(c, schema) : onlyParameters(c, [])
}

/** `undefined` for what is not UTF-8. */
function textOf(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The schema's own messages say what is allowed; what was given is added here. */
function sentences(issues: readonly z.core.$ZodIssue[]): string {
  return firstFew(issues.map(issueSentence), '; ')
}

function issueSentence(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => shown(path === '' ? key : `${path}.${key}`))
    return `unknown member ${firstFew(names, ', ')}: ${issue.message}`
  }
  return `${path === '' ? 'the body' : shortened(path)} ${issue.message}, got ${shown(issue.input)}`
}
