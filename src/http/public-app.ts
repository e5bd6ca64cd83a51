/**
 * The public routes: discovery, JWK Set, health, and the token endpoint.
 *
 * They read and never write. A request selects an issuer among the stored ones by host and path; nothing of the request
 * reaches a document.
 */

import type { Context } from 'hono'
import { type App, newApp } from './new-app.ts'
import type { Clock } from '../clock.ts'
import { isServing, issuerHealth } from '../documents/issuer-health.ts'
import type { DocumentRenderer } from '../documents/rendered-documents.ts'
import { locationAt } from '../locations/issuer-location.ts'
import type { PublicationBounds } from '../issuers/policy.ts'
import { RETRY_AFTER_SECONDS, SLOW_STORAGE_MS } from '../limits.ts'
import type { IssuerReader, ReadCopy } from '../reading/issuer-reader.ts'
import type { KeepAlive } from '../reading/storage-flights.ts'
import { type AskedLocations, askedIssuer } from './asked-issuer.ts'
import { answerDeleted } from './deleted-answer.ts'
import { answerDocument } from './document-answer.ts'
import type { DocumentLane } from './document-lane.ts'
import { answerMethodNotAllowed, answerNotFound, errorResponse } from './errors.ts'
import { answerJson } from './json-answer.ts'
import { answerPreflight } from './preflight.ts'
import { type AskedLocation, type DocumentPath, publicPathOf } from './public-path.ts'
import { answerToken, type TokenRoute } from './token-route.ts'

export interface PublicDeps {
  readonly reader: IssuerReader
  readonly renderer: DocumentRenderer
  /** Learns of what is found here. */
  readonly lane: Pick<DocumentLane, 'learn'>
  readonly bounds: PublicationBounds
  /** Which host a request means that is for another name of the installation. */
  readonly hostMeant: (host: string) => string
  /**
   * The host whose issuers are served under every host that has none: of an installation on this machine, which containers
   * and clusters reach by many names. Anywhere else a relying party could be given another issuer's documents.
   */
  readonly elsewhere: string | undefined
  /** Absent where the host issues no tokens. */
  readonly tokens?: TokenRoute | undefined
  readonly clock: Clock
}

const READ_METHODS = 'GET, HEAD, OPTIONS'
const READ_PREFLIGHT = { allow: READ_METHODS, methods: 'GET, HEAD', headers: 'If-None-Match' }

/** What the runtime gives with each request. */
export interface PublicEnv {
  readonly Bindings: { readonly keepAlive?: KeepAlive | undefined }
}
type PublicContext = Context<PublicEnv>

export function publicApp(deps: PublicDeps): App<PublicEnv> {
  const { reader, renderer, lane, bounds, hostMeant, elsewhere, tokens, clock } = deps
  const app = newApp<PublicEnv>()

  function locationsOf({ host, issuerPath }: AskedLocation): AskedLocations {
    return {
      meant: locationAt(hostMeant(host), issuerPath),
      elsewhere: elsewhere === undefined ? undefined : locationAt(elsewhere, issuerPath),
    }
  }

  async function answer(c: PublicContext, path: DocumentPath): Promise<Response> {
    const locations = locationsOf(path)
    const { keepAlive } = c.env
    if (isHostHealth(path)) {
      // The host is well also when its storage is not, which it says; and probes are impatient.
      const impatient = { waitMilliseconds: SLOW_STORAGE_MS, keepAlive }
      const root = await reader.read(locations.meant, impatient).catch(() => undefined)
      return root === undefined ? answerHostHealth(c, reader) : answerFound(c, path, root)
    }
    const found = await reader.read(locations.meant, { keepAlive })
    if (found !== undefined) {
      if (path.resource !== 'health') lane.learn(c.req.url, path.resource, locations.meant)
      return answerFound(c, path, found)
    }
    const foundElsewhere =
      locations.elsewhere && (await reader.read(locations.elsewhere, { keepAlive }))
    return foundElsewhere === undefined ? answerNotFound(c) : answerFound(c, path, foundElsewhere)
  }

  async function answerFound(c: Context, path: DocumentPath, found: ReadCopy): Promise<Response> {
    const { copy, ...storage } = found
    if (copy.kind === 'tombstone') return answerDeleted(c)
    const now = clock.now()
    if (path.resource === 'health') {
      const report = issuerHealth(copy, { bounds, storage }, now)
      return answerJson(c, isServing(report.status) ? 200 : 503, report)
    }
    const documents = await renderer.render(copy, now)
    if (documents === undefined) return answerNothingPublished(c)
    return answerDocument(path.resource, copy, documents, c.req.raw.headers)
  }

  app.all('*', (c) => {
    const path = publicPathOf(c.req.url)
    if (path === undefined) return answerNotFound(c)
    if (path.resource === 'token') {
      if (tokens === undefined) return answerNotFound(c)
      return answerToken(c, tokens, askedIssuer(deps, locationsOf(path), c.env.keepAlive))
    }
    switch (c.req.method) {
      case 'GET':
      case 'HEAD':
        return answer(c, path)
      case 'OPTIONS':
        return answerPreflight(c, READ_PREFLIGHT)
      default:
        return answerMethodNotAllowed(c, READ_METHODS)
    }
  })
  return app
}

/** Not an empty JWK Set, which relying parties would take for the truth and keep. */
function answerNothingPublished(c: Context): Response {
  c.header('Retry-After', String(RETRY_AFTER_SECONDS))
  return errorResponse(c, 503, 'no_published_key', 'this issuer publishes no key yet')
}

/** The root of a host is an issuer's where one has it; else its health is the host's. */
function isHostHealth({ resource, issuerPath }: DocumentPath): boolean {
  return resource === 'health' && issuerPath === ''
}

function answerHostHealth(c: Context, reader: IssuerReader): Response {
  const storageFailingSince = reader.failingSince()
  return answerJson(
    c,
    200,
    storageFailingSince === undefined
      ? { status: 'ok' }
      : { status: 'storage_unavailable', storageFailingSince },
  )
}
