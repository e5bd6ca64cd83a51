/**
 * Creating an issuer: its document with its first key, in one write.
 */

import { newIssuerDocument } from '../issuers/issuer-changes.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { issuerIdProblem } from '../issuers/issuer-id.ts'
import { identifierProblem, issuerIdentifier } from '../issuers/issuer-identifier.ts'
import type { LoadedIssuer } from '../issuers/issuer-repository.ts'
import { DEFAULT_POLICY, type IssuerPolicy, policyProblems } from '../issuers/policy.ts'
import { runRotation } from '../keyring/run-rotation.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import type { OperationDeps } from './control-deps.ts'

/** `settings`: what differs from the default policy. */
export async function createIssuer(
  { issuers, keyManager, bounds, publicUrl, clock }: OperationDeps,
  id: string,
  settings: Partial<IssuerPolicy>,
): Promise<Outcome<IssuerDocument>> {
  const issuer = issuerIdentifier(publicUrl, id)
  const policy = { ...DEFAULT_POLICY, ...settings }
  const problems = [
    issuerIdProblem(id) ?? identifierProblem('the issuer identifier', issuer),
    ...policyProblems(policy, bounds),
  ].filter((problem) => problem !== undefined)
  if (problems.length > 0) return refused('invalid_request', problems.join('; '))
  // Before a key is made: an id that is taken must not cost one.
  const existing = await issuers.load(id)
  if (existing !== undefined) return refusedAsTaken(id, existing)
  const now = clock.now()
  const document = await runRotation(
    newIssuerDocument({ id, issuer, policy }, now),
    keyManager,
    now,
  )
  if ((await issuers.insert(document)) === 'written') return accepted(document)
  return refusedAsTaken(id, await issuers.load(id))
}

function refusedAsTaken(id: string, existing: LoadedIssuer | undefined): Outcome<never> {
  if (existing?.stored.kind === 'tombstone') {
    return refused(
      'issuer_deleted',
      `issuer ${id} was deleted, and its id is never given again, since others may still trust its URL: choose another id`,
    )
  }
  return refused('issuer_exists', `issuer ${id} exists already: choose another id, or update it`)
}
