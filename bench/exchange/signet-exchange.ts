/**
 * Signet as an exchange needs it: two issuers, one for each algorithm, with the ready-made policy for a fleet of clusters.
 */

import { readFileSync } from 'node:fs'
import type { JWK } from 'jose'
import { parse } from 'yaml'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import type { ExchangePolicy } from '../../src/policies/exchange-policy.ts'
import { control, pathOf, PUBLIC_URL } from '../signet-seed.ts'
import type { Endpoint } from './exchange-server.ts'

const FLEET = new URL('../../docs/policies/fleet.yaml', import.meta.url)

export function signetIssuerId(alg: SigningAlgorithm): string {
  return `exchange-${alg.toLowerCase()}`
}

export function signetEndpoint(alg: SigningAlgorithm): Endpoint {
  const id = signetIssuerId(alg)
  return {
    issuer: `${PUBLIC_URL}/${id}`,
    tokenPath: `/${id}/token`,
    jwksPath: pathOf(id, 'JWK Set'),
    further: {},
  }
}

/** Makes them as operators do, by the control API of the host at `url`. */
export async function createExchangingIssuers(
  fetch: (request: Request) => Promise<Response>,
  url: string,
  jwks: Readonly<Record<string, JWK>>,
): Promise<void> {
  const policy = fleetPolicy(jwks)
  for (const algorithm of SIGNING_ALGORITHMS) {
    const id = signetIssuerId(algorithm)
    await control(fetch, url, {
      method: 'POST',
      path: '/issuers',
      json: { id, policy: { algorithm } },
    })
    await control(fetch, url, { method: 'PUT', path: `/issuers/${id}/policy`, json: { policy } })
  }
}

/** As it stands in the documentation, with keys that the bench has. */
function fleetPolicy(jwks: Readonly<Record<string, JWK>>): ExchangePolicy {
  const { entries } = parse(readFileSync(FLEET, 'utf8')) as ExchangePolicy
  return {
    entries: entries.map((entry) => ({
      ...entry,
      keys: { jwks: { keys: [{ ...jwks[entry.name] }] } },
      algorithms: ['ES256'],
    })),
  }
}
