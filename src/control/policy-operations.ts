/**
 * What an operator can do with the exchange policy of an issuer: read it, try one, set one. Setting is owner-equivalent:
 * whoever may do it decides who can be any subject of the issuer.
 *
 * A policy has a revision of its own. A change of one revision that lost a race is refused; one of any revision is
 * checked and made once more.
 */

import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { ROTATION_ATTEMPTS_MAX } from '../limits.ts'
import type { ExchangePolicy } from '../policies/exchange-policy.ts'
import { parsePolicy } from '../policies/parse-policy.ts'
import { type PolicyProblem, problemSentence } from '../policies/policy-problem.ts'
import type { LoadedPolicy } from '../policies/policy-repository.ts'
import { nextPolicy, type StoredPolicy } from '../policies/stored-policy.ts'
import { firstFew } from '../printable.ts'
import { accepted, type Outcome, type Refusal, refused } from '../refusal.ts'
import { loadIssuer } from './change-issuer.ts'
import type { OperationDeps } from './control-deps.ts'
import { policyProblems } from './policy-check.ts'

/** The exchange policy of an issuer that may have one. */
export interface IssuersPolicy {
  readonly document: IssuerDocument
  /** Of the policy, not of the issuer; 0 where none was set. */
  readonly revision: number
  /** `undefined` where none was set. */
  readonly updatedAt: number | undefined
  /** Without entries where none was set. */
  readonly policy: ExchangePolicy
}

export type PolicyOutcome = Outcome<IssuersPolicy> | PolicyRefused

/** `problems`: each of them in its place. */
interface PolicyRefused {
  readonly ok: false
  readonly refusal: Refusal
  readonly problems: readonly PolicyProblem[]
}

export interface PolicyRequest {
  readonly id: string
  /** Of any form. */
  readonly policy: unknown
  /** Whether it is checked alone, and nothing written. */
  readonly dryRun: boolean
  /** The revision that the operator has seen, 0 where none was set; any when `undefined`. */
  readonly revision: number | undefined
}

export async function readPolicy(deps: OperationDeps, id: string): Promise<Outcome<IssuersPolicy>> {
  const found = await loadBoth(deps, id)
  if (!found.ok) return found
  const { document, loaded } = found.value
  return accepted(issuersPolicy(document, loaded?.stored))
}

/** Resolves to the policy as it is then: as it was, at its old revision, where it is the same. */
export async function setPolicy(
  deps: OperationDeps,
  request: PolicyRequest,
): Promise<PolicyOutcome> {
  const parsed = parsePolicy(request.policy)
  if (!parsed.ok) return refusedFor(parsed.problems)
  const attemptsMax = request.revision === undefined ? ROTATION_ATTEMPTS_MAX : 1
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const outcome = await attemptSet(deps, request, parsed.policy)
    if (outcome !== 'conflict') return outcome
  }
  return refused(
    'revision_conflict',
    `the exchange policy of issuer ${request.id} was set by someone else at the same moment: read it again and repeat the change`,
  )
}

async function attemptSet(
  deps: OperationDeps,
  { id, dryRun, revision }: PolicyRequest,
  policy: ExchangePolicy,
): Promise<PolicyOutcome | 'conflict'> {
  const found = await loadBoth(deps, id)
  if (!found.ok) return found
  const { document, loaded } = found.value
  const before = issuersPolicy(document, loaded?.stored)
  if (revision !== undefined && revision !== before.revision) {
    return refused(
      'revision_conflict',
      `the exchange policy of issuer ${id} is at revision ${before.revision}, the change was for revision ${revision}: read it again and repeat the change`,
    )
  }
  const now = deps.clock.now()
  const problems = await policyProblems(deps, document, policy, now)
  if (problems.length > 0) return refusedFor(problems)
  // At the revision that there is.
  if (dryRun) return accepted({ ...before, policy })
  if (loaded !== undefined && isSamePolicy(before.policy, policy)) return accepted(before)
  const next = nextPolicy(id, policy, loaded?.stored, now)
  const written = await deps.policies.put(loaded, next)
  return written === 'written' ? accepted(issuersPolicy(document, next)) : 'conflict'
}

function issuersPolicy(document: IssuerDocument, stored: StoredPolicy | undefined): IssuersPolicy {
  const { revision = 0, updatedAt, policy = { entries: [] } } = stored ?? {}
  return { document, revision, updatedAt, policy }
}

async function loadBoth(
  deps: OperationDeps,
  id: string,
): Promise<
  Outcome<{ readonly document: IssuerDocument; readonly loaded: LoadedPolicy | undefined }>
> {
  const found = await loadIssuer(deps, id)
  if (!found.ok) return found
  const { stored: document } = found.value
  if (document.policy.custody === 'none') {
    return refused(
      'publish_only',
      `issuer ${id} only publishes a cluster's keys and issues no tokens, so it has no exchange policy: set one for an issuer with keys of its own`,
    )
  }
  return accepted({ document, loaded: await deps.policies.load(id) })
}

function refusedFor(problems: readonly PolicyProblem[]): PolicyRefused {
  const message = firstFew(problems.map(problemSentence), '; ')
  return { ok: false, refusal: { reason: 'invalid_request', message }, problems }
}

/** Of two that were read by the same form, which puts members in one order. */
function isSamePolicy(one: ExchangePolicy, other: ExchangePolicy): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
