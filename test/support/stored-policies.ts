/**
 * Exchange policies with fixed values: a test names only what it is about.
 */

import type { ExchangePolicy, PolicyEntry } from '../../src/policies/exchange-policy.ts'
import type { StoredPolicy } from '../../src/policies/stored-policy.ts'
import { NOW } from './fixtures.ts'

/** Trusts the keys that its issuer has adopted, so that it has none of its own. */
export function anEntry(members: Partial<PolicyEntry> = {}): PolicyEntry {
  return {
    name: 'cluster',
    issuer: 'https://cluster.example.net',
    keys: { adopted: true },
    algorithms: ['RS256'],
    condition: 'has(claims.sub)',
    token: { subject: 'claims.sub', audiences: ['sts.amazonaws.com'] },
    ...members,
  }
}

export function aPolicy(...entries: readonly PolicyEntry[]): ExchangePolicy {
  return { entries: entries.length === 0 ? [anEntry()] : entries }
}

export function aStoredPolicy(members: Partial<StoredPolicy> = {}): StoredPolicy {
  return {
    version: 1,
    kind: 'exchange-policy',
    id: 'prod',
    revision: 1,
    updatedAt: NOW,
    writeNonce: 'nonce-1',
    policy: aPolicy(),
    ...members,
  }
}
