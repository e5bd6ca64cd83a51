/**
 * Which issuer is asked for a token: by its URL, or by its id in an installation, whose URL it then has in it.
 *
 * No secret is read: whoever exchanges a token shows that token and nothing else.
 */

import { issuerIdentifier, ownIdentifierProblem } from '../../issuers/issuer-identifier.ts'
import { isIssuerId } from '../../issuers/issuer-id.ts'
import { shown } from '../../printable.ts'
import { usageError } from '../exit.ts'
import { readInstallation } from '../state/installation.ts'
import { defaultStateDirectory, statePaths } from '../state/state-directory.ts'

/** `{"` in base64url. */
const LOOKS_LIKE_JWT = /^eyJ/

const ENDPOINT_PATH = '/token'
const SHOWN_URL_CHARS_MAX = 300

export interface IssuerTarget {
  /** Of an installation, for an id. */
  readonly url?: string
  /** Of a local installation, for an id. Default: that of this folder or above. */
  readonly state?: string
}

export async function issuerUrl(issuer: string, { url, state }: IssuerTarget): Promise<string> {
  if (!isIssuerId(issuer)) return checkedUrl('the issuer', issuer, ', or the id of an issuer')
  if (url === undefined) return localIssuer(issuer, state ?? defaultStateDirectory())
  if (state !== undefined) throw usageError('--state names a local installation: leave out --url')
  return issuerIdentifier(checkedUrl('--url', url.replace(/\/$/, '')), issuer)
}

/** `alternative`: what else it may be. */
function checkedUrl(name: string, text: string, alternative = ''): string {
  // What has one of these may be a secret, and is not shown.
  if (URL.parse(text) === null && !/[?#@]/.test(text)) {
    const given = LOOKS_LIKE_JWT.test(text) ? 'a token' : shown(text)
    throw usageError(
      `${name} must be an https URL such as https://oidc.example.com/prod${alternative}, got ${given}`,
    )
  }
  const problem = ownIdentifierProblem(name, text) ?? endpointProblem(name, text)
  if (problem !== undefined) throw usageError(problem)
  return text
}

/** No issuer has that name: it is a path of the host. */
function endpointProblem(name: string, url: string): string | undefined {
  if (!url.endsWith(ENDPOINT_PATH)) return undefined
  return `${name} must be without ${ENDPOINT_PATH} at its end, which is its token endpoint, got ${shown(url, SHOWN_URL_CHARS_MAX)}: leave it out`
}

async function localIssuer(id: string, directory: string): Promise<string> {
  const paths = statePaths(directory)
  const installation = await readInstallation(paths)
  if (installation !== undefined) return issuerIdentifier(installation.url, id)
  throw usageError(
    `no local installation has been started with the state in ${paths.root}: give the issuer's https URL instead of its id, or --state DIR`,
  )
}
