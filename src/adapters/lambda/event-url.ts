/**
 * The URL that an event was sent to: scheme, host, path below the stage, query.
 *
 * What `rawPath` is, by the reports of others: a Function URL hands the path on as it was sent. An HTTP API decodes it, and
 * cuts it at a `?` that it decoded (captures in github.com/hotsock/voker/pull/8, by the account of
 * github.com/middleapi/standard-server/pull/93; `/a%2Fb` comes as `/a/b`, github.com/fastify/aws-lambda-fastify/issues/169).
 * It begins with the stage where that is not `$default`, behind a custom domain with an API mapping too
 * (github.com/CodeGenieApp/serverless-express/issues/465). `rawQueryString` stays encoded.
 *
 * So a path may have escapes or none. Escapes are kept, and what would end the path, or that `URL` leaves out or takes for
 * a slash, is escaped: a path that is no more encoded than it must be has the same URL either way.
 */

import type { HttpEvent } from './http-event.ts'

/**
 * Where an event says which host was asked for. `event`: in what AWS says of it. `path`: in the first segment of the path below
 * the stage, where a CDN has put the host that it was asked for; the rest is the path.
 */
export type HostSource = 'event' | 'path'

/** A name or an IPv4 address, perhaps a port: nothing that could begin another part of a URL. */
const HOST = /^[\w.-]+(?::\d{1,5})?$/
/** What no path of an issuer begins with, but that of a request past the CDN may: empty labels, and a number, which `URL` takes for an address. */
const NO_HOST = /^\d+(?::|$)|^\.|\.\./

/** Never matches where the path does not begin with a slash. */
const SEGMENT_AND_REST = /^\/([^/]*)(.*)$/s

// oxlint-disable-next-line no-control-regex -- `URL` leaves out tabs and line ends, and spaces at the end.
const NOT_IN_PATH = /[\u0000-\u0020\\?#]/g
// oxlint-disable-next-line no-control-regex -- The same.
const NOT_IN_QUERY = /[\u0000-\u0020#]/g

/** `undefined` where that is no URL of the host that the event names. */
export function urlOfEvent(event: HttpEvent, hostSource: HostSource): string | undefined {
  const { rawPath, rawQueryString, headers, requestContext } = event
  const whole = belowStage(rawPath, requestContext.stage ?? '')
  const [host, rest] =
    hostSource === 'path' ? split(whole) : [requestContext.domainName ?? headers?.['host'], whole]
  if (typeof host !== 'string' || !HOST.test(host)) return undefined
  if (hostSource === 'path' && NO_HOST.test(host)) return undefined
  const root = `https://${host}`
  const path = rest.replace(NOT_IN_PATH, escaped)
  const query = (rawQueryString ?? '').replace(NOT_IN_QUERY, escaped)
  const url = `${root}${path}${query === '' ? '' : `?${query}`}`
  if (!path.startsWith('/') || !URL.canParse(url)) return undefined
  return new URL(url).host === new URL(root).host ? url : undefined
}

/** The first segment as it is, and what follows it: a way up in that ends at the root of the host. */
function split(path: string): [host: string | undefined, rest: string] {
  const [, host, rest = ''] = SEGMENT_AND_REST.exec(path) ?? []
  return [host, rest === '' ? '/' : rest]
}

/** Without the first segment where that is the stage. */
function belowStage(rawPath: string, stage: string): string {
  // The default stage has no segment, so one that is called so is of the path.
  const prefix = stage === '' || stage === '$default' ? '' : `/${stage}`
  const path = `${rawPath}/`.startsWith(`${prefix}/`) ? rawPath.slice(prefix.length) : rawPath
  return path === '' ? '/' : path
}

function escaped(character: string): string {
  return encodeURIComponent(character)
}
