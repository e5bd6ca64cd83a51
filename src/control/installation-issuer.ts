/**
 * Which issuer of this installation a URL is of, be it under a host of its own.
 */

import type { StoredIssuer } from '../issuers/issuer-document.ts'
import { defaultIdAt, locationAt, locationOf } from '../locations/issuer-location.ts'
import type { OperationDeps } from './control-deps.ts'

/**
 * The issuer that is there or was; `undefined` where there is none. Rejects with faults `storage_unavailable` and
 * `document_corrupt`.
 */
export async function installationIssuerAt(
  { issuers, claimantOf }: Pick<OperationDeps, 'issuers' | 'claimantOf'>,
  url: string,
): Promise<StoredIssuer | undefined> {
  const parsed = URL.parse(url)
  if (parsed === null) return undefined
  // Discovery asks for the documents of one that ends with a slash at the same place.
  const path = parsed.pathname.replace(/\/$/, '')
  const host = parsed.host.replace(/\.(?=:\d+$|$)/, '')
  const location = locationAt(host, path)

  // A claim may be of a creation that came to nothing, and the id of another host's default location be the same.
  async function withId(id: string | undefined): Promise<StoredIssuer | undefined> {
    const stored = id === undefined ? undefined : (await issuers.load(id))?.stored
    return stored !== undefined && locationOf(stored.issuer) === location ? stored : undefined
  }

  return (await withId(defaultIdAt(location))) ?? withId(await claimantOf(location))
}
