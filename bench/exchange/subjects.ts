/**
 * Subject tokens: those of service accounts of two clusters, signed by ES256 keys that no other part of the bench has.
 *
 * Shaped as the API server makes them, a kilobyte each, one for each of many pods.
 */

import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export const SUBJECT_ISSUER = 'https://kubernetes.default.svc.cluster.local'
const CLUSTERS = ['prod-eu', 'prod-us'] as const

/** Of the first cluster; the other one is there to be told from it. */
const SIGNING_CLUSTER = 'prod-eu'
const NAMESPACE = 'payments'
const NODE = 'ip-10-0-12-34.eu-central-1.compute.internal'
const ACCOUNT_UID = 'a6d0c9f3-2b1e-4f77-8c11-5d9e3f7a1b20'
const NODE_UID = '8f5c1a52-7c4e-4b1b-8d24-2a6f5a0b9e77'
const TTL_SECONDS = 3600

export interface SubjectKeys {
  /** Public, by cluster. */
  readonly jwks: Readonly<Record<string, JWK>>
  /** A token for `audience`. */
  readonly sign: (audience: string, pod: number) => Promise<SubjectToken>
}

export interface SubjectToken {
  readonly token: string
  /** What it must become. */
  readonly issued: IssuedClaims
}

export interface IssuedClaims {
  readonly sub: string
  readonly tags: object
}

export async function makeSubjectKeys(): Promise<SubjectKeys> {
  const pairs = await Promise.all(
    CLUSTERS.map(async (cluster) => {
      const { publicKey, privateKey } = await generateKeyPair('ES256')
      const jwk = { ...(await exportJWK(publicKey)), kid: `${cluster}-key`, alg: 'ES256' }
      return { cluster, jwk: { ...jwk, use: 'sig' }, privateKey }
    }),
  )
  const signing = pairs.find(({ cluster }) => cluster === SIGNING_CLUSTER)
  if (signing === undefined) throw new TypeError(`no key of ${SIGNING_CLUSTER}`)
  const { jwk, privateKey } = signing
  return {
    jwks: Object.fromEntries(pairs.map((pair) => [pair.cluster, pair.jwk])),
    sign: async (audience, pod) => {
      const account = `ledger-${String(pod).padStart(3, '0')}`
      const header = { alg: 'ES256', kid: jwk.kid }
      const token = await new SignJWT(claimsOf(account))
        .setProtectedHeader(header)
        .setAudience([audience])
        .setIssuedAt()
        .setNotBefore('0s')
        .setExpirationTime(`${TTL_SECONDS}s`)
        .setJti(crypto.randomUUID())
        .sign(privateKey)
      return { token, issued: issuedFor(account) }
    },
  }
}

function claimsOf(account: string): Record<string, unknown> {
  return {
    iss: SUBJECT_ISSUER,
    'kubernetes.io': {
      namespace: NAMESPACE,
      node: { name: NODE, uid: NODE_UID },
      pod: { name: `${account}-7c9d8f6b5c-x2x7k`, uid: crypto.randomUUID() },
      serviceaccount: { name: account, uid: ACCOUNT_UID },
    },
    sub: `system:serviceaccount:${NAMESPACE}:${account}`,
  }
}

function issuedFor(account: string): IssuedClaims {
  return {
    sub: `${SIGNING_CLUSTER}:system:serviceaccount:${NAMESPACE}:${account}`,
    tags: {
      principal_tags: {
        cluster: [SIGNING_CLUSTER],
        namespace: [NAMESPACE],
        'service-account': [account],
      },
      transitive_tag_keys: ['cluster'],
    },
  }
}
