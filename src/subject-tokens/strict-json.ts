/**
 * JSON that every reader reads alike: less than RFC 8259 allows, and bounded.
 *
 * UTF-8 or nothing, no member twice, no name that engines trip over, no half characters, no whole number that a double does not hold (RFC 7493 §2), and
 * nothing deeper, longer or wider than whoever reads on can bear.
 */

import { parseJson } from '../json.ts'
import { shapeOf } from './json-shape.ts'

export interface JsonBounds {
  /** Lists and objects within each other. */
  readonly depthMax: number
  /** Of a list, and of an object. */
  readonly itemsMax: number
  /** Of a text, and of a name. */
  readonly charsMax: number
}

export type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  /** `problem` goes on from what is read: "is no JSON". Holds nothing of the text. `isBounds`: it is well formed but too much. */
  | { readonly ok: false; readonly problem: string; readonly isBounds: boolean }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function parseStrictJson(source: Uint8Array | string, bounds: JsonBounds): StrictJson {
  const text = typeof source === 'string' ? wellFormed(source) : decoded(source)
  if (text === undefined) return broken('is not in UTF-8')
  const shape = shapeOf(text)
  if (shape.depth > bounds.depthMax) {
    return tooMuch(`is nested deeper than ${bounds.depthMax} lists and objects`)
  }
  const value = parseJson(text)
  if (value === undefined) return broken('is no JSON')
  const walk: Walk = { bounds, hasEscapes: shape.hasEscapes, members: 0 }
  const problem = problemIn(value, walk)
  if (problem !== undefined) return problem
  if (walk.members !== shape.members) return broken('names a member twice')
  return { ok: true, value }
}

interface Walk {
  readonly bounds: JsonBounds
  /** Without any there is no backslash, and no half of a character. */
  readonly hasEscapes: boolean
  members: number
}

function problemIn(value: unknown, walk: Walk): StrictJson | undefined {
  if (typeof value === 'string') return textProblem(value, walk)
  if (typeof value === 'number') return numberProblem(value)
  if (typeof value !== 'object' || value === null) return undefined
  return Array.isArray(value) ? listProblem(value, walk) : objectProblem(value, walk)
}

function objectProblem(value: object, walk: Walk): StrictJson | undefined {
  const names = Object.keys(value)
  walk.members += names.length
  if (names.length > walk.bounds.itemsMax) return tooManyItems(walk)
  for (const name of names) {
    // An object that is copied member by member would take it for its prototype.
    if (name === '__proto__') return broken('has a member "__proto__"')
    // V8 may read an escaped name as its beginning up to a backslash, after others had that name (nodejs/node#63785).
    if (walk.hasEscapes && name.includes('\\')) return broken('has a backslash in a name')
    const member = (value as Readonly<Record<string, unknown>>)[name]
    const problem = textProblem(name, walk) ?? problemIn(member, walk)
    if (problem !== undefined) return problem
  }
  return undefined
}

function listProblem(list: readonly unknown[], walk: Walk): StrictJson | undefined {
  if (list.length > walk.bounds.itemsMax) return tooManyItems(walk)
  for (const item of list) {
    const problem = problemIn(item, walk)
    if (problem !== undefined) return problem
  }
  return undefined
}

function textProblem(text: string, { bounds, hasEscapes }: Walk): StrictJson | undefined {
  if (text.length > bounds.charsMax) {
    return tooMuch(`has a text of more than ${bounds.charsMax} characters`)
  }
  return hasEscapes && !text.isWellFormed() ? broken('has half of a character') : undefined
}

/** Two ids that no double tells apart would be one to a condition. */
function numberProblem(value: number): StrictJson | undefined {
  const isHeld = Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
  return isHeld
    ? undefined
    : tooMuch('has a number beyond ±(2^53 − 1), which readers read differently')
}

function tooManyItems({ bounds }: Walk): StrictJson {
  return tooMuch(`has a list or an object of more than ${bounds.itemsMax} items`)
}

/** `undefined` also for a lone surrogate in the text itself. */
function wellFormed(text: string): string | undefined {
  return text.isWellFormed() ? text : undefined
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function broken(problem: string): StrictJson {
  return { ok: false, problem, isBounds: false }
}

function tooMuch(problem: string): StrictJson {
  return { ok: false, problem, isBounds: true }
}
