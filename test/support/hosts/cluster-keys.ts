/**
 * Keys as clusters have them: real ones, of which each is made once.
 */

import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'

export type ClusterKeyType = 2048 | 3072 | 4096 | 1024 | 'P-256' | 'P-384' | 'P-521' | 'Ed25519'

export interface ClusterKey {
  /** With a `kid` as Kubernetes derives it. */
  readonly jwk: Readonly<Record<string, string>> & { readonly kid: string }
  readonly pem: string
  /** What must never leave its cluster. */
  readonly secret: {
    readonly jwk: Readonly<Record<string, string>>
    readonly pem: string
    /** Texts of which none may be repeated. */
    readonly marks: readonly string[]
  }
}

const made = new Map<string, ClusterKey>()

/** Each `number` is another key. */
export function clusterKey(type: ClusterKeyType, number = 1): ClusterKey {
  const name = `${type} ${number}`
  const key = made.get(name) ?? newKey(type)
  made.set(name, key)
  return key
}

export function clusterKeys(count: number, type: ClusterKeyType = 'P-256'): ClusterKey[] {
  return Array.from({ length: count }, (_, index) => clusterKey(type, index + 1))
}

/** As `kubectl get --raw /openid/v1/jwks` prints it. */
export function jwkSet(...keys: readonly ClusterKey[]) {
  return { keys: keys.map(({ jwk }) => jwk) }
}

function newKey(type: ClusterKeyType): ClusterKey {
  const { publicKey, privateKey } = newPair(type)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const kid = createHash('sha256').update(spki).digest('base64url')
  const secretJwk = privateKey.export({ format: 'jwk' }) as Record<string, string>
  const secretPem = textOf(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const { d = '', p = d, q = d } = secretJwk
  const lines = secretPem.split('\n').filter((line) => line.length > 40)
  return {
    jwk: { use: 'sig', kid, ...(publicKey.export({ format: 'jwk' }) as Record<string, string>) },
    pem: textOf(publicKey.export({ type: 'spki', format: 'pem' })),
    secret: { jwk: secretJwk, pem: secretPem, marks: [d, p, q, ...lines] },
  }
}

function newPair(type: ClusterKeyType): { publicKey: KeyObject; privateKey: KeyObject } {
  if (typeof type === 'number') return generateKeyPairSync('rsa', { modulusLength: type })
  if (type === 'Ed25519') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('ec', { namedCurve: type })
}

function textOf(exported: string | Buffer): string {
  return exported.toString()
}
