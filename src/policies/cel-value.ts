/**
 * Values between JSON and CEL, both ways.
 *
 * Claims are somebody else's names: as members of plain objects `constructor` and `__proto__` would reach what JavaScript
 * has under them, and as keys of a `Map` they are names like any other.
 */

import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import {
  SUBJECT_DEPTH_MAX,
  SUBJECT_LIST_ITEMS_MAX,
  SUBJECT_STRING_CHARS_MAX,
  TOKEN_CHARS_MAX,
} from '../limits.ts'

/** Members of one object, as items of a list: either is what a macro goes through. */
export const CEL_ITEMS_MAX = SUBJECT_LIST_ITEMS_MAX

/** Of all names, texts and values together: no token that is taken has more, nor one that is issued. */
export const CEL_SIZE_MAX = TOKEN_CHARS_MAX

/** A value, or why there is none, as the end of a sentence that names what it is of. */
type Converted<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string }

/** Claims are read by some ten expressions, and are the same in all of them. */
const converted = new WeakMap<JsonObject, Converted<unknown>>()

/** Claims as expressions read them: their limits are what the cost of an expression is counted by. */
export function celClaims(claims: JsonObject): Converted<unknown> {
  const before = converted.get(claims)
  if (before !== undefined) return before
  const made = toCel(claims)
  converted.set(claims, made)
  return made
}

function toCel(claims: JsonObject): Converted<unknown> {
  const budget: Budget = { left: CEL_SIZE_MAX }
  try {
    return { ok: true, value: celValue(claims, budget, 1) }
  } catch (error) {
    if (error instanceof NoValueError) return { ok: false, problem: error.message }
    throw error
  }
}

/** What JSON has, out of what an expression gave. */
export function jsonValue(value: unknown): Converted<unknown> {
  try {
    return { ok: true, value: toJson(value, { left: CEL_SIZE_MAX }) }
  } catch (error) {
    if (error instanceof NoValueError) return { ok: false, problem: error.message }
    throw error
  }
}

/** Stays in this file: out of the depth of a value. */
class NoValueError extends Error {
  override readonly name = 'NoValueError'
}

interface Budget {
  left: number
}

function celValue(value: unknown, budget: Budget, depth: number): unknown {
  // As long as it is in JSON, or shorter.
  spend(budget, typeof value === 'string' ? textSize(value) + 2 : 2)
  if (typeof value !== 'object' || value === null) return scalar(value)
  if (depth > SUBJECT_DEPTH_MAX) {
    throw new NoValueError(`are nested more than ${SUBJECT_DEPTH_MAX} deep`)
  }
  if (Array.isArray(value)) {
    requireFew(value.length, 'list')
    return value.map((item) => celValue(item, budget, depth + 1))
  }
  if (!isJsonObject(value)) throw new NoValueError('are no JSON')
  const names = Object.keys(value)
  requireFew(names.length, 'object')
  const members = new Map<string, unknown>()
  for (const name of names) {
    spend(budget, textSize(name) + 3)
    members.set(name, celValue(value[name], budget, depth + 1))
  }
  return members
}

function scalar(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value
  throw new NoValueError('are no JSON')
}

function textSize(text: string): number {
  if (text.length <= SUBJECT_STRING_CHARS_MAX) return text.length
  throw new NoValueError(`have a text of more than ${SUBJECT_STRING_CHARS_MAX} characters`)
}

function requireFew(count: number, kind: 'list' | 'object'): void {
  if (count <= CEL_ITEMS_MAX) return
  const what = kind === 'list' ? 'a list of more than' : 'an object with more members than'
  throw new NoValueError(`have ${what} ${CEL_ITEMS_MAX}`)
}

function spend(budget: Budget, size: number): void {
  if (!afforded(budget, size)) throw new NoValueError(`have more than ${CEL_SIZE_MAX} characters`)
}

function afforded(budget: Budget, size: number): boolean {
  budget.left -= size
  return budget.left >= 0
}

function toJson(value: unknown, budget: Budget): unknown {
  if (!afforded(budget, typeof value === 'string' ? value.length + 2 : 2)) {
    throw new NoValueError(`gives more than ${CEL_SIZE_MAX} characters`)
  }
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      if (value.isWellFormed()) return value
      throw new NoValueError('gives a text that ends within a character')
    case 'bigint':
      if (Number.isSafeInteger(Number(value))) return Number(value)
      throw new NoValueError('gives a number that JSON does not hold exactly')
    case 'number':
      // JSON has no negative zero either.
      if (Number.isFinite(value)) return value === 0 ? 0 : value
      throw new NoValueError('gives a number that JSON does not hold')
    case 'object':
      return objectToJson(value, budget)
    default:
      throw new NoValueError('gives a value that JSON does not have')
  }
}

function objectToJson(value: object | null, budget: Budget): unknown {
  if (value === null) return null
  if (Array.isArray(value)) return value.map((item) => toJson(item, budget))
  const entries = membersOf(value)
  if (entries === undefined) throw new NoValueError('gives a value that JSON does not have')
  // Defines members instead of assigning them, so that `__proto__` is one.
  return Object.fromEntries(
    entries.map(([name, member]) => [toJson(name, budget), toJson(member, budget)]),
  )
}

function membersOf(value: object): readonly (readonly [unknown, unknown])[] | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Map.prototype) return [...(value as ReadonlyMap<unknown, unknown>)]
  return prototype === Object.prototype ? Object.entries(value) : undefined
}
