/**
 * Stored bytes ↔ exchange policies. Strict, as `issuers/issuer-codec.ts` is: what is not of the form is a corrupt document,
 * said by name. `docs/storage-schema.md` changes with this file.
 */

import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { isJsonObject, parseJson } from '../json.ts'
import { firstFew, shortened } from '../printable.ts'
import { parsePolicy } from './parse-policy.ts'
import { POLICY_FORMAT_VERSION, type StoredPolicy } from './stored-policy.ts'

const stored = z.strictObject({
  version: z.literal(POLICY_FORMAT_VERSION),
  kind: z.literal('exchange-policy'),
  id: z.string().check(z.minLength(1)),
  revision: z.int().check(z.positive()),
  updatedAt: z.int().check(z.nonnegative()),
  writeNonce: z.string().check(z.minLength(1)),
  policy: z.unknown(),
})

/** Throws fault `document_corrupt`, naming the issuer and the members that are wrong. */
export function parseStoredPolicy(id: string, body: string): StoredPolicy {
  const json = parseJson(body)
  if (isOfNewerFormat(json)) {
    throw unreadable(id, 'a newer version of Signet wrote it; run that one')
  }
  const parsed = storedPolicyOf(json)
  if (!parsed.ok) throw corrupt(id, `wrong at ${firstFew(parsed.members, ', ')}`)
  if (parsed.value.id !== id) throw corrupt(id, 'it is of another issuer')
  return parsed.value
}

/** Throws fault `document_corrupt` rather than give what could not be read again. */
export function formatStoredPolicy(policy: StoredPolicy): string {
  const body = JSON.stringify(policy)
  const parsed = storedPolicyOf(parseJson(body))
  if (parsed.ok) return body
  throw new Fault(
    'document_corrupt',
    `the exchange policy of issuer ${policy.id} would be one that cannot be read, wrong at ${firstFew(parsed.members, ', ')}: nothing was written`,
  )
}

/** `members`: names alone, since a value may be anything. */
type Parsed =
  | { readonly ok: true; readonly value: StoredPolicy }
  | { readonly ok: false; readonly members: readonly string[] }

function storedPolicyOf(json: unknown): Parsed {
  const head = stored.safeParse(json)
  if (!head.success) return { ok: false, members: head.error.issues.flatMap(membersOf) }
  const { policy: unread, ...rest } = head.data
  const parsed = parsePolicy(unread)
  if (parsed.ok) return { ok: true, value: { ...rest, policy: parsed.policy } }
  const paths = parsed.problems.map(({ path }) => ['policy', ...path].join('.'))
  return { ok: false, members: [...new Set(paths.map((path) => shortened(path)))] }
}

function membersOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => shortened(key))
  return [issue.path.map(String).join('.') || 'the top level']
}

function isOfNewerFormat(json: unknown): boolean {
  if (!isJsonObject(json)) return false
  const { version } = json
  return typeof version === 'number' && version > POLICY_FORMAT_VERSION
}

function unreadable(id: string, why: string): Fault {
  return new Fault('document_corrupt', `the exchange policy of issuer ${id} cannot be read: ${why}`)
}

function corrupt(id: string, what: string): Fault {
  return unreadable(id, `${what}; restore it from a backup`)
}
