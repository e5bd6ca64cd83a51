/**
 * Why the demo issuer does not work where a KMS beside the installation has a part in it, in the words of whoever started
 * both. Whatever else went wrong says so itself and stays as it is.
 */

import { errors } from 'jose'
import { CliError, EXIT } from '../exit.ts'
import { HostRefusal } from '../host/control-transport.ts'
import type { LocalKms } from '../state/local-kms.ts'
import { emulatorCommand } from './local-kms.ts'

const OTHER_STATE = 'with another --state'

export interface DemoKeys {
  /** Of the demo issuer. */
  readonly custody: string
  /** That of this start. */
  readonly kms: LocalKms | undefined
}

/** Its key could not be made. */
export function keyFailure(cause: unknown, kms: LocalKms | undefined): unknown {
  if (!isFault(cause) || kms === undefined) return cause
  return failure(
    `the demo issuer has no key, since the KMS at ${kms.endpoint} makes none of custody ${kms.custody}: the log says what it answered; start one there that does, such as "${emulatorCommand(kms.endpoint)}", or choose another --custody ${OTHER_STATE}`,
    cause,
  )
}

/** It could not sign. */
export function tokenFailure(cause: unknown, { custody, kms }: DemoKeys): unknown {
  if (!isFault(cause) || custody === 'sealed') return cause
  if (kms === undefined) {
    return failure(
      `the demo issuer cannot sign, since its custody is ${custody} and this start has no KMS: give --custody and --kms-endpoint as before, or start anew ${OTHER_STATE}`,
      cause,
    )
  }
  return failure(
    `the demo issuer cannot sign, since the KMS at ${kms.endpoint} does not use its key: one that keeps keys in memory has lost them when it stops; start it with the keys that it had, or start anew ${OTHER_STATE}`,
    cause,
  )
}

/** A relying party does not take its token. */
export function signatureFailure(cause: unknown, { custody, kms }: DemoKeys): unknown {
  const isWrong =
    cause instanceof Error && cause.cause instanceof errors.JWSSignatureVerificationFailed
  if (!isWrong || custody !== 'kms' || kms === undefined) return cause
  return failure(
    `the KMS at ${kms.endpoint} signs wrongly, as moto does, which hashes a digest once more: use one in its place whose signatures verify, such as "${emulatorCommand(kms.endpoint)}", ${OTHER_STATE}`,
    cause,
  )
}

/** The host answers 503 where something that it needs fails. */
function isFault(cause: unknown): boolean {
  return cause instanceof HostRefusal && cause.status === 503
}

function failure(message: string, cause: unknown): CliError {
  return new CliError(EXIT.refused, message, { cause })
}
