/**
 * Errors of AWS KMS as faults of ours. A message has the issuer and the name of the service's error, and nothing else of it.
 */

import { Fault, type FaultCode } from '../../errors.ts'
import { KmsError, type KmsErrorCode } from './kms-api.ts'

/** What `ask` resolves to. `doing`: what could not be done, such as "a key could not be made". */
export async function askingKms<T>(
  issuerId: string,
  doing: string,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw error instanceof KmsError ? kmsFault(error, issuerId, doing) : error
  }
}

function kmsFault(error: KmsError, issuerId: string, doing: string): Fault {
  return new Fault(
    faultCode(error.code),
    `${doing} for issuer ${issuerId}: AWS KMS answered ${error.awsName}`,
  )
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
