/**
 * What of an exchange policy is wrong because of the other issuers of this installation: those at hosts of their own, which
 * storage knows alone. What lies at `PUBLIC_URL` and its aliases is a rule already (`policies/policy-rules.ts`).
 */

import { tokenEndpointOf } from '../issuers/own-audiences.ts'
import type { IssuerDocument, StoredIssuer } from '../issuers/issuer-document.ts'
import type { CompiledEntry, CompiledPolicy } from '../policies/compiled-policy.ts'
import type { PolicyProblem } from '../policies/policy-problem.ts'
import { placeOf } from '../policies/subject-issuer.ts'
import { shown } from '../printable.ts'
import { ownFingerprints } from '../subject-tokens/own-fingerprints.ts'
import type { VerificationKey } from '../subject-tokens/verification-key.ts'
import type { OperationDeps } from './control-deps.ts'
import { installationIssuerAt } from './installation-issuer.ts'

interface Installation {
  readonly document: IssuerDocument
  readonly isOwnUrl: (url: string) => boolean
  /** The issuer that is at a URL, or was. */
  readonly issuerAt: (url: string) => Promise<StoredIssuer | undefined>
}

const TOKEN_ENDPOINT_END = tokenEndpointOf('')

/** Storage is asked about each URL once. Rejects with faults `storage_unavailable` and `document_corrupt`. */
export async function installationProblems(
  deps: OperationDeps,
  document: IssuerDocument,
  { entries }: CompiledPolicy,
): Promise<PolicyProblem[]> {
  const asked = new Map<string, Promise<StoredIssuer | undefined>>()
  const installation: Installation = {
    document,
    isOwnUrl: deps.isOwnUrl,
    issuerAt: (url) => {
      const answer = asked.get(url) ?? installationIssuerAt(deps, url)
      asked.set(url, answer)
      return answer
    },
  }
  const found = await Promise.all(
    entries.map(async (entry, index) => {
      const problems = await Promise.all([
        sourceProblems(entry, installation),
        jwksHostProblems(entry, installation),
        audienceProblems(entry, installation),
      ])
      return problems
        .flat()
        .map(({ path, message }) => ({ path: ['entries', index, ...path], message }))
    }),
  )
  return found.flat()
}

/**
 * An entry that trusts an issuer of this installation, by discovery or by keys that are written down. Those that an issuer has
 * adopted are its cluster's and not ours.
 */
async function sourceProblems(
  { issuer, keys }: CompiledEntry,
  { document, isOwnUrl, issuerAt }: Installation,
): Promise<PolicyProblem[]> {
  if (keys.type === 'adopted') return []
  if (keys.type === 'discovery' && isOwnUrl(issuer)) return []
  const stored = await issuerAt(issuer)
  if (stored === undefined) return []
  if (keys.type === 'discovery') return [discoveredProblem(issuer, stored)]
  // Its own are a rule already.
  return stored.id === document.id ? [] : siblingKeyProblems(keys.keys, stored)
}

function discoveredProblem(issuer: string, { id }: StoredIssuer): PolicyProblem {
  return {
    path: ['issuer'],
    message: `must not be an issuer of this installation, got ${shown(issuer)}, which is that of ${id}: our own tokens are no subject tokens`,
  }
}

function siblingKeyProblems(
  keys: readonly VerificationKey[],
  sibling: StoredIssuer,
): PolicyProblem[] {
  // Of a deleted one nobody knows any more which keys were adopted.
  const own = sibling.kind === 'issuer' ? ownFingerprints(sibling.ring) : new Set(sibling.kids)
  return keys.flatMap(({ fingerprint }, place) => {
    if (!own.has(fingerprint)) return []
    return [
      {
        path: ['keys', 'jwks', 'keys', place],
        message: `is or was a key of issuer ${sibling.id} of this installation, whose tokens are never exchanged here: leave it out`,
      },
    ]
  })
}

/** A host has no path: of an issuer under one nothing is known here. */
async function jwksHostProblems(
  { keys }: CompiledEntry,
  { isOwnUrl, issuerAt }: Installation,
): Promise<PolicyProblem[]> {
  if (keys.type !== 'discovery' || keys.jwksHost === undefined) return []
  const url = `https://${keys.jwksHost}`
  const stored = isOwnUrl(url) ? undefined : await issuerAt(url)
  if (stored === undefined) return []
  return [
    {
      path: ['keys', 'jwksHost'],
      message: `must not be a host of this installation, got ${shown(keys.jwksHost)}, which is that of issuer ${stored.id}: name the host that serves the keys of the source`,
    },
  ]
}

/** An audience that would have another issuer of this installation take the token for one to exchange. */
async function audienceProblems(
  { token: { audiences } }: CompiledEntry,
  { document, isOwnUrl, issuerAt }: Installation,
): Promise<PolicyProblem[]> {
  const found = await Promise.all(
    audiences.map(async (audience, place): Promise<PolicyProblem[]> => {
      if (isOwnUrl(audience)) return []
      const stored = await Promise.all(issuerUrls(audience).map(issuerAt))
      const sibling = stored.find((each) => each !== undefined && each.id !== document.id)
      if (sibling === undefined) return []
      return [
        {
          path: ['token', 'audiences', place],
          message: `must not be a URL of this installation, got ${shown(audience)}, which is that of issuer ${sibling.id} or of its token endpoint: name the relying party`,
        },
      ]
    }),
  )
  return found.flat()
}

/** Of the issuers that an audience may mean, each in one spelling: one that is called so, and one whose token endpoint is. */
function issuerUrls(audience: string): string[] {
  const place = placeOf(audience)
  if (place === undefined || !/^https?:/.test(place)) return []
  if (!place.endsWith(TOKEN_ENDPOINT_END)) return [place]
  return [place, place.slice(0, -TOKEN_ENDPOINT_END.length)]
}
