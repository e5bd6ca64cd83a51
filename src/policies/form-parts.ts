/**
 * What the form of a policy is made of. Each part has messages that say what is allowed, and nothing of what was given.
 */

import * as z from 'zod/mini'
import { isJsonObject } from '../json.ts'
import { AUDIENCE_CHARS_MAX, EXPRESSION_CHARS_MAX } from '../limits.ts'
import { isPrintable } from '../printable.ts'

type Shape = Record<string, z.ZodMiniType>

/** What `form-problems.ts` says of a member that is not known there. */
function knownMembers(names: readonly string[]): string {
  return `known are ${names.join(', ')}`
}

/** A strict object whose message lists the members that it knows. */
export function strictForm<const T extends Shape>(shape: T, message: string, description: string) {
  return z
    .strictObject(shape, {
      error: ({ code }) =>
        code === 'unrecognized_keys' ? knownMembers(Object.keys(shape)) : message,
    })
    .check(z.describe(description))
}

/** A text of which every rule has one message. `rule`: beyond its being 1 to `max` characters long. */
export function text(max: number, message: string, rule: (text: string) => boolean = () => true) {
  const once = { error: message, abort: true }
  return z
    .string(message)
    .check(z.minLength(1, once), z.maxLength(max, once), z.refine(rule, message))
}

function isLine(given: string): boolean {
  return given.trim() === given && isPrintable(given)
}

export const expression = text(
  EXPRESSION_CHARS_MAX,
  `must be an expression (CEL, in quotes where YAML needs them) of 1 to ${EXPRESSION_CHARS_MAX} characters`,
)
export const audience = text(
  AUDIENCE_CHARS_MAX,
  `must be 1 to ${AUDIENCE_CHARS_MAX} printable characters without spaces at its ends`,
  isLine,
)

/** A list without repetitions. `what`: of what it is a list, in the plural. */
export function listOf<T extends z.ZodMiniType>(item: T, max: number, what: string) {
  const message = `must be a list of 1 to ${max} ${what}, each once`
  const once = { error: message, abort: true }
  return z
    .array(item, message)
    .check(
      z.minLength(1, once),
      z.maxLength(max, once),
      z.refine(isWithoutTwins, message),
      z.meta({ uniqueItems: true }),
    )
}

function isWithoutTwins(list: readonly unknown[]): boolean {
  const texts = list.filter((item) => typeof item === 'string')
  return new Set(texts).size === texts.length
}

/** Names with an expression each. Not a record of zod's, which drops a member `__proto__` without a word. */
export function expressionsByName(max: number, what: string, description: string) {
  const message = `must be an object of at most ${max} ${what}, each an expression`
  return z.custom<Readonly<Record<string, string>>>(isJsonObject, message).check(
    ({ value, issues }) => {
      const members = Object.entries(value)
      if (members.length > max) issues.push({ code: 'custom', message, input: value })
      for (const [name, given] of members.slice(0, max)) {
        for (const issue of expression.safeParse(given).error?.issues ?? []) {
          issues.push({ code: 'custom', path: [name], message: issue.message, input: given })
        }
      }
    },
    z.meta({
      description,
      type: 'object',
      maxProperties: max,
      additionalProperties: { type: 'string', minLength: 1, maxLength: EXPRESSION_CHARS_MAX },
    }),
  )
}
