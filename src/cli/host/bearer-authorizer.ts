/**
 * The control secret of an installation, or a token that it trusts for control: each as a bearer token.
 */

import { stringMember } from '../bounded-response.ts'
import type { RequestAuthorizer } from './request-authorizer.ts'

/** `url`: of the installation, for messages. */
export function bearerAuthorizer(url: string, secret: string): RequestAuthorizer {
  return {
    authorize: withBearer(secret),
    refusal: ({ status }) =>
      status === 401 ? `${url} does not take this control secret: check --secret-file` : undefined,
    whatToCheck: '--url, and that a control secret is configured there',
  }
}

/** For a token of an issuer that the installation trusts for control (`CONTROL_TRUST`). */
export function tokenAuthorizer(url: string, token: string): RequestAuthorizer {
  return {
    authorize: withBearer(token),
    refusal: ({ status, json }) => {
      if (status !== 401) return undefined
      const reason = stringMember(json, 'error_description') ?? 'it does not say why'
      return `${url} does not take this token (${reason}): check --token-file, and that its CONTROL_TRUST has the issuer of the token`
    },
    whatToCheck: '--url, and that CONTROL_TRUST is configured there',
  }
}

function withBearer(credential: string): RequestAuthorizer['authorize'] {
  return async ({ headers }) => new Headers({ ...headers, Authorization: `Bearer ${credential}` })
}
