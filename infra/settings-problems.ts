/**
 * What is wrong with the settings of the app, a sentence each, from what zod found: the place, what is allowed there, what was
 * given.
 *
 * A sentence repeats no ARN, which has an account in it, and no address of e-mail.
 */

import type * as z from 'zod/mini'
import { firstFew, shortened, shown } from '../src/printable.ts'
import { similarName } from './similar-name.ts'

type Issue = z.core.$ZodIssue

/** What a rule knows of a value that it does not take. */
export interface IssueParams {
  /** In place of the value itself. */
  readonly given?: string
  /** In place of what is allowed and of what was given. */
  readonly sentence?: string
}

/** Between the names in the message of an issue about unknown members. */
export const KNOWN_JOINER = ', '

const NAME_CHARS_MAX = 64

/** `issues`: of a parse with `reportInput`. The message of one about unknown members is the list of known ones. */
export function settingsProblems(issues: readonly Issue[]): string[] {
  return issues.map((issue) =>
    issue.code === 'unrecognized_keys' ? unknownSentence(issue) : sentenceOf(issue),
  )
}

function sentenceOf(issue: Issue): string {
  const { given, sentence }: IssueParams = (issue.code === 'custom' && issue.params) || {}
  const place = issue.path.length === 0 ? 'the file' : placeOf(issue.path)
  return `${place} ${sentence ?? `${issue.message}, got ${given ?? givenText(issue.input)}`}`
}

/** The known names are many: they are listed only where none of them can have been meant. */
function unknownSentence({ path, keys, message }: Issue & { readonly keys: string[] }): string {
  const known = message.split(KNOWN_JOINER)
  const meant = keys.map((key) => similarName(key.slice(0, NAME_CHARS_MAX), known))
  const named = keys.map((key, index) => {
    const similar = meant[index]
    const advice = similar === undefined ? '' : ` (did you mean ${similar}?)`
    return `${placeOf([...path, key])}${advice}`
  })
  const verb = keys.length === 1 ? 'is' : 'are'
  const list = meant.includes(undefined) ? `: known are ${message}` : ''
  return `${firstFew(named, ', ')} ${verb} not known${list}`
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((name) => shortened(String(name), NAME_CHARS_MAX)).join('.')
}

function givenText(input: unknown): string {
  if (Array.isArray(input)) return `a list of ${input.length}`
  return typeof input === 'string' && /[?#@]/.test(input) ? 'a text' : shown(input)
}
