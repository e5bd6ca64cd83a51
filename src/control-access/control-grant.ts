/**
 * What a trusted issuer's tokens open: actions on issuers.
 */

import type { TrustedSource } from '../policies/exchange-policy.ts'
import type { RequestedAction } from './action-of-request.ts'
import type { ControlActionName } from './control-actions.ts'

export interface ControlAllowance {
  readonly actions: readonly ControlActionName[]
  /** Ids, or all of them and what is of no single one. */
  readonly issuers: readonly string[] | '*'
}

/** One entry of `CONTROL_TRUST`: its audience is always that of the control API. */
export interface ControlGrant extends Omit<TrustedSource, 'audience'> {
  readonly allows: readonly ControlAllowance[]
}

/** False for what is no action, whatever is allowed. */
export function isAllowed(
  allows: readonly ControlAllowance[],
  requested: RequestedAction | undefined,
): boolean {
  if (requested === undefined) return false
  const { action, issuer } = requested
  return allows.some(
    ({ actions, issuers }) =>
      actions.includes(action) &&
      (issuers === '*' || (issuer !== undefined && issuers.includes(issuer))),
  )
}
