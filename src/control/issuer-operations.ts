/**
 * What an operator can do with issuers: create, read, update, adopt keys for, delete.
 *
 * Every change is one conditional write of the issuer's document. A change of one revision that lost a race is refused
 * and changes nothing; one of any revision is made of what was written before it.
 */

import { tombstoneOf } from '../issuers/issuer-changes.ts'
import type { IssuerDocument, IssuerTombstone } from '../issuers/issuer-document.ts'
import { accepted, type Outcome } from '../refusal.ts'
import { changeIssuer, loadIssuer } from './change-issuer.ts'
import type { OperationDeps } from './control-deps.ts'
import { copiesLeft } from './copies-follow.ts'
import { createIssuer, type NewIssuerRequest } from './create-issuer.ts'
import {
  forecastUpdate,
  type PolicyChange,
  type PolicyForecast,
  updateIssuer,
} from './update-issuer.ts'
import { adoptIssuerKeys, type Adoption } from './adopt-issuer-keys.ts'

export interface IssuerOperations {
  create(request: NewIssuerRequest): Promise<Outcome<IssuerDocument>>
  read(id: string): Promise<Outcome<IssuerDocument>>
  /** `revision`: the one that the operator has seen; any when `undefined`. */
  update(
    id: string,
    settings: PolicyChange,
    revision: number | undefined,
  ): Promise<Outcome<IssuerDocument>>
  /** What `update` would do, and when it would take effect. */
  forecast(
    id: string,
    settings: PolicyChange,
    revision: number | undefined,
  ): Promise<Outcome<PolicyForecast>>
  /** The adopted keys become those of a cluster's set. */
  adopt(
    id: string,
    adoption: Adoption,
    revision: number | undefined,
  ): Promise<Outcome<IssuerDocument>>
  /**
   * Leaves a tombstone: neither the id nor the identifier is ever given again. Where its static copies are left the refusal says
   * so, although it is deleted; for an issuer that was deleted before they are tried again.
   */
  delete(
    id: string,
    reason: string | undefined,
    revision: number | undefined,
  ): Promise<Outcome<IssuerTombstone>>
}

export function issuerOperations(deps: OperationDeps): IssuerOperations {
  return {
    create: (request) => createIssuer(deps, request),
    read: async (id) => {
      const found = await loadIssuer(deps, id)
      return found.ok ? accepted(found.value.stored) : found
    },
    update: (id, settings, revision) => updateIssuer(deps, id, settings, revision),
    forecast: (id, settings, revision) => forecastUpdate(deps, id, settings, revision),
    adopt: (id, adoption, revision) => adoptIssuerKeys(deps, id, adoption, revision),
    delete: async (id, reason, revision) => {
      const deleted = await changeIssuer(deps, {
        id,
        revision,
        apply: async (document, now) => accepted(tombstoneOf(document, reason, now)),
      })
      const isDeleted = deleted.ok || deleted.refusal.reason === 'issuer_deleted'
      const left = isDeleted ? await copiesLeft(deps, id) : undefined
      return left === undefined ? deleted : { ok: false, refusal: left }
    },
  }
}
