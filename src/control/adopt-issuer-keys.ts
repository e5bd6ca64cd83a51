/**
 * Adopting a cluster's keys for an issuer: the whole set or nothing, in one conditional write.
 */

import { type AdoptableKey, readAdoptableKeys } from '../adoption/adoptable-key.ts'
import { adoptKeys } from '../adoption/adopt-keys.ts'
import { adoptionProblems, amountProblem } from '../adoption/adoption-problems.ts'
import { nextRevision } from '../issuers/issuer-changes.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { isPublishedAdoptedKey } from '../keyring/adopted-status.ts'
import { firstFew } from '../printable.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { changeIssuer } from './change-issuer.ts'
import type { OperationDeps } from './control-deps.ts'
import { copiesFollow } from './copies-follow.ts'

export interface Adoption {
  /** A JWK Set, a JWK, or PEM public keys. */
  readonly text: string
  /** For the one key of a PEM; as Kubernetes derives it when `undefined`. */
  readonly kid: string | undefined
  /** How long a key stays published that is no longer in the set; 0 drops it. Default: a day, from when it left the set. */
  readonly retentionSeconds?: number | undefined
}

/** Resolves to the issuer as it was, at its old revision, where the set changes nothing. */
export async function adoptIssuerKeys(
  deps: OperationDeps,
  id: string,
  { text, kid, retentionSeconds }: Adoption,
  revision: number | undefined,
): Promise<Outcome<IssuerDocument>> {
  const keys = await readAdoptableKeys(text, kid)
  if (!keys.ok) return keys
  let before: IssuerDocument | undefined
  const adopted = await changeIssuer(deps, {
    id,
    revision,
    apply: async (document, now) => {
      before = document
      const problem = setProblem(document, keys.value, now)
      if (problem !== undefined) return refused('invalid_request', problem)
      const untrusted = await entriesProblem(deps, document, keys.value, now)
      if (untrusted !== undefined) return refused('invalid_request', untrusted)
      const ring = adoptKeys(document.ring, withoutRepeats(keys.value), retentionSeconds, now)
      if (ring === document.ring) return accepted(document)
      const tooMany = amountProblem(document, ring, deps.bounds, now)
      if (tooMany !== undefined) return refused('invalid_request', tooMany)
      return accepted({ ...nextRevision(document, now), ring })
    },
  })
  if (adopted.ok && adopted.value !== before) await copiesFollow(deps, id)
  return adopted
}

/** A key that stands in a set twice is one key. */
function withoutRepeats(keys: readonly AdoptableKey[]): AdoptableKey[] {
  return [...new Map(keys.map((key) => [key.kid, key])).values()]
}

function setProblem(
  document: IssuerDocument,
  keys: readonly AdoptableKey[],
  now: number,
): string | undefined {
  if (keys.length === 0 && document.policy.custody === 'none') {
    return `issuer ${document.id} publishes adopted keys alone, so its set must have at least one, got none: give the cluster's keys, or delete the issuer`
  }
  const problems = adoptionProblems(document.ring, keys, now)
  return problems.length > 0 ? firstFew(problems, '; ') : undefined
}

/** An issuer with adopted keys trusts no other key set: its exchange policy must say so before the first of them is there. */
async function entriesProblem(
  { policies }: OperationDeps,
  { id, policy, ring }: IssuerDocument,
  keys: readonly AdoptableKey[],
  now: number,
): Promise<string | undefined> {
  // Only the first: later ones must not wait for whoever mends a policy.
  const isFirst = !ring.adopted.some((key) => isPublishedAdoptedKey(key, now))
  if (keys.length === 0 || !isFirst || policy.custody === 'none') return undefined
  const { entries = [] } = (await policies.load(id))?.stored.policy ?? {}
  const others = entries.filter((entry) => !('adopted' in entry.keys)).map(({ name }) => name)
  if (others.length === 0) return undefined
  return `issuer ${id} must trust no other key set than its adopted keys, got entries of its exchange policy with others (${firstFew(others, ', ')}): take these out of the policy first, or adopt the keys for another issuer`
}
