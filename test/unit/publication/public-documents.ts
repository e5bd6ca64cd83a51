/**
 * An issuer's public documents as a fake `fetch` answers them, and what was asked of it.
 */

export const ISSUER = 'https://oidc.example.com/prod'
export const DISCOVERY_URL = `${ISSUER}/.well-known/openid-configuration`
export const JWKS_URL = `${ISSUER}/.well-known/jwks.json`

export const RSA_KEY = {
  kid: 'kid-rsa',
  alg: 'RS256',
  publicJwk: { kty: 'RSA', n: 'modulus', e: 'AQAB' },
} as const
export const EC_KEY = {
  kid: 'kid-ec',
  alg: 'ES256',
  publicJwk: { kty: 'EC', crv: 'P-256', x: 'x-coordinate', y: 'y-coordinate' },
} as const

/** As the host publishes them. */
export const RSA_MEMBER = { kid: 'kid-rsa', use: 'sig', alg: 'RS256', ...RSA_KEY.publicJwk }
export const EC_MEMBER = { kid: 'kid-ec', use: 'sig', alg: 'ES256', ...EC_KEY.publicJwk }

export const VERSION = { 'Signet-Ring-Version': '7' }

export function discoveryAnswer(members: object = {}): Response {
  return Response.json({ issuer: ISSUER, jwks_uri: JWKS_URL, ...members })
}

export function jwksAnswer(keys: unknown = [RSA_MEMBER, EC_MEMBER]): Response {
  return Response.json({ keys }, { headers: VERSION })
}

interface Asked {
  readonly url: string
  readonly init: RequestInit
  readonly receiver: unknown
}

type Answer = (signal: AbortSignal) => Response | Promise<Response>

export interface FakeWeb {
  readonly fetch: typeof fetch
  readonly asked: readonly Asked[]
}

/** Answers the two URLs; any other one is nowhere. */
export function fakeWeb({
  discovery = () => discoveryAnswer(),
  jwks = () => jwksAnswer(),
}: { readonly discovery?: Answer; readonly jwks?: Answer } = {}): FakeWeb {
  const asked: Asked[] = []
  return {
    asked,
    fetch: async function answer(this: unknown, input, init = {}) {
      const url = new Request(input).url
      asked.push({ url, init, receiver: this })
      const signal = init.signal ?? AbortSignal.any([])
      if (url === DISCOVERY_URL) return discovery(signal)
      if (url === JWKS_URL) return jwks(signal)
      throw new TypeError('fetch failed')
    },
  }
}

export interface WatchedBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Once the first piece was asked for. */
  readonly isRead: Promise<void>
  pulls: number
  isCancelled: boolean
}

/** `piece`: sent again and again, or, where it is none, never. */
export function watchedBody(piece?: Uint8Array<ArrayBuffer>): WatchedBody {
  const { promise: isRead, resolve: read } = Promise.withResolvers<void>()
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (controller) => {
        body.pulls += 1
        read()
        if (piece === undefined) return new Promise(() => {})
        controller.enqueue(piece)
        return undefined
      },
      cancel: () => {
        body.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const body: WatchedBody = { stream, isRead, pulls: 0, isCancelled: false }
  return body
}
