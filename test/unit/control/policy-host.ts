/**
 * The control side of exchange policies over a memory store, with a clock that stands still until it is moved.
 */

import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import type { OperationDeps } from '../../../src/control/control-deps.ts'
import {
  type PolicyOutcome,
  readPolicy,
  setPolicy,
} from '../../../src/control/policy-operations.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { rotationHere } from '../../../src/keyring/rotation-here.ts'
import { claimantOf, locationClaims } from '../../../src/locations/location-claims.ts'
import { policyRepository } from '../../../src/policies/policy-repository.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import { anIssuer, fakeKeyManager, NO_BOUNDS, NOW, seesNothing } from '../../support/fixtures.ts'
import { anEntry } from '../../support/stored-policies.ts'

export const DISCOVERED = anEntry({ name: 'github', keys: { discovery: true } })

/** A host that has these issuers. */
export async function hostWith(
  stored: readonly StoredIssuer[],
  store: DocumentStore = memoryStore(),
) {
  let now = NOW
  const issuers = issuerRepository(store)
  const managers = fakeKeyManager()
  const clock = { now: () => now }
  const common = { issuers, keyManagers: managers, bounds: NO_BOUNDS, clock, log: () => {} }
  const deps: OperationDeps = {
    ...common,
    policies: policyRepository(store),
    locations: locationClaims(store, issuers),
    claimantOf: (location) => claimantOf(store, location),
    rotation: rotationHere({ ...common, observe: seesNothing }),
    publicUrl: 'https://oidc.example.com',
    hostAliases: [],
    isOwnUrl: (url) => url.startsWith('https://oidc.example.com'),
    trustedForControl: [],
    isDevelopment: false,
  }
  for (const each of stored) await issuers.insert(each)
  return {
    deps,
    store,
    issuers,
    set: (policy: unknown, revision?: number, dryRun = false): Promise<PolicyOutcome> =>
      setPolicy(deps, { id: 'prod', policy, dryRun, revision }),
    read: () => readPolicy(deps, 'prod'),
    wait: (seconds: number) => {
      now += seconds
    },
  }
}

export const host = (members: Partial<ReturnType<typeof anIssuer>> = {}) =>
  hostWith([anIssuer(members)])

/** Where each problem is; throws where there was none. */
export function placesOf(outcome: PolicyOutcome): string[] {
  if (outcome.ok || !('problems' in outcome)) throw new Error('there are no problems')
  return outcome.problems.map(({ path }) => path.join('.'))
}
