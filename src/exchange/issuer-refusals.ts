/**
 * Why an issuer issues no tokens for others, whoever finds out first.
 */

import type { ExchangeRefusal } from './exchange-refusal.ts'

export const ISSUER_NOT_FOUND: ExchangeRefusal = {
  reason: 'issuer_not_found',
  detail: 'there is no such issuer',
}

export const ISSUER_DELETED: ExchangeRefusal = {
  reason: 'issuer_deleted',
  detail: 'this issuer was deleted and does not come back',
}

export const ISSUER_PUBLISH_ONLY: ExchangeRefusal = {
  reason: 'publish_only',
  detail:
    'this issuer only publishes the keys of a cluster and has none of its own to sign with: its cluster issues the tokens',
}

export const ISSUER_WITHOUT_POLICY: ExchangeRefusal = {
  reason: 'no_policy',
  detail:
    'this issuer exchanges no tokens: its operator has set no exchange policy that has entries',
}
