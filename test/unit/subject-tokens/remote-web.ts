/**
 * A subject issuer as a fake `fetch` has it, with real keys, and what was asked of it.
 */

export const ISSUER = 'https://tokens.example.com/cluster'
export const DISCOVERY_URL = `${ISSUER}/.well-known/openid-configuration`
export const JWKS_URL = 'https://tokens.example.com/cluster/keys'

export type Answer = (signal: AbortSignal) => Response | Promise<Response>

export interface RemoteWeb {
  readonly fetch: typeof fetch
  /** URLs, in order. */
  readonly asked: readonly string[]
  readonly receivers: readonly unknown[]
  /** Answers at URLs; any other one is nowhere. */
  readonly answers: Map<string, Answer>
}

export function remoteWeb(answers: Readonly<Record<string, Answer>> = {}): RemoteWeb {
  const web = {
    asked: [] as string[],
    receivers: [] as unknown[],
    answers: new Map(Object.entries(answers)),
    fetch: async function answer(this: unknown, input: unknown, init: RequestInit = {}) {
      const url = String(input)
      web.asked.push(url)
      web.receivers.push(this)
      const answerAt = web.answers.get(url)
      if (answerAt === undefined) throw new TypeError('fetch failed')
      return answerAt(init.signal ?? AbortSignal.any([]))
    },
  }
  return web
}

/** The two documents of `issuer` as they should be. */
export function rightAnswers(
  keys: readonly unknown[],
  cacheControl = 'max-age=600',
): Record<string, Answer> {
  return {
    [DISCOVERY_URL]: () => Response.json({ issuer: ISSUER, jwks_uri: JWKS_URL }),
    [JWKS_URL]: () => Response.json({ keys }, { headers: { 'Cache-Control': cacheControl } }),
  }
}

export async function ecMember(kid: string, members: object = {}): Promise<object> {
  const parameters = { name: 'ECDSA', namedCurve: 'P-256' }
  const { publicKey } = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  return { kid, kty, crv, x, y, ...members }
}
