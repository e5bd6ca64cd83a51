/**
 * oidc-provider as its documentation runs it: one RS256 key, its own adapter in memory, its Koa app on node:http.
 */

import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { listenWithNode } from './listen.ts'

const { privateKey } = await generateKeyPair('RS256', { extractable: true })
const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'bench' }
const provider = new Provider('http://127.0.0.1', {
  jwks: { keys: [key] },
  features: { devInteractions: { enabled: false } },
})
listenWithNode(provider.callback(), {
  discovery: '/.well-known/openid-configuration',
  'JWK Set': '/jwks',
})
