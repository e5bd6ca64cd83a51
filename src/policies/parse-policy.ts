/**
 * From JSON to a policy of the right form, or everything that is wrong with its form.
 */

import { isJsonObject } from '../json.ts'
import { POLICY_ENTRIES_MAX } from '../limits.ts'
import type { ExchangePolicy } from './exchange-policy.ts'
import { formProblems } from './form-problems.ts'
import type { PolicyProblem } from './policy-problem.ts'
import { POLICY_FORM } from './policy-schema.ts'

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: ExchangePolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

export function parsePolicy(json: unknown): ParsedPolicy {
  const parsed = POLICY_FORM.safeParse(withoutExcess(json), { reportInput: true })
  if (parsed.success) return { ok: true, policy: parsed.data }
  return { ok: false, problems: formProblems(parsed.error.issues) }
}

/** One entry too many is as wrong as a million of them, and takes no time to tell. */
function withoutExcess(json: unknown): unknown {
  if (!isJsonObject(json) || !Array.isArray(json['entries'])) return json
  return { ...json, entries: json['entries'].slice(0, POLICY_ENTRIES_MAX + 1) }
}
