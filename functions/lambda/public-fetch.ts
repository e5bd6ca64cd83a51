/**
 * `fetch` for what policies of operators name, from inside a cloud: it connects to public addresses alone.
 *
 * Resolves the name itself, and connects to what it has checked: a name that means one thing when it is looked at, and
 * another when it is connected to, leads nowhere. GET over TLS, redirects are answers, no connection outlives its answer.
 */

import type { LookupAddress } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import type { LookupFunction } from 'node:net'
import { addressProblem, isPublicAddress } from '../../src/subject-tokens/public-address.ts'

/** Answers that have no body (Fetch Standard, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

const NOWHERE = 'leads to no public address'

/** As `lookup` of `node:dns` is called here. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true; readonly family: number },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

export interface PublicFetchOptions {
  /** Default: as the system resolves names. */
  readonly resolve?: Resolve
  /** Whether an address may be connected to. */
  readonly isAllowed: (ip: string) => boolean
  /** Certificates of authorities, in place of those that Node knows. */
  readonly ca?: string
}

export const publicFetch: typeof fetch = fetchOver({ isAllowed: isPublicAddress })

export function fetchOver(options: PublicFetchOptions): typeof fetch {
  return async (input, init = {}) => {
    const { url, method, headers } = new Request(input, init)
    if (method !== 'GET') throw new TypeError(`what is public is asked for by GET, got ${method}`)
    const target = new URL(url)
    if (target.protocol !== 'https:') throw failure(refusal('HTTPS_NEEDED', 'must use https'))
    // Nobody is asked to resolve what is an address already.
    const problem = addressProblem(target, false)
    if (problem !== undefined) throw failure(refusal('ADDRESS_NOT_PUBLIC', problem))
    // Not that of the request made here, which is aborted no more once nobody holds the request.
    const signal = init.signal ?? (input instanceof Request ? input.signal : undefined)
    const resolve = options.resolve ?? (await import('node:dns')).lookup
    const incoming = await answerTo(target, {
      // Its connection ends with the answer: a pool would keep it for nobody.
      agent: false,
      headers: { ...Object.fromEntries(headers), 'accept-encoding': 'identity' },
      lookup: checkedLookup(resolve, options.isAllowed),
      ...(signal !== undefined && { signal }),
      ...(options.ca !== undefined && { ca: options.ca }),
    })
    try {
      return await responseOf(incoming)
    } catch (cause) {
      incoming.destroy()
      throw failure(cause)
    }
  }
}

/** What `net.connect` asks for the addresses of a name, and connects to what it is told. */
export function checkedLookup(
  resolve: Resolve,
  isAllowed: (ip: string) => boolean,
): LookupFunction {
  return (hostname, { all, family }, done) => {
    const version = { IPv4: 4, IPv6: 6 }[String(family)] ?? Number(family ?? 0)
    resolve(hostname, { all: true, family: version }, (error, addresses) => {
      if (error !== null) return done(error, [])
      const allowed = addresses.filter(({ address }) => isAllowed(address))
      const [first] = allowed
      if (first === undefined) return done(refusal('ADDRESS_NOT_PUBLIC', NOWHERE), [])
      return all === true ? done(null, allowed) : done(null, first.address, first.family)
    })
  }
}

/** Rejects as `fetch` does. */
async function answerTo(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const { get } = await import('node:https')
  return new Promise((resolve, reject) => {
    const request = get(url, options, resolve)
    request.on('error', (cause) => {
      reject(options.signal?.aborted === true ? options.signal.reason : failure(cause))
    })
  })
}

async function responseOf(incoming: IncomingMessage): Promise<Response> {
  const { Readable } = await import('node:stream')
  const { statusCode: status = 0 } = incoming
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  if (BODILESS.has(status)) {
    incoming.destroy()
    return new Response(null, { status, headers })
  }
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>
  return new Response(body, { status, headers })
}

/** With a code, as errors of systems have one: it is what messages say of it. */
function refusal(code: string, what: string): Error {
  return Object.assign(new Error(`the URL ${what}`), { code })
}

function failure(cause: unknown): TypeError {
  return new TypeError('fetch failed', { cause })
}
