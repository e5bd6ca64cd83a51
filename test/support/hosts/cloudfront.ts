/**
 * A CloudFront distribution as a template has it, without a cache: every request is one that no edge has an answer for.
 *
 * CloudFront developer guide: "Request and response behavior for custom origins", "Optimize high availability with CloudFront
 * origin failover", "Path pattern". An origin that does not answer in its time is a value here and no waiting.
 */

import { matchesPattern } from '../aws/iam-conditions.ts'
import type { EdgeBehavior, EdgeConfig, EdgeOrigin } from './cloudfront-config.ts'
import { runEdgeFunction } from './cloudfront-function.ts'
import type { TestResponse } from './test-host.ts'

export interface OriginRequest {
  readonly method: string
  /** With its query. */
  readonly rawPath: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
}

export interface EdgeOptions {
  readonly config: EdgeConfig
  /** Names besides the aliases of the template, with wildcards. */
  readonly furtherAliases?: readonly string[]
  /** `hangs`: nothing came in the time that the origin has. */
  readonly ask: (origin: EdgeOrigin, request: OriginRequest) => Promise<TestResponse | 'hangs'>
}

export interface Edge {
  readonly answer: (request: OriginRequest) => Promise<TestResponse>
}

/** Of the viewer's headers, what goes to an origin when no policy says so. A validator: as the guide has it for a miss. */
const ALWAYS_FORWARDED: readonly string[] = ['if-none-match', 'content-type', 'content-length']

export function edge({ config, furtherAliases = [], ask }: EdgeOptions): Edge {
  const aliases = [...config.aliases, ...furtherAliases]

  async function answerOfOrigins(
    behavior: EdgeBehavior,
    request: OriginRequest,
  ): Promise<TestResponse> {
    const [first, ...others] = behavior.origins
    if (first === undefined) throw new TypeError('a behavior without an origin')
    let answer = await ask(first, requestFor(first, request))
    for (const origin of others) {
      const status = answer === 'hangs' ? 504 : answer.status
      // Failover is for GET, HEAD and OPTIONS, which are all that such a behavior may allow.
      if (!behavior.failoverStatuses.includes(status)) break
      answer = await ask(origin, requestFor(origin, request))
    }
    return answer === 'hangs' ? ownAnswer(504) : answer
  }

  return {
    answer: async (request) => {
      const host = (request.headers['host'] ?? '').toLowerCase().replace(/:\d+$/, '')
      if (!aliases.some((alias) => matchesPattern(host, alias))) return ownAnswer(403)
      const [uri = '', query = ''] = request.rawPath.split(/\?(.*)/s)
      const behavior = config.behaviors.find(({ pattern }) => matchesPath(uri, pattern))
      if (behavior === undefined || !behavior.methods.includes(request.method)) {
        return ownAnswer(403)
      }
      const outcome =
        behavior.viewerRequest === undefined
          ? ({ type: 'request', uri } as const)
          : runEdgeFunction(behavior.viewerRequest, { ...request, uri, query })
      if (outcome.type === 'response') return outcome.response
      const forwarded = forwardedTo(behavior, request, { uri: outcome.uri, query })
      const answer = await answerOfOrigins(behavior, forwarded)
      return withHeaders(behavior, request, answer)
    },
  }
}

/** "CloudFront normalizes URI paths consistent with RFC 3986 and then matches the path with the correct cache behavior." */
function matchesPath(uri: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true
  const path = URL.parse(`https://host.example${uri.split('#')[0]}`)?.pathname ?? uri
  const normal = path.replaceAll(
    /%([46][1-9A-Fa-f]|[57][0-9Aa]|3\d|2[DdEe]|5[Ff]|7[Ee])/g,
    (escape) => decodeURIComponent(escape),
  )
  return matchesPattern(
    normal,
    pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`,
  )
}

function forwardedTo(
  { forwards }: EdgeBehavior,
  request: OriginRequest,
  { uri, query }: { readonly uri: string; readonly query: string },
): OriginRequest {
  const isAll = forwards === 'all but the host'
  const kept = Object.entries(request.headers).filter(
    ([name]) => name !== 'host' && (isAll || ALWAYS_FORWARDED.includes(name)),
  )
  const rawPath = isAll && query !== '' ? `${uri}?${query}` : uri
  return { ...request, rawPath, headers: Object.fromEntries(kept) }
}

function requestFor(origin: EdgeOrigin, request: OriginRequest): OriginRequest {
  const { rawPath, headers } = request
  return {
    ...request,
    rawPath: `${origin.path}${rawPath}`,
    headers: { ...headers, host: origin.domain },
  }
}

function withHeaders(
  { answerHeaders }: EdgeBehavior,
  request: OriginRequest,
  answer: TestResponse,
): TestResponse {
  if (answerHeaders === undefined) return answer
  const { cors, always, replaces } = answerHeaders
  // CloudFront adds headers of CORS to what was asked for by a page.
  const added = { ...(request.headers['origin'] === undefined ? {} : cors), ...always }
  const headers = replaces ? { ...answer.headers, ...added } : { ...added, ...answer.headers }
  return { ...answer, headers }
}

/** CloudFront's own error page. */
function ownAnswer(status: number): TestResponse {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: '<H1>ERROR: The request could not be satisfied</H1>',
  }
}
