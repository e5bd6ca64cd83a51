/**
 * Where oidc-provider issues its tokens.
 */

import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import type { Endpoint } from './exchange-server.ts'

export const PEER_ISSUER = 'https://oidc.bench.internal/peer'

export function peerEndpoint(alg: SigningAlgorithm): Endpoint {
  return {
    issuer: PEER_ISSUER,
    tokenPath: '/token',
    jwksPath: '/jwks',
    further: { client_id: alg },
  }
}
