/**
 * What every refusal of the control API is: its status and reason, one clear sentence, and nothing changed.
 */

import { expect } from 'vitest'
import { bodyOf, control } from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'

/** A refusal says what is wrong; it does not hand back what it was given. */
const REFUSAL_BYTES_MAX = 2048

/** Of line ends, of values that were printed without care, of the program itself, and of tokens. */
const NO_SENTENCE = /[\n\t]|undefined|\[object|Error:|\.ts\b|eyJ/

export interface ExpectedRefusal {
  readonly status: number
  readonly error: string
  /** Part of the sentence: what is allowed. */
  readonly says: string
}

/** How an answer differs from the refusal that it should be; empty when it is that. */
export function refusalProblems(response: TestResponse, expected: ExpectedRefusal): string[] {
  const { status, headers, body } = response
  const shown = body.slice(0, 300)
  if (status !== expected.status) return [`status ${status}, expected ${expected.status}: ${shown}`]
  const members = bodyOf<Record<string, string>>(response)
  const { error = '', error_description: sentence = '' } = members
  const problems: [isWrong: boolean, what: string][] = [
    [headers['content-type'] !== 'application/json', `content type ${headers['content-type']}`],
    [headers['cache-control'] !== 'no-store', `cache control ${headers['cache-control']}`],
    [Object.keys(members).join() !== 'error,error_description', `members of ${shown}`],
    [error !== expected.error, `error ${error}, expected ${expected.error}`],
    [!sentence.includes(expected.says), `"${expected.says}" is not said by: ${shown}`],
    [NO_SENTENCE.test(sentence), `no sentence: ${shown}`],
    [Buffer.byteLength(body) > REFUSAL_BYTES_MAX, `${Buffer.byteLength(body)} bytes`],
  ]
  return problems.filter(([isWrong]) => isWrong).map(([, what]) => what)
}

/** Runs `attempt` and checks that the issuer is afterwards what it was before, for operators and the public. */
export async function leavingUnchanged(
  host: TestHost,
  id: string,
  attempt: () => Promise<TestResponse>,
): Promise<TestResponse> {
  const look = async () => [
    await control(host, 'GET', `/issuers/${id}`),
    await host.request('GET', `/${id}/.well-known/jwks.json`),
  ]
  const before = await look()
  const response = await attempt()
  expect(await look()).toStrictEqual(before)
  return response
}
