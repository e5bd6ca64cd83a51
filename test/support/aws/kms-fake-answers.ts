/**
 * How the fake of AWS KMS speaks: AWS JSON 1.1, members of a request, and errors with messages as telling as KMS's own.
 */

import { Buffer } from 'node:buffer'
import type { FakeAnswer, FakeFault } from './fake-service.ts'

/** Where the fake's keys are, chosen so that a leak of either is found by a search. */
export const FAKE_ACCOUNT = '999988887777'
export const FAKE_REGION = 'eu-central-1'

export type KmsInput = Readonly<Record<string, unknown>>

/** What KMS refuses. KMS API reference, "Common Errors": nearly all of its errors have the status 400. */
export class KmsFakeError extends Error {
  override readonly name: string
  readonly status: number

  constructor(name: string, message: string, status = 400) {
    super(message)
    this.name = name
    this.status = status
  }
}

export function invalid(message: string): KmsFakeError {
  return new KmsFakeError('ValidationException', message)
}

export function jsonAnswer(status: number, body: unknown): FakeAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: body === undefined ? '' : JSON.stringify(body),
  }
}

export function errorAnswer({ name, message, status }: KmsFakeError): FakeAnswer {
  return jsonAnswer(status, { __type: name, message })
}

export function errorFault(name: string, message: string, status = 400): FakeFault {
  return { type: 'answer', answer: errorAnswer(new KmsFakeError(name, message, status)) }
}

/** Faults to inject, as KMS answers them. KMS API reference, "Common Errors" and those of `Sign`. */
export const kmsErrors = {
  throttled: errorFault('ThrottlingException', 'Rate exceeded'),
  internal: errorFault('KMSInternalException', 'The request failed. Try again.', 500),
  timeout: errorFault('DependencyTimeoutException', 'The system timed out. Try again.', 500),
  /** AWS names the caller and the key. */
  denied: errorFault(
    'AccessDeniedException',
    `User: arn:aws:sts::${FAKE_ACCOUNT}:assumed-role/signet/host is not authorized to perform: kms:Sign on resource: ` +
      `arn:aws:kms:${FAKE_REGION}:${FAKE_ACCOUNT}:key/0f0f0f0f-marked-key because no identity-based policy allows it`,
  ),
} as const satisfies Record<string, FakeFault>

export function textOf(input: KmsInput, member: string): string {
  const value = input[member]
  if (typeof value === 'string' && value.length > 0) return value
  throw invalid(`Value at '${member}' failed to satisfy constraint: Member must not be null`)
}

export function oneOf<Value extends string>(
  input: KmsInput,
  member: string,
  allowed: readonly Value[],
): Value {
  const found = allowed.find((value) => value === textOf(input, member))
  if (found !== undefined) return found
  throw invalid(`Value at '${member}' failed to satisfy constraint: [${allowed.join(', ')}]`)
}

/** A blob member: base64 on the wire, with a number of bytes that KMS bounds. */
export function bytesOf(input: KmsInput, member: string, bytesMax: number): Buffer {
  const text = textOf(input, member)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) {
    throw new KmsFakeError('SerializationException', `${member} is not base64`)
  }
  if (bytes.length <= bytesMax) return bytes
  throw invalid(
    `Value at '${member}' failed to satisfy constraint: length less than or equal to ${bytesMax}`,
  )
}
