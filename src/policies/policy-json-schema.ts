/**
 * The form of an exchange policy as a JSON Schema, which editors check and complete policy files by.
 *
 * Published as `docs/exchange-policy.schema.json`. Draft 7, the one that every editor speaks. It takes more than the host does:
 * expressions, keys and what depends on the issuer are for `signet policy check`.
 */

import * as z from 'zod/mini'
import { POLICY_FORM } from './policy-schema.ts'

export function exchangePolicyJsonSchema(): object {
  const { $schema, ...form } = z.toJSONSchema(POLICY_FORM, {
    target: 'draft-7',
    // Rules that no schema states: they are functions.
    unrepresentable: 'any',
  })
  return { $schema, title: 'Exchange policy of a Signet issuer', ...form }
}
