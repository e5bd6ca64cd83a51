/**
 * What happens to calls of S3 and KMS now and then: answers that are lost after everything was done, and connections that
 * are gone before.
 */

import type { FakeFault } from '../support/aws/fake-service.ts'
import type { KmsFake } from '../support/aws/kms-fake.ts'
import type { S3Fake } from '../support/aws/s3-fake.ts'

const LOST: FakeFault = { type: 'lost_answer' }
const RESET: FakeFault = { type: 'reset' }

/** `times`: the client of S3 tries a call three times of its own. */
const DISTURBANCES: readonly ((services: Services) => void)[] = [
  ({ s3 }) => s3.inject('PutObject', LOST),
  ({ s3 }) => s3.inject('PutObject', LOST, 3),
  ({ s3 }) => s3.inject('PutObject', RESET, 3),
  ({ s3 }) => s3.inject('GetObject', RESET, 3),
  ({ kms }) => kms.inject('CreateKey', LOST),
  ({ kms }) => kms.inject('CreateKey', RESET),
  ({ kms }) => kms.inject('GetPublicKey', RESET, 5),
  ({ kms }) => kms.inject('Sign', LOST, 3),
  ({ kms }) => kms.inject('ScheduleKeyDeletion', LOST, 3),
]

interface Services {
  readonly s3: S3Fake
  readonly kms: KmsFake
}

export function disturbAws(services: Services, random: () => number): void {
  DISTURBANCES[Math.floor(random() * DISTURBANCES.length)]?.(services)
}
