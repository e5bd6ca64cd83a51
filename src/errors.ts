/**
 * Faults: what went wrong although nobody asked for anything wrong.
 *
 * A fault is thrown and carries a stable code. An expected "no" is a refusal and is returned (`refusal.ts`).
 */

export type FaultCode =
  /** The store did not answer, or answered with an error. */
  | 'storage_unavailable'
  /** A stored document cannot be read: its text names the issuer and the member. */
  | 'document_corrupt'
  /** A private key cannot be opened with the secrets that are configured. */
  | 'key_unavailable'

export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What a log may say of an unknown error: a service's message may name an account, a role or a key, its name does not. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
