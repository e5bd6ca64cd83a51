/**
 * Exchange policies as operators read and set them.
 */

import { expect } from 'vitest'
import { control, type ControlRequest } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { anEntry } from '../../support/stored-policies.ts'
import { leavingUnchanged } from './refusals.ts'

export const GITHUB = anEntry({
  name: 'github',
  issuer: 'https://token.actions.githubusercontent.com',
  keys: { discovery: true },
})

/** What is wrong, as a refusal has it beside its sentence. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly at?: { readonly line: number; readonly column: number }
  readonly message: string
}

export interface PolicyRequests {
  readonly read: (id: string) => Promise<TestResponse>
  readonly put: (id: string, request: ControlRequest) => Promise<TestResponse>
  readonly set: (
    id: string,
    policy: unknown,
    headers?: ControlRequest['headers'],
  ) => Promise<TestResponse>
  /** Runs `attempt` and checks that issuer and policy are afterwards what they were before. */
  readonly unchanged: (id: string, attempt: () => Promise<TestResponse>) => Promise<TestResponse>
}

export function policyRequests(getHost: () => TestHost): PolicyRequests {
  const read: PolicyRequests['read'] = (id) => control(getHost(), 'GET', `/issuers/${id}/policy`)
  const put: PolicyRequests['put'] = (id, request) =>
    control(getHost(), 'PUT', `/issuers/${id}/policy`, request)
  return {
    read,
    put,
    set: (id, policy, headers = {}) => put(id, { json: { policy }, headers }),
    unchanged: async (id, attempt) => {
      const before = await read(id)
      const response = await leavingUnchanged(getHost(), id, attempt)
      expect(await read(id)).toStrictEqual(before)
      return response
    },
  }
}
