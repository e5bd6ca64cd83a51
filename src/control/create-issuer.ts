/**
 * Creating an issuer: the claim of its location, then its document, with its first key where that can be
 * made before it is written, and else without: the key then follows (`complete-keys.ts`).
 */

import { newIssuerDocument } from '../issuers/issuer-changes.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { issuerIdProblem } from '../issuers/issuer-id.ts'
import {
  identifierProblem,
  issuerIdentifier,
  ownIdentifierProblem,
} from '../issuers/issuer-identifier.ts'
import { locationOf } from '../locations/issuer-location.ts'
import type { LoadedIssuer } from '../issuers/issuer-repository.ts'
import type { LocationHolder } from '../locations/location-claims.ts'
import {
  DEFAULT_POLICY,
  type IssuerPolicy,
  policyProblems,
  uselessSettingsProblem,
} from '../issuers/policy.ts'
import { shown } from '../printable.ts'
import { type Outcome, refused } from '../refusal.ts'
import { completeKeys } from './complete-keys.ts'
import type { OperationDeps } from './control-deps.ts'
import { custodyProblem } from './custody-problem.ts'

export interface NewIssuerRequest {
  readonly id: string
  /** The issuer identifier; below the installation's own URL where it is left out. */
  readonly issuer?: string | undefined
  /** What differs from the default policy. */
  readonly settings: Partial<IssuerPolicy>
}

export async function createIssuer(
  deps: OperationDeps,
  { id, issuer = issuerIdentifier(deps.publicUrl, id), settings }: NewIssuerRequest,
): Promise<Outcome<IssuerDocument>> {
  const { issuers, locations, keyManagers, rotation, bounds, clock } = deps
  const [custody] = keyManagers.custodies
  const policy = { ...DEFAULT_POLICY, custody, ...settings }
  const problems = [
    issuerIdProblem(id) ?? identifierProblemOf(deps, issuer, id),
    custodyProblem(keyManagers, policy.custody),
    uselessSettingsProblem(policy.custody, settings),
    ...policyProblems(policy, bounds),
  ].filter((problem) => problem !== undefined)
  if (problems.length > 0) return refused('invalid_request', problems.join('; '))
  // Before anything is claimed or made: an id that is taken must not cost a location or a key.
  const existing = await issuers.load(id)
  if (existing !== undefined) return refusedAsTaken(id, existing)
  const now = clock.now()
  const holder = await locations.claim(locationOf(issuer), id, now)
  if (holder !== undefined) return refusedAsHeld(issuer, holder)
  const document = await rotation.prepare(newIssuerDocument({ id, issuer, policy }, now), now)
  if ((await issuers.insert(document)) === 'conflict') {
    return refusedAsTaken(id, await issuers.load(id))
  }
  return completeKeys(deps, document)
}

function identifierProblemOf(
  { publicUrl, hostAliases, trustedForControl }: OperationDeps,
  issuer: string,
  id: string,
): string | undefined {
  return issuer === issuerIdentifier(publicUrl, id)
    ? identifierProblem('the issuer identifier', issuer)
    : (ownIdentifierProblem('issuer', issuer) ??
        aliasProblem(publicUrl, hostAliases, issuer) ??
        controlProblem(trustedForControl, issuer))
}

/** Its tokens would open nothing from then on, since no issuer of ours opens control. */
function controlProblem(trusted: readonly string[], issuer: string): string | undefined {
  const location = locationOf(issuer)
  const isTrusted = trusted.some((url) => locationOf(url.replace(/\/+$/, '')) === location)
  if (!isTrusted) return undefined
  return `issuer must not be one whose tokens open the control API of this installation (CONTROL_TRUST), got ${shown(issuer)}: choose another URL`
}

/** Requests for an alias mean the installation itself, so nobody would find an issuer that has it. */
function aliasProblem(
  publicUrl: string,
  hostAliases: readonly string[],
  issuer: string,
): string | undefined {
  const own = new URL(publicUrl).host
  const { host } = new URL(issuer)
  if (host === own || !hostAliases.includes(host)) return undefined
  return `issuer must not have a host that is another name of this installation, got ${shown(host)}: use ${shown(own)}`
}

function refusedAsTaken(id: string, existing: LoadedIssuer | undefined): Outcome<never> {
  if (existing?.stored.kind === 'tombstone') {
    return refused(
      'issuer_deleted',
      `issuer ${id} was deleted, and its id is never given again, since others may still trust its URL: choose another id`,
    )
  }
  return refused('issuer_exists', `issuer ${id} exists already: choose another id, or update it`)
}

function refusedAsHeld(issuer: string, { id, state }: LocationHolder): Outcome<never> {
  switch (state) {
    case 'live':
      return refused(
        'issuer_exists',
        `${issuer} is the URL of issuer ${id} already, and two issuers never share one: choose another URL`,
      )
    case 'deleted':
      return refused(
        'issuer_deleted',
        `${issuer} was the URL of issuer ${id}, which was deleted, and is never given again, since others may still trust it: choose another URL`,
      )
    case 'unfinished':
      return refused(
        'issuer_exists',
        `${issuer} is being given to issuer ${id} at this moment: choose another URL, or try again in ten minutes if that creation has failed`,
      )
  }
}
