/**
 * What API Gateway or a Function URL answers in place of Signet, in sentences of ours.
 *
 * Their texts name accounts, roles and keys: they are recognised by fragments and never shown. An HTTP API says
 * "Forbidden" to everything that it does not let in.
 */

import { stringMember } from '../bounded-response.ts'
import type { ForeignAnswer } from './request-authorizer.ts'
import type { SigV4Scope } from './sigv4-scope.ts'

/** In this order, since the text of a signature that expired speaks of more. */
const REFUSALS: readonly (readonly [RegExp, (scope: SigV4Scope) => string])[] = [
  [
    /signature (?:has )?expired|signature not yet current/i,
    () => 'finds the time of the signature wrong: set the clock of this machine',
  ],
  [
    /security token included in the request is expired/i,
    () =>
      'says that the AWS credentials have expired: sign in again (for example with "aws sso login")',
  ],
  [
    /security token included in the request is invalid/i,
    () =>
      'does not know the AWS credentials: check AWS_PROFILE, and that the access key still exists',
  ],
  [
    /credential should be scoped/i,
    ({ service, region }) =>
      `was signed for as ${service} in ${region}, which it is not: set AWS_REGION to the region of the custom domain`,
  ],
  [
    /signature we calculated does not match/i,
    () =>
      'finds the signature wrong: check the secret access key, and that nothing between here and AWS changes requests',
  ],
  [
    /missing authentication token/i,
    () => 'has no control API at this path: check --url, with its stage if it has one',
  ],
  [
    /not authorized|explicit deny/i,
    (scope) => `does not allow these AWS credentials to call it: grant them ${permission(scope)}`,
  ],
]

/** A sentence that starts with the URL, or `undefined` for what neither of them answers. */
export function gatewayRefusal(
  url: string,
  scope: SigV4Scope,
  { method, status, json }: ForeignAnswer,
): string | undefined {
  if (status === 401) {
    return `${url} takes no AWS signature: give --secret-file if it takes a control secret, or check --url`
  }
  const text = stringMember(json, 'message') ?? stringMember(json, 'Message')
  if (text === undefined) return undefined
  if (status === 403) return `${url} ${forbidden(text, scope)}`
  if (status === 429) return `${url} is asked too often: try again in a minute`
  if (status < 500) return undefined
  const doubt = method === 'GET' ? '' : ', and the change may have been made'
  return `the function behind ${url} failed or took too long (status ${status})${doubt}: see its log, or try again`
}

function forbidden(text: string, scope: SigV4Scope): string {
  const known = REFUSALS.find(([fragment]) => fragment.test(text))
  if (known !== undefined) return known[1](scope)
  return `does not let these AWS credentials in: grant them ${permission(scope)}, and check that they have not expired and that the region is ${scope.region}`
}

function permission({ service }: SigV4Scope): string {
  return service === 'lambda'
    ? 'lambda:InvokeFunctionUrl and lambda:InvokeFunction'
    : 'execute-api:Invoke'
}
