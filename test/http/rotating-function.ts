/**
 * The function that rotates as tests invoke it: whatever it says is searched for what nobody may hear.
 */

import { expect } from 'vitest'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import type { LambdaHost } from '../support/hosts/lambda.ts'
import { LAMBDA_DEPLOYMENT } from '../support/hosts/lambda-services.ts'
import { leaksIn } from '../support/hosts/leaks.ts'

/** Resolves to what it answers. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the caller expects
export async function invokeRotate<Answer = unknown>(
  host: LambdaHost,
  event: unknown,
): Promise<Answer> {
  try {
    const answer = await host.rotating.invoke(event)
    expectNoLeak(host, JSON.stringify(answer))
    return answer as Answer
  } catch (error) {
    expectNoLeak(host, String(error))
    throw error
  }
}

function expectNoLeak(host: LambdaHost, body: string): void {
  const secrets = host.kms.keys().map(({ keyId }) => keyId)
  expect(leaksIn(host, [{ status: 200, headers: {}, body }], secrets)).toStrictEqual([])
}

export function storedIssuer(host: LambdaHost, id: string): IssuerDocument {
  const body = host.s3.objects()[`${LAMBDA_DEPLOYMENT}/${issuerKey(id)}`] ?? '{}'
  return JSON.parse(body) as IssuerDocument
}

/** The records of this event so far. */
export function logRecords(host: LambdaHost, event: string): Record<string, unknown>[] {
  return host
    .logLines()
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((record) => record['event'] === event)
}
