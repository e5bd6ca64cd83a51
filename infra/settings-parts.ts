/**
 * What the form of the settings is made of: each part with a message that says what is allowed, and that it may be left out.
 */

import * as z from 'zod/mini'
import { text } from '../src/policies/form-parts.ts'
import type { NumberRange } from './issuer-host/number-ranges.ts'
import { type IssueParams, KNOWN_JOINER } from './settings-problems.ts'

type Shape = Record<string, z.ZodMiniType>

const TEXT_CHARS_MAX = 512
const OR_LEFT_OUT = 'or left out'

/** What can be said of a text that is not taken, beyond that it is not. */
export type Hint = (given: string) => IssueParams | undefined

/** A text by a rule of its own. `hint`: of what is not taken. */
export function ruled(message: string, rule: (given: string) => boolean, hint: Hint) {
  return z.string(message).check(({ value, issues }) => {
    if (value.length <= TEXT_CHARS_MAX && rule(value)) return
    const params = hint(value.slice(0, TEXT_CHARS_MAX))
    issues.push({ code: 'custom', message, input: value, params: { ...params } })
  })
}

export function optionalRuled(message: string, rule: (given: string) => boolean, hint: Hint) {
  return z.exactOptional(ruled(`${message}, ${OR_LEFT_OUT}`, rule, hint))
}

export function optionalText(message: string, rule: (given: string) => boolean) {
  return z.exactOptional(text(TEXT_CHARS_MAX, `${message}, ${OR_LEFT_OUT}`, rule))
}

export function optionalMatching(pattern: RegExp, message: string) {
  return optionalText(message, (given) => pattern.test(given))
}

/** `what`: what the number counts. */
export function amount(range: NumberRange, what: string) {
  return wholeNumber(range, `must be a whole number from ${range.min} to ${range.max} (${what})`)
}

export function optionalAmount(range: NumberRange, what: string) {
  const message = `must be a whole number from ${range.min} to ${range.max} (${what}), ${OR_LEFT_OUT}`
  return z.exactOptional(wholeNumber(range, message))
}

function wholeNumber({ min, max }: NumberRange, message: string) {
  return z.number(message).check(z.int(message), z.gte(min, message), z.lte(max, message))
}

export function optionalOneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.exactOptional(z.enum(values, `must be one of ${values.join(', ')}, ${OR_LEFT_OUT}`))
}

export function optionalNumberOf(values: readonly number[]) {
  const message = `must be one of ${values.join(', ')}, ${OR_LEFT_OUT}`
  return z.exactOptional(
    z.number(message).check(z.refine((given) => values.includes(given), message)),
  )
}

export function optionalBoolean() {
  return z.exactOptional(z.boolean(`must be true or false, ${OR_LEFT_OUT}`))
}

/** A strict object. */
export function formOf<const T extends Shape>(shape: T, message: string) {
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? Object.keys(shape).join(KNOWN_JOINER) : message,
  })
}

export function optionalForm<const T extends Shape>(shape: T) {
  const names = Object.keys(shape)
  // Of many names the list would hide the sentence.
  const members = names.length > 5 ? 'members of its own' : names.join(', ')
  return z.exactOptional(formOf(shape, `must be an object with ${members}, ${OR_LEFT_OUT}`))
}
