/**
 * The text of an exchange policy, as somebody wrote it: one YAML document, which JSON is too.
 *
 * Read strictly: no name twice, no tags but those of JSON, no merging. What it means is for `src/policies` to say.
 */

import { type Document, LineCounter, parseDocument, visit, type YAMLParseError } from 'yaml'
import { CONTROL_BODY_BYTES_MAX, POLICY_ENTRIES_MAX } from '../../limits.ts'
import type { PolicyProblem } from '../../policies/policy-problem.ts'
import { shortened } from '../../printable.ts'
import { usageError } from '../exit.ts'
import { inputName, readInput } from '../input-text.ts'
import { placeOf, type TextPlace, textPlace, type WrittenDocument } from './yaml-place.ts'

/** A problem, and where in the text it is. */
export interface PlacedProblem extends TextPlace {
  /** Empty where the text is no YAML. */
  readonly path: PolicyProblem['path']
  readonly message: string
}

export interface PolicySource {
  /** What it is called in messages. */
  readonly name: string
  readonly json: unknown
  /** Where a problem is that was found in `json`. */
  place(problem: PolicyProblem): PlacedProblem
}

export type ReadPolicySource =
  | { readonly ok: true; readonly source: PolicySource }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] }

/** Each entry may have its condition and its token from another one, and its tags. */
const ALIASES_MAX = 3 * POLICY_ENTRIES_MAX
const SAID_CHARS_MAX = 200
/** Of a text whose syntax is right. */
const BY_THEMSELVES: readonly string[] = ['DUPLICATE_KEY', 'NON_STRING_KEY']

/** Rejects with a usage error for what cannot be read at all. */
export async function readPolicySource(file: string): Promise<ReadPolicySource> {
  const text = await readInput({ file, what: 'a policy', bytesMax: CONTROL_BODY_BYTES_MAX })
  if (text !== undefined) return parsePolicySource(text, inputName(file))
  throw usageError(
    `a policy must be text in UTF-8 of at most ${CONTROL_BODY_BYTES_MAX} bytes, got something else in ${inputName(file)}: split it over several issuers, or save it in UTF-8`,
  )
}

export function parsePolicySource(text: string, name: string): ReadPolicySource {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    stringKeys: true,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    // Less, and a second document would go unnoticed.
    logLevel: 'error',
    lineCounter: lines,
  })
  // A tag that is not known is a warning there.
  const said = [...document.errors, ...document.warnings]
  const cause = firstSyntaxError(document)
  const found =
    cause === undefined
      ? [
          ...said.map(({ message, pos }) => ({ message, offset: pos[0] })),
          ...aliasesOfNothing(document).map((offset) => ({ message: 'Unresolved alias', offset })),
        ]
      : [{ message: cause.message, offset: cause.pos[0] }]
  const problems = found.map(({ message, offset }) => ({
    path: [],
    ...textPlace(lines, offset),
    message: `is not the YAML of a policy: ${shortened(message, SAID_CHARS_MAX)}`,
  }))
  if (problems.length > 0) return { ok: false, problems }
  return valueOf({ text, document, lines }, name)
}

/** One mistake of syntax makes the parser stumble over what is right behind it: only the first is known to be one. */
function firstSyntaxError({ errors }: Document.Parsed): YAMLParseError | undefined {
  return errors
    .filter(({ code }) => !BY_THEMSELVES.includes(code))
    .toSorted((one, other) => one.pos[0] - other.pos[0])[0]
}

/** Where they are. The parser does not look. */
function aliasesOfNothing(document: Document.Parsed): number[] {
  const offsets: number[] = []
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) === undefined) offsets.push(alias.range?.[0] ?? 0)
    },
  })
  return offsets
}

function valueOf(written: WrittenDocument, name: string): ReadPolicySource {
  const json = withoutAliases(written)
  if (json === undefined) {
    const message = `must have at most ${CONTROL_BODY_BYTES_MAX} bytes as JSON, with what its aliases stand for written out, got more: split it over several issuers`
    return { ok: false, problems: [{ path: [], line: 1, column: 1, message }] }
  }
  const place = (problem: PolicyProblem): PlacedProblem => {
    const { path, message } = problem
    return { path, ...placeOf(written, problem), message }
  }
  return { ok: true, source: { name, json: json.value, place } }
}

/** `undefined` for more than a host takes, and for what is in itself. */
function withoutAliases({ document }: WrittenDocument): { readonly value: unknown } | undefined {
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX })
    const text = JSON.stringify(value)
    return text.length > CONTROL_BODY_BYTES_MAX ? undefined : { value }
  } catch {
    return undefined
  }
}
