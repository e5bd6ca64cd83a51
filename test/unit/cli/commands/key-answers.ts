/**
 * Keys as a host answers them, for tests of what is printed of them.
 */

import type { KeyAnswer } from '../../../../src/cli/host/answers.ts'

export const NOW = 1_800_000_000
export const DAY = 86_400

export function adopted(kid: string): KeyAnswer {
  return {
    origin: 'adopted',
    kid,
    alg: 'RS256',
    status: 'adopted',
    publishedAt: NOW - 60,
    fingerprint: 'f',
  }
}

export function withdrawn(kid: string, publishedUntil: number): KeyAnswer {
  const status = publishedUntil > NOW ? 'withdrawn' : 'retired'
  return { ...adopted(kid), status, withdrawal: { at: NOW - 60, publishedUntil } } as KeyAnswer
}

export const own: Extract<KeyAnswer, { readonly origin: 'own' }> = {
  origin: 'own',
  kid: 'own',
  alg: 'ES256',
  status: 'active',
  publishedAt: NOW - 60,
  custody: 'sealed',
  activatesAt: NOW - 120,
}
