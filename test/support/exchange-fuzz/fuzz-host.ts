/**
 * A host with two issuers, which counts what it signs, and what comes of a request to one of them.
 */

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { sealedKeyManager } from '../../../src/adapters/signers/sealed/sealed-key-manager.ts'
import type { KeyManager } from '../../../src/signers/key-manager.ts'
import {
  adopt,
  bodyOf,
  control,
  type CreatedIssuer,
  createIssuer,
} from '../hosts/control-client.ts'
import { inProcessHost, START_SECONDS } from '../hosts/in-process.ts'
import { SEALED_SECRET, type TestResponse } from '../hosts/test-host.ts'
import type { Expected } from './oracle.ts'
import type { FormFields } from './requests.ts'
import { ADOPTED, jwksOf, sourceFetch } from './sources.ts'

export interface FuzzIssuer extends CreatedIssuer {
  readonly setPolicy: (policy: unknown) => Promise<TestResponse>
  readonly exchange: (fields: FormFields) => Promise<FuzzOutcome>
}

export interface FuzzOutcome {
  readonly answer: TestResponse
  /** What was recorded and signed meanwhile. */
  readonly events: readonly string[]
  readonly signatures: number
  /** In one form with `outcomeOf`. */
  readonly said: object
}

export interface FuzzHost {
  readonly usual: FuzzIssuer
  /** It has adopted keys. */
  readonly adopter: FuzzIssuer
}

export async function fuzzHost(): Promise<FuzzHost> {
  const signing = { count: 0 }
  const host = inProcessHost({ fetch: sourceFetch, keyManager: countingKeys(signing) })
  const fuzzIssuer = async (created: CreatedIssuer): Promise<FuzzIssuer> => {
    const { id } = created
    const published = await host.request('GET', `/${id}/.well-known/jwks.json`)
    const keys = createLocalJWKSet(bodyOf<JSONWebKeySet>(published))
    return {
      ...created,
      setPolicy: (policy) => control(host, 'PUT', `/issuers/${id}/policy`, { json: { policy } }),
      exchange: async (fields) => {
        const signed = signing.count
        const lines = host.logLines().length
        const body = new URLSearchParams(fields.map(([...field]) => field)).toString()
        const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
        const answer = await host.request('POST', `/${id}/token`, { headers, body })
        const events = host.logLines().slice(lines).flatMap(tokenEvent)
        const signatures = signing.count - signed
        return {
          answer,
          events,
          signatures,
          said: { ...(await saidIn(answer, keys)), events, signatures },
        }
      },
    }
  }
  const usual = await createIssuer(host)
  const adopter = await createIssuer(host)
  const adopted = await adopt(host, adopter.id, { keys: jwksOf(ADOPTED) })
  if (adopted.status !== 200) throw new TypeError(adopted.body)
  return { usual: await fuzzIssuer(usual), adopter: await fuzzIssuer(adopter) }
}

/** How an outcome that should be is said; `undefined`: a refusal. */
export function outcomeOf(expected: Expected | undefined): object {
  return expected === undefined
    ? { isRefusal: true, events: ['token_refused'], signatures: 0 }
    : { ...expected, isNew: true, isTyped: true, events: ['token_issued'], signatures: 1 }
}

function countingKeys(signing: { count: number }): KeyManager {
  const secret = Buffer.from(SEALED_SECRET, 'base64')
  const sealed = sealedKeyManager({ secret, deployment: 'test' })
  return {
    ...sealed,
    open: async (...asked) => {
      const signer = await sealed.open(...asked)
      return {
        sign: async (data) => {
          signing.count += 1
          return signer.sign(data)
        },
      }
    },
  }
}

function tokenEvent(line: string): string[] {
  const { event } = JSON.parse(line) as { readonly event: string }
  return event.startsWith('token_') ? [event] : []
}

async function saidIn(
  answer: TestResponse,
  keys: ReturnType<typeof createLocalJWKSet>,
): Promise<object> {
  const body = bodyOf(answer)
  const { access_token: token, issued_token_type: issuedTokenType, token_type: type } = body
  if (answer.status !== 200) {
    const isNamed = Object.keys(body).join() === 'error,error_description'
    return { isRefusal: isNamed && [400, 503].includes(answer.status) }
  }
  const currentDate = new Date(START_SECONDS * 1000)
  const { payload } = await jwtVerify(String(token), keys, { currentDate })
  const { jti, ...claims } = payload
  const expiresIn = Number(claims.exp) - START_SECONDS
  return {
    claims,
    issuedTokenType,
    isNew: typeof jti === 'string' && body['expires_in'] === expiresIn,
    isTyped: type === (String(issuedTokenType).endsWith(':id_token') ? 'N_A' : 'Bearer'),
  }
}
