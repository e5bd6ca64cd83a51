/**
 * oidc-provider with a token exchange of its own, as it lets one be registered: its Koa app on node:http, its JWT access
 * tokens, its own adapter in memory.
 *
 * Subject tokens are verified with jose. It decides as the policy of Signet does, in plain JavaScript, and writes no audit
 * record.
 */

import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, jwtVerify } from 'jose'
import { errors, Provider } from 'oidc-provider'
import { type SigningAlgorithm, SIGNING_ALGORITHMS } from '../../src/crypto/algorithms.ts'
import { serveWithNode } from '../node/listen.ts'
import { PEER_ISSUER } from './peer-endpoint.ts'
import { readSettings, sayListening } from './server-process.ts'
import { SUBJECT_ISSUER } from './subjects.ts'
import { ISSUED_AUDIENCE, JWT_TYPE, TOKEN_EXCHANGE } from './token-request.ts'

interface Parameters {
  readonly subject_token?: string
  readonly subject_token_type?: string
  readonly audience?: string
}

interface KubernetesClaims {
  readonly namespace: string
  readonly serviceaccount: { readonly name: string }
}

const PARAMETERS = ['subject_token', 'subject_token_type', 'audience']
const REFUSED_NAMESPACES = ['default', 'kube-public', 'kube-system']
const TTL_SECONDS = 3600

const { jwks } = readSettings()
const subjectKeys = createLocalJWKSet({ keys: Object.values(jwks) })
const clusters = new Map(Object.entries(jwks).map(([cluster, { kid = '' }]) => [kid, cluster]))

async function signingKey(alg: SigningAlgorithm): Promise<object> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: alg }
}

const provider = new Provider(PEER_ISSUER, {
  jwks: { keys: await Promise.all(SIGNING_ALGORITHMS.map(signingKey)) },
  // One a signing algorithm, by which tokens are signed that are for it.
  clients: SIGNING_ALGORITHMS.map((alg) => ({
    client_id: alg,
    token_endpoint_auth_method: 'none',
    grant_types: [TOKEN_EXCHANGE],
    redirect_uris: [],
    response_types: [],
  })),
  features: { devInteractions: { enabled: false } },
  extraTokenClaims: (ctx) => ctx.state['extra'] as Record<string, unknown>,
})

function extraClaims(cluster: string, claims: JWTPayload): Record<string, unknown> {
  const { namespace, serviceaccount } = claims['kubernetes.io'] as KubernetesClaims
  if (REFUSED_NAMESPACES.includes(namespace)) throw new errors.InvalidRequest('not let in')
  return {
    'https://aws.amazon.com/tags': {
      principal_tags: {
        cluster: [cluster],
        namespace: [namespace],
        'service-account': [serviceaccount.name],
      },
      transitive_tag_keys: ['cluster'],
    },
  }
}

provider.registerGrantType<Parameters>(
  TOKEN_EXCHANGE,
  async (ctx) => {
    const { client, params } = ctx.oidc
    const { subject_token: subjectToken = '', audience } = params
    if (params.subject_token_type !== JWT_TYPE) throw new errors.InvalidRequest('another type')
    if (audience !== ISSUED_AUDIENCE) throw new errors.InvalidTarget()
    const { payload, protectedHeader } = await jwtVerify(subjectToken, subjectKeys, {
      issuer: SUBJECT_ISSUER,
      audience: PEER_ISSUER,
      algorithms: ['ES256'],
      maxTokenAge: TTL_SECONDS,
    })
    const cluster = clusters.get(protectedHeader.kid ?? '')
    if (cluster === undefined) throw new errors.InvalidRequest('an unknown cluster')
    ctx.state['extra'] = extraClaims(cluster, payload)
    const alg = client.clientId as SigningAlgorithm
    const token = new provider.AccessToken({
      client,
      accountId: `${cluster}:${payload.sub}`,
      grantId: '',
      gty: 'token-exchange',
      resourceServer: new provider.ResourceServer(audience, {
        audience,
        scope: '',
        accessTokenTTL: TTL_SECONDS,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg } },
      }),
    })
    ctx.body = {
      access_token: await token.save(),
      issued_token_type: JWT_TYPE,
      token_type: token.tokenType,
      expires_in: token.expiration,
    }
  },
  PARAMETERS,
)

serveWithNode(provider.callback(), (port) => sayListening({ port }))
