/**
 * Errors of AWS KMS as faults of ours. A message has the issuer, where there is one, and the name of the service's error, and
 * nothing else of it.
 */

import { Fault, type FaultCode } from '../../errors.ts'
import { KmsError, type KmsErrorCode } from './kms-api.ts'

/** Answers after which KMS has done nothing of the call that they are to. */
const WITHOUT_EFFECT: readonly KmsErrorCode[] = ['throttled', 'denied', 'rejected']

/** What `ask`, which is one call, resolves to. `doing`: what could not be done, such as "a key could not be made". */
export async function askingKms<T>(
  issuerId: string,
  doing: string,
  ask: () => Promise<T>,
): Promise<T> {
  return askingKmsForAll(`${doing} for issuer ${issuerId}`, ask)
}

/** As `askingKms`, for what is of no issuer. */
export async function askingKmsForAll<T>(doing: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw error instanceof KmsError ? kmsFault(error, doing) : error
  }
}

function kmsFault({ code, awsName }: KmsError, doing: string): Fault {
  return new Fault(faultCode(code), `${doing}: AWS KMS answered ${awsName}`, {
    hadNoEffect: WITHOUT_EFFECT.includes(code),
  })
}

function faultCode(code: KmsErrorCode): FaultCode {
  switch (code) {
    case 'throttled':
      return 'key_service_busy'
    case 'unavailable':
      return 'key_service_unavailable'
    case 'denied':
    case 'rejected':
      return 'key_service_refused'
    case 'disabled':
      return 'key_disabled'
    case 'not_found':
    case 'invalid_ciphertext':
      return 'key_unavailable'
  }
}
