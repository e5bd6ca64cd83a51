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

/** As names of classes are: nothing that could tell more. */
const ERROR_NAME = /^[A-Z][A-Za-z0-9]{2,63}$/

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
  if (!(error instanceof Error)) return typeof error
  // Some take for a name whatever the service said.
  return ERROR_NAME.test(error.name) ? error.name : 'Error'
}
