/**
 * What the further claims of a token may be: JSON that every relying party reads alike.
 *
 * JSON itself says less than its readers need (RFC 7493): numbers beyond double precision change on their way, a lone
 * surrogate is no Unicode, and `__proto__` is no claim but a way to change the objects of whoever copies it.
 */

import { CLAIMS_DEPTH_MAX } from '../limits.ts'
import { isPrintable } from '../printable.ts'
import { type ExtraClaims, REGISTERED_CLAIMS } from './claims.ts'

export interface ClaimProblem {
  /** Of the claim that is wrong: names of members and places in lists. */
  readonly path: readonly (string | number)[]
  /** What is allowed. */
  readonly message: string
  readonly given: unknown
}

/** Everything that is wrong, each with the claim that it is wrong in. Recurs no deeper than claims may be nested. */
export function* claimProblems(claims: ExtraClaims): Iterable<ClaimProblem> {
  for (const [name, given] of Object.entries(claims)) {
    if (REGISTERED_CLAIMS.includes(name)) {
      const message = `must not be given (only the issuer sets ${REGISTERED_CLAIMS.join(', ')})`
      yield { path: [name], message, given }
    } else {
      yield* memberProblems([], name, given)
    }
  }
}

type Path = ClaimProblem['path']

function* memberProblems(parent: Path, name: string, given: unknown): Iterable<ClaimProblem> {
  const path = [...parent, name]
  if (name === '') {
    yield { path: parent, message: 'must have no member with an empty name', given: { '': given } }
  } else if (name === '__proto__') {
    yield { path, message: 'must not be given (it is no claim)', given }
  } else if (!isPrintable(name)) {
    yield { path, message: 'must have a name of printable characters', given }
  }
  yield* valueProblems(path, given)
}

function* valueProblems(path: Path, given: unknown): Iterable<ClaimProblem> {
  if (typeof given === 'number' && !isExact(given)) {
    const message = `must be a number that is finite and, where it is whole, from -${Number.MAX_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`
    yield { path, message, given }
  } else if (typeof given === 'string' && !given.isWellFormed()) {
    yield { path, message: 'must be text without lone surrogates', given }
  } else if (typeof given === 'object' && given !== null) {
    yield* nestedProblems(path, given)
  }
}

function* nestedProblems(path: Path, given: object): Iterable<ClaimProblem> {
  // The claims themselves are the first level.
  if (path.length >= CLAIMS_DEPTH_MAX) {
    // By its first name alone, since a path this long tells nobody anything.
    yield {
      path: path.slice(0, 1),
      message: `must be nested at most ${CLAIMS_DEPTH_MAX} deep`,
      given,
    }
  } else if (Array.isArray(given)) {
    for (const [index, each] of given.entries()) yield* valueProblems([...path, index], each)
  } else {
    for (const [name, each] of Object.entries(given)) yield* memberProblems(path, name, each)
  }
}

function isExact(number: number): boolean {
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))
}
