/**
 * An issuer that trusts several sources, and what somebody has who wants a token of it that he should not get.
 */

import { generateKeyPairSync } from 'node:crypto'
import type { JsonObject } from '../../../src/json.ts'
import type { PolicyEntry } from '../../../src/policies/exchange-policy.ts'
import {
  bodyOf,
  claimsOf,
  type CreatedIssuer,
  createIssuer,
  mintToken,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { policyEntry } from '../../support/policy-entries.ts'
import { newSubjectKey, type SubjectKey } from '../../support/subject-tokens.ts'
import { exchanging, type ExchangingIssuer, setEntries } from './exchanging.ts'

export const GOOGLE = '//iam.googleapis.com/projects/1/locations/global'

const RSA_ISSUER = 'https://rsa.example.net'
const STRICT_ISSUER = 'https://strict.example.net'

export interface HostileWorld {
  readonly host: TestHost
  /** `key` and `subjectToken` are those of its entry `prod`, which lets everybody in. */
  readonly issuer: ExchangingIssuer
  /** Of a second entry with the same `iss` and `kid`, which lets nobody in. */
  readonly twin: SubjectKey
  /** Of an entry with an `iss` of its own. */
  readonly rsa: SubjectKey
  /** Of an entry that has a condition, one audience and a maximum age, and puts claims where AWS bounds them. */
  readonly strict: SubjectKey
  /** Of nobody, under the `kid` of `prod`. */
  readonly stranger: SubjectKey
  /** Good claims by the entry that they are for; `undefined` leaves one out. */
  readonly claims: (changes?: JsonObject) => JsonObject
  readonly rsaClaims: (changes?: JsonObject) => JsonObject
  readonly strictClaims: (changes?: JsonObject) => JsonObject
  /** Signed by keys of this installation. */
  readonly ours: OurTokens
}

export interface OurTokens {
  readonly minted: string
  readonly mintedBySibling: string
  readonly exchanged: string
  /** Of the key that signs for the issuer. */
  readonly kid: string
}

export async function hostileWorld(host: TestHost): Promise<HostileWorld> {
  const created = await createIssuer(host)
  const key = newSubjectKey('ES256')
  const twin = newSubjectKey('ES256', key.kid)
  const rsa = newSubjectKey('RS256')
  const strict = newSubjectKey('ES256')
  await setEntries(host, created.id, entriesOf(created, { key, twin, rsa, strict }))
  const issuer = await exchanging(host, created, key)
  const claims = (changes: JsonObject = {}): JsonObject => claimsOf(issuer.subjectToken(changes))
  return {
    host,
    issuer,
    twin,
    rsa,
    strict,
    stranger: newSubjectKey('ES256', key.kid),
    claims,
    rsaClaims: (changes) => claims({ iss: RSA_ISSUER, ...changes }),
    strictClaims: (changes) =>
      claims({
        iss: STRICT_ISSUER,
        aud: `${created.issuer}/token`,
        let: true,
        team: 'payments',
        actor: 'somebody',
        further: 1,
        ...changes,
      }),
    ours: await ourTokens(host, issuer),
  }
}

function entriesOf(
  { issuer }: CreatedIssuer,
  keys: Readonly<Record<'key' | 'twin' | 'rsa' | 'strict', SubjectKey>>,
): PolicyEntry[] {
  const token = {
    subject: 'entry.name + ":" + claims.sub',
    audiences: ['sts.amazonaws.com', GOOGLE],
  }
  return [
    policyEntry({ keys: inline(keys.key), algorithms: ['ES256'], token }),
    policyEntry({ name: 'twin', keys: inline(keys.twin), condition: 'false', token }),
    policyEntry({
      name: 'rsa',
      issuer: RSA_ISSUER,
      // By itself the key verifies RS384 and RS512 too.
      keys: { jwks: { keys: [{ ...keys.rsa.publicJwk, kid: keys.rsa.kid }] } },
      algorithms: ['RS256'],
      token,
    }),
    policyEntry({
      name: 'strict',
      issuer: STRICT_ISSUER,
      keys: inline(keys.strict),
      audience: `${issuer}/token`,
      maxAgeSeconds: 600,
      condition: 'claims.let',
      token: {
        ...token,
        tags: { team: 'claims.team' },
        sourceIdentity: 'claims.actor',
        claims: { further: 'claims.further' },
      },
    }),
  ]
}

function inline({ jwk }: SubjectKey): PolicyEntry['keys'] {
  return { jwks: { keys: [jwk] } }
}

async function ourTokens(host: TestHost, issuer: ExchangingIssuer): Promise<OurTokens> {
  const forItself = { audience: issuer.issuer }
  const sibling = await createIssuer(host)
  const answer = await issuer.exchange()
  const minted = await mintToken(host, issuer.id, forItself)
  const [header = ''] = minted.split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }
  return {
    minted,
    mintedBySibling: await mintToken(host, sibling.id, forItself),
    exchanged: bodyOf<{ access_token: string }>(answer).access_token,
    kid,
  }
}

/** A public key that came from nowhere, as a header may bring it. */
export function strangersJwk(): JsonObject {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...publicKey.export({ format: 'jwk' }) }
}
