/**
 * Faults: what went wrong although nobody asked for anything wrong.
 *
 * A fault is thrown and carries a stable code. An expected "no" is a refusal and is returned (`refusal.ts`).
 */

export const FAULT_CODES = [
  /** The store did not answer, or answered with an error. */
  'storage_unavailable',
  /** The same of the store of static copies, which rings do not need: rotations go on. */
  'static_copies_unavailable',
  /** A stored document cannot be read: its text names the issuer and the member. */
  'document_corrupt',
  /** A private key cannot be opened with what is configured. */
  'key_unavailable',
  /** A private key was disabled or is about to be deleted, so it signs no more. */
  'key_disabled',
  /** The service that keeps keys is over its quota: nothing was done, and it may be tried again. */
  'key_service_busy',
  /** The service that keeps keys does not answer, or failed. */
  'key_service_unavailable',
  /** The service that keeps keys refuses the host: its permissions or its settings are wrong. */
  'key_service_refused',
  /** The function that makes and disables keys does not answer, or failed. */
  'rotation_unavailable',
] as const
export type FaultCode = (typeof FAULT_CODES)[number]

/** As names of classes are: nothing that could tell more. */
const ERROR_NAME = /^[A-Z][A-Za-z0-9]{2,63}$/

export interface FaultOptions extends ErrorOptions {
  /** Surely nothing was done of what was asked for. Default: that is not known. */
  readonly hadNoEffect?: boolean
}

export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly hadNoEffect: boolean

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options)
    this.code = code
    this.hadNoEffect = options.hadNoEffect ?? false
  }
}

/** Whether it looks like the name of an error, and so tells no more than one. */
export function isErrorName(text: string): boolean {
  return ERROR_NAME.test(text)
}

/** What a log may say of an unknown error: a service's message may name an account, a role or a key, its name does not. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  // Some take for a name whatever the service said.
  return isErrorName(error.name) ? error.name : 'Error'
}
