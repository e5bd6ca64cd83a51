/**
 * Which action a request to the control API is: one table for authorization and for audit.
 *
 * What is not in it is no action, and so open to no token. An issuer is recognized by a well-formed id alone, which no
 * decoding changes: what is authorized here is what the route acts on.
 */

import { isIssuerId } from '../issuers/issuer-id.ts'
import type { ControlActionName } from './control-actions.ts'

export interface RequestedAction {
  readonly action: ControlActionName
  /** `undefined` where it is of the installation as a whole. */
  readonly issuer: string | undefined
}

/** By method and path below the control API, as the routes have them. */
const ACTIONS: Readonly<Record<string, ControlActionName>> = {
  'GET /issuers': 'read',
  'POST /issuers': 'create',
  'GET /issuers/:id': 'read',
  'PATCH /issuers/:id': 'update',
  'DELETE /issuers/:id': 'delete',
  'GET /issuers/:id/keys': 'read',
  'PUT /issuers/:id/adopted-keys': 'adopt',
  'POST /issuers/:id/rotate': 'rotate',
  'POST /issuers/:id/sweep': 'sweep',
  'POST /issuers/:id/tokens': 'mint',
  'GET /issuers/:id/policy': 'read',
  'PUT /issuers/:id/policy': 'policy',
}

const CONTROL_PATH = /^\/control\/issuers(?:\/([^/]*)((?:\/[^/]+)?))?$/

/** `path`: as routing has it, from the root of the host. */
export function controlActionOf(method: string, path: string): RequestedAction | undefined {
  const [matched, issuer, rest = ''] = CONTROL_PATH.exec(path) ?? []
  if (matched === undefined || (issuer !== undefined && !isIssuerId(issuer))) return undefined
  const route = issuer === undefined ? '/issuers' : `/issuers/:id${rest}`
  const key = `${method === 'HEAD' ? 'GET' : method} ${route}`
  const action = Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined
  return action && { action, issuer }
}
