/**
 * The control secret of an installation, as a bearer token.
 */

import type { RequestAuthorizer } from './request-authorizer.ts'

/** `url`: of the installation, for messages. */
export function bearerAuthorizer(url: string, secret: string): RequestAuthorizer {
  return {
    authorize: async ({ headers }) =>
      new Headers({ ...headers, Authorization: `Bearer ${secret}` }),
    refusal: ({ status }) =>
      status === 401 ? `${url} does not take this control secret: check --secret-file` : undefined,
    whatToCheck: '--url, and that a control secret is configured there',
  }
}
