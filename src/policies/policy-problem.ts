/**
 * What is wrong with a policy, for whoever wrote it: where, and one sentence.
 */

import { shortened } from '../printable.ts'

export interface PolicyProblem {
  /** Names of members and places in lists: `['entries', 0, 'condition']`. */
  readonly path: readonly (string | number)[]
  /** In an expression; both from 1. */
  readonly at?: { readonly line: number; readonly column: number }
  /** What is wrong, what was given, what is allowed, what to do. */
  readonly message: string
}

/** A problem as one sentence, without its end: `entries.0.condition (line 1, column 8) …`. */
export function problemSentence({ path, at, message }: PolicyProblem): string {
  const place =
    path.length === 0 ? 'the policy' : path.map((name) => shortened(String(name))).join('.')
  const within = at === undefined ? '' : ` (line ${at.line}, column ${at.column})`
  return `${place}${within} ${message}`
}
