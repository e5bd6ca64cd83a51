/**
 * Subject tokens: keys of subject issuers, and tokens that they sign, also such as no honest issuer would.
 *
 * By `node:crypto`, so that what verifies them is not what made them.
 */

import { createHash, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto'
import type { PublicJwk } from '../../src/crypto/public-jwk.ts'
import type { PublishedAlgorithmName } from '../../src/crypto/published-algorithms.ts'
import type { JsonObject } from '../../src/json.ts'
import type { VerificationKey } from '../../src/subject-tokens/verification-key.ts'
import { NOW } from './fixtures.ts'

export const SUBJECT_ISSUER = 'https://cluster.example.net'
export const SUBJECT_AUDIENCE = 'https://oidc.example.com/prod'

export interface SubjectKey extends VerificationKey {
  readonly alg: PublishedAlgorithmName
  /** As a JWK Set has it: public, with `kid`, `alg` and `use`. */
  readonly jwk: JsonObject
  readonly privateKey: KeyObject
  /** A token of these claims; a header member that is `undefined` is left out. */
  readonly sign: (claims: unknown, headerChanges?: JsonObject) => string
  /** A token of exactly these bytes. */
  readonly signText: (header: string | Uint8Array, claims: string | Uint8Array) => string
}

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const

/** `kid`: by default as Kubernetes derives it. */
export function newSubjectKey(alg: PublishedAlgorithmName = 'ES256', kid?: string): SubjectKey {
  const { publicKey, privateKey } = isEc(alg)
    ? generateKeyPairSync('ec', { namedCurve: CURVES[alg] })
    : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const fingerprint = createHash('sha256').update(spki).digest('base64url')
  const publicJwk = publicKey.export({ format: 'jwk' }) as PublicJwk
  const name = kid ?? fingerprint
  const signText: SubjectKey['signText'] = (header, claims) => {
    const input = `${base64Url(header)}.${base64Url(claims)}`
    return `${input}.${signature(input, alg, privateKey)}`
  }
  return {
    kid: name,
    alg,
    algorithms: [alg],
    fingerprint,
    publicJwk,
    privateKey,
    jwk: { ...publicJwk, kid: name, alg, use: 'sig' },
    signText,
    sign: (claims, headerChanges = {}) =>
      signText(
        JSON.stringify({ alg, kid: name, typ: 'JWT', ...headerChanges }),
        JSON.stringify(claims),
      ),
  }
}

/** Good ones, of a token for `https://oidc.example.com/prod` that was made at `NOW`; `undefined` leaves a claim out. */
export function subjectClaims(changes: JsonObject = {}): JsonObject {
  return {
    iss: SUBJECT_ISSUER,
    sub: 'system:serviceaccount:payments:api',
    aud: [SUBJECT_AUDIENCE],
    iat: NOW,
    nbf: NOW,
    exp: NOW + 3600,
    jti: 'b5a1f2d0-6c1e-4d53-8f39-0d9f3f1c2a77',
    ...changes,
  }
}

export function base64Url(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64url')
}

function signature(input: string, alg: PublishedAlgorithmName, key: KeyObject): string {
  const hash = `sha${alg.slice(2)}`
  return signBytes(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  )
}

function isEc(alg: PublishedAlgorithmName): alg is keyof typeof CURVES {
  return alg in CURVES
}
