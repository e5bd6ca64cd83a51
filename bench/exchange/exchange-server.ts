/**
 * A server that exchanges tokens, and the requests that it is asked.
 */

import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import type { Load, Target } from '../load/load-process.ts'
import { checkIssued } from './check-issued.ts'
import type { SubjectKeys, SubjectToken } from './subjects.ts'
import { tokenRequest } from './token-request.ts'

/** Where a server issues the tokens of one algorithm. */
export interface Endpoint {
  readonly issuer: string
  readonly tokenPath: string
  readonly jwksPath: string
  /** Parameters that it wants beside those of the grant. */
  readonly further: Readonly<Record<string, string>>
}

export interface ExchangeServer {
  readonly name: string
  readonly pid: number
  readonly port: number
  readonly endpointOf: (alg: SigningAlgorithm) => Endpoint
}

/** In turn: none is asked for twice in a row, and nothing could keep what it answered. */
const TOKENS = 32

export function subjectTokensFor(
  { issuer }: Endpoint,
  { sign }: SubjectKeys,
): Promise<SubjectToken[]> {
  return Promise.all(Array.from({ length: TOKENS }, (_, pod) => sign(issuer, pod)))
}

/** Rejects unless every one of the tokens is exchanged for the right one. */
export async function exchangeTarget(
  load: Load,
  { name, port, pid, endpointOf }: ExchangeServer,
  alg: SigningAlgorithm,
  tokens: readonly SubjectToken[],
): Promise<Target> {
  const { issuer, tokenPath, jwksPath, further } = endpointOf(alg)
  const jwks = await load.capture(port, jwksPath)
  const posts = tokens.map((token) => tokenRequest(tokenPath, token, further))
  for (const [index, post] of posts.entries()) {
    const { issued } = tokens[index] ?? {}
    if (issued === undefined) throw new TypeError('a request without a subject token')
    const answer = await load.capture(port, post)
    await checkIssued(answer, jwks, { ...issued, issuer, alg })
  }
  const list = `${alg} exchanges of ${name}`
  await load.learn(list, posts)
  return { port, pid, list }
}
