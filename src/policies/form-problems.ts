/**
 * What is wrong with the form of a policy, from what zod found: the place, what is allowed there, what was given.
 *
 * No message repeats a text that stands where keys belong, which may be a private one, nor what may have credentials in it.
 */

import type * as z from 'zod/mini'
import { isJsonObject } from '../json.ts'
import { shown } from '../printable.ts'
import type { PolicyProblem } from './policy-problem.ts'

type Issue = z.core.$ZodIssue
type Path = PolicyProblem['path']

/** Each kind of keys by the member that makes it one, in the order of the union in `source-form.ts`. */
const KEY_KINDS = ['discovery', 'jwks', 'adopted']

/** `issues`: of a parse with `reportInput`. `parent`: where in the policy the form stands. */
export function formProblems(issues: readonly Issue[], parent: Path = []): PolicyProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, [...parent, ...placesIn(issue)]))
}

function placesIn({ path }: Issue): Path {
  return path.map((place) => (typeof place === 'number' ? place : String(place)))
}

function problemsOf(issue: Issue, path: Path): PolicyProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `is not known: ${issue.message}`,
    }))
  }
  if (issue.code === 'invalid_union') {
    const { input } = issue
    const kind = isJsonObject(input)
      ? KEY_KINDS.findIndex((name) => Object.hasOwn(input, name))
      : -1
    const ofKind = issue.errors[kind]
    if (ofKind !== undefined) return formProblems(ofKind, path)
  }
  return [{ path, message: `${issue.message}, got ${given(path, issue.input)}` }]
}

function given(path: Path, input: unknown): string {
  if (Array.isArray(input)) return `a list of ${input.length}`
  return typeof input === 'string' && mayHoldSecret(path, input) ? 'a text' : shown(input)
}

/** Also where credentials or a query stand in a URL. */
function mayHoldSecret(path: Path, text: string): boolean {
  return path.length === 0 || path.includes('keys') || /[?#@]/.test(text)
}
