/**
 * What drills ask of a deployment, and what they put in the way of its calls to S3.
 */

import type { Guard } from '../support/aws/fake-service.ts'
import { errorAnswer } from '../support/aws/s3-fake-answers.ts'
import type { TemplateHost } from '../support/hosts/template.ts'
import type { TestResponse } from '../support/hosts/test-host.ts'

export function pathsOf(id: string): readonly string[] {
  return [
    `/${id}/.well-known/openid-configuration`,
    `/.well-known/oauth-authorization-server/${id}`,
    `/${id}/.well-known/jwks.json`,
  ]
}

export function documentsOf(
  host: TemplateHost,
  id: string,
  method = 'GET',
): Promise<TestResponse[]> {
  return Promise.all(pathsOf(id).map((path) => host.request(method, path)))
}

export async function statusesOf(host: TemplateHost, id: string): Promise<number[]> {
  return (await documentsOf(host, id)).map(({ status }) => status)
}

/** Stands before one bucket, and lets everything else through. */
export function before(bucket: string, guard: Guard): Guard {
  return (operation, request, perform) =>
    request.target.startsWith(`/${bucket}/`) ? guard(operation, request, perform) : perform()
}

/** Answers this operation by a refusal, or all of them. */
export function refusing(refused?: string): Guard {
  return async (operation, _request, perform) =>
    operation === (refused ?? operation) ? errorAnswer(403, 'AccessDenied') : perform()
}

export interface HeldPut {
  /** Resolves when it is there. */
  readonly reached: Promise<void>
  /** Lets it through. */
  readonly go: () => void
}

/** Holds the first put of a static copy of this issuer back. */
export function heldPut(host: TemplateHost, id: string): HeldPut {
  const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let isFirst = true
  host.interpose(
    before(host.s3.copiesBucket, async (operation, { target }, perform) => {
      if (operation !== 'PutObject' || !target.includes(id) || !isFirst) return perform()
      isFirst = false
      reached.resolve()
      await go.promise
      return perform()
    }),
  )
  return { reached: reached.promise, go: () => go.resolve() }
}
