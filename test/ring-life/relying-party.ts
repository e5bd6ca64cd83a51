/**
 * Relying parties: from the issuer identifier alone, by discovery and the JWK Set that it names, with a cache as old as they
 * allow themselves. What is valid is judged by oauth4webapi.
 */

import * as oauth from 'oauth4webapi'
import { maxAgeOf } from './caching-proxy.ts'
import type { RingClock } from './controlled-time.ts'

export const AUDIENCE = 'sts.amazonaws.com'

/** A token as its holder knows it. */
export interface HeldToken {
  readonly jwt: string
  readonly kid: string
  readonly alg: string
  readonly expiresAt: number
}

export interface RelyingPartyOptions {
  readonly name: string
  readonly issuer: string
  readonly clock: RingClock
  readonly fetch: (url: string) => Promise<Response>
  /** For how long it keeps what came with this `max-age`. */
  readonly keeps: (maxAge: number) => number
  /** Every key that anybody has ever seen, by its `kid`. */
  readonly knownKeys: Map<string, string>
}

export interface RelyingParty {
  readonly name: string
  /** For how long it keeps what it has. */
  keptSeconds(): number
  /** Fetches both documents now. Throws what is wrong with them. */
  fetchAnew(): Promise<void>
  /** Fetches where what it has is too old. */
  refresh(): Promise<void>
  /** Why the token is not valid here and now; `undefined` where it is. */
  problemOf(token: HeldToken): Promise<string | undefined>
  kids(): readonly string[]
}

interface Documents {
  readonly server: oauth.AuthorizationServer
  readonly keys: readonly JsonWebKeyOfSet[]
  readonly ringVersion: number
  readonly fetchedAt: number
  readonly maxAge: number
}

type JsonWebKeyOfSet = oauth.JWK & { readonly kid: string }

export function relyingParty(options: RelyingPartyOptions): RelyingParty {
  const { name, issuer, clock, keeps, knownKeys } = options
  let documents: Documents | undefined
  /** Pairs of token and key whose signature was found right. */
  const verified = new Set<string>()

  async function fetchAnew(): Promise<void> {
    const url = new URL(issuer)
    const found = await options.fetch(`${issuer}/.well-known/openid-configuration`)
    const server = await oauth.processDiscoveryResponse(url, found)
    const response = await options.fetch(server.jwks_uri ?? '')
    if (response.status !== 200) throw new Error(`${name}: the JWK Set has ${response.status}`)
    const { keys } = (await response.json()) as { readonly keys: readonly JsonWebKeyOfSet[] }
    const ringVersion = Number(response.headers.get('Signet-Ring-Version'))
    const before = documents?.ringVersion ?? 1
    if (!(ringVersion >= before)) throw new Error(`${name}: from ${before} to ${ringVersion}`)
    if (keys.length === 0) throw new Error(`${name}: an empty JWK Set`)
    if (new Set(keys.map(({ kid }) => kid)).size < keys.length) throw new Error('a kid twice')
    for (const key of keys) noteKey(key)
    const maxAge = maxAgeOf(response)
    documents = { server, keys, ringVersion, fetchedAt: clock.seconds, maxAge }
  }

  function noteKey(key: JsonWebKeyOfSet): void {
    const text = JSON.stringify(key)
    const known = knownKeys.get(key.kid) ?? text
    if (known !== text) throw new Error(`${name}: another key under ${key.kid}`)
    knownKeys.set(key.kid, text)
  }

  function keptSeconds(): number {
    return documents === undefined ? 0 : keeps(documents.maxAge)
  }

  return {
    name,
    keptSeconds,
    fetchAnew,
    refresh: async () => {
      const isOld = documents === undefined || clock.seconds - documents.fetchedAt >= keptSeconds()
      if (isOld) await fetchAnew()
    },
    kids: () => documents?.keys.map(({ kid }) => kid) ?? [],
    problemOf: async (token) => {
      if (documents === undefined) return `${name} has no documents`
      const { server, keys, ringVersion, fetchedAt } = documents
      const key = keys.find(({ kid }) => kid === token.kid)
      const age = `a set of version ${ringVersion} that is ${clock.seconds - fetchedAt} s old`
      if (key === undefined) return `${name} lacks ${token.kid} in ${age}`
      const algorithms = server.id_token_signing_alg_values_supported ?? []
      if (!algorithms.includes(token.alg)) return `${name} does not expect ${token.alg}`
      const pair = `${token.jwt} ${JSON.stringify(key)}`
      if (verified.has(pair)) return undefined
      const problem = await signatureProblem(server, keys, token, clock)
      if (problem === undefined) verified.add(pair)
      return problem === undefined ? undefined : `${name} refuses (${problem}) by ${age}`
    },
  }
}

/** As the answer of a token endpoint, since that is where the library checks signatures by `jwks_uri`. */
async function signatureProblem(
  server: oauth.AuthorizationServer,
  keys: readonly JsonWebKeyOfSet[],
  { jwt, alg }: HeldToken,
  { seconds }: RingClock,
): Promise<string | undefined> {
  const real = Math.floor(new Date().getTime() / 1000)
  const client: oauth.Client = {
    client_id: AUDIENCE,
    id_token_signed_response_alg: alg,
    [oauth.clockSkew]: seconds - real,
    [oauth.clockTolerance]: LEEWAY_SECONDS,
  }
  // A copy, since the library remembers the key sets of those that it has seen.
  const its = { ...server }
  const cache: oauth.JWKSCacheInput = { jwks: { keys: [...keys] }, uat: real }
  try {
    const answer = Response.json({ access_token: 'x', token_type: 'bearer', id_token: jwt })
    await oauth.processGenericTokenEndpointResponse(its, client, answer)
    await oauth.validateApplicationLevelSignature(its, answer, {
      [oauth.jwksCache]: cache,
      [oauth.customFetch]: () => Promise.reject(new Error('it has the set already')),
    })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Relying parties accept a token this long after its `exp`: AWS does. */
export const LEEWAY_SECONDS = 300
