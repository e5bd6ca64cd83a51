/**
 * Where a request to the functions on AWS meets a service, what can happen there, and what the request then ends in.
 */

import { kmsErrors } from '../support/aws/kms-fake.ts'
import type { FakeFault } from '../support/aws/fake-service.ts'
import { lambdaErrors } from '../support/aws/lambda-fake.ts'
import { s3Errors } from '../support/aws/s3-fake-answers.ts'

export type FaultyAction =
  | 'create'
  | 'update'
  | 'adopt'
  | 'rotate'
  | 'delete'
  | 'mint'
  | 'list'
  | 'read'

/**
 * `nothing`, `keyless`: of an issuer that is being created. `reserved`: with the place of a key that is being made.
 * `undone`: as before, two writes later. `given up`: as before but for such a place, which is left to the sweep. `changed`: as
 * the request wished.
 */
export type FaultyState =
  | 'nothing'
  | 'keyless'
  | 'unchanged'
  | 'reserved'
  | 'undone'
  | 'given up'
  | 'changed'

export interface FaultPoint {
  readonly title: string
  readonly action: FaultyAction
  readonly custody: 'kms' | 'kms-wrapped'
  readonly service: 's3' | 'kms' | 'lambda'
  readonly operation: 'GetObject' | 'PutObject' | 'ListObjectsV2' | KmsOperation | 'Invoke'
  /** How many calls of that operation the request makes before. */
  readonly after: number
  /** What is stored when it fails there, and when only the answer was lost. Default: as before, and for a write as wished. */
  readonly leaves?: readonly [failed: FaultyState, lost: FaultyState]
  /** What the request ends in while the fault lasts. Default: `storage_unavailable`. */
  readonly ends?: 'key_not_made' | 'rotation_unavailable' | 'by fault'
}

type KmsOperation =
  | 'CreateKey'
  | 'GetPublicKey'
  | 'Sign'
  | 'GenerateDataKeyPairWithoutPlaintext'
  | 'Decrypt'

const S3 = { custody: 'kms', service: 's3', after: 0 } as const
const KMS = { custody: 'kms', service: 'kms', after: 0 } as const
const CREATE = {
  action: 'create',
  ends: 'key_not_made',
  leaves: ['keyless', 'keyless'],
} as const

const ROTATE = {
  action: 'rotate',
  ends: 'by fault',
  leaves: ['given up', 'given up'],
} as const

export const FAULT_POINTS: readonly FaultPoint[] = [
  {
    ...S3,
    title: 'creating: is the id taken',
    action: 'create',
    operation: 'GetObject',
    leaves: ['nothing', 'nothing'],
  },
  {
    ...S3,
    title: 'creating: the claim',
    action: 'create',
    operation: 'PutObject',
    leaves: ['nothing', 'nothing'],
  },
  {
    ...S3,
    title: 'creating: the document',
    action: 'create',
    operation: 'PutObject',
    after: 1,
    leaves: ['nothing', 'keyless'],
  },
  { ...S3, ...CREATE, title: 'creating: the ring is read', operation: 'GetObject', after: 1 },
  {
    ...S3,
    ...CREATE,
    title: 'creating: the place of the key is written',
    operation: 'PutObject',
    after: 2,
    leaves: ['keyless', 'reserved'],
  },
  {
    ...S3,
    ...CREATE,
    title: 'creating: the place of the key is read',
    operation: 'GetObject',
    after: 2,
    leaves: ['reserved', 'reserved'],
  },
  {
    ...S3,
    ...CREATE,
    title: 'creating: the key is written',
    operation: 'PutObject',
    after: 3,
    leaves: ['reserved', 'changed'],
  },
  {
    ...S3,
    title: 'creating: it is read back',
    action: 'create',
    operation: 'GetObject',
    after: 3,
    leaves: ['changed', 'changed'],
  },
  { ...KMS, ...CREATE, title: 'creating: the key', operation: 'CreateKey' },
  { ...KMS, ...CREATE, title: 'creating: its public key', operation: 'GetPublicKey' },
  {
    ...KMS,
    ...CREATE,
    title: 'creating: a wrapped key',
    custody: 'kms-wrapped',
    operation: 'GenerateDataKeyPairWithoutPlaintext',
  },
  {
    ...KMS,
    ...CREATE,
    title: 'creating: the rotation',
    service: 'lambda',
    operation: 'Invoke',
    leaves: ['keyless', 'changed'],
  },
  { ...S3, title: 'updating: the read', action: 'update', operation: 'GetObject' },
  { ...S3, title: 'updating: the write', action: 'update', operation: 'PutObject' },
  { ...S3, title: 'adopting: the write', action: 'adopt', operation: 'PutObject' },
  { ...S3, title: 'rotating: is there such an issuer', action: 'rotate', operation: 'GetObject' },
  {
    ...S3,
    title: 'rotating: the ring is read',
    action: 'rotate',
    operation: 'GetObject',
    after: 1,
  },
  {
    ...S3,
    title: 'rotating: the place of the key is written',
    action: 'rotate',
    operation: 'PutObject',
    leaves: ['unchanged', 'reserved'],
  },
  {
    ...S3,
    title: 'rotating: the place of the key is read',
    action: 'rotate',
    operation: 'GetObject',
    after: 2,
    leaves: ['reserved', 'reserved'],
  },
  {
    ...S3,
    title: 'rotating: the key is written',
    action: 'rotate',
    operation: 'PutObject',
    after: 1,
    leaves: ['reserved', 'changed'],
  },
  { ...KMS, ...ROTATE, title: 'rotating: the key', operation: 'CreateKey' },
  { ...KMS, ...ROTATE, title: 'rotating: its public key', operation: 'GetPublicKey' },
  {
    ...KMS,
    title: 'rotating: a wrapped key',
    action: 'rotate',
    custody: 'kms-wrapped',
    operation: 'GenerateDataKeyPairWithoutPlaintext',
    ends: 'by fault',
  },
  {
    ...KMS,
    title: 'rotating: the rotation',
    action: 'rotate',
    service: 'lambda',
    operation: 'Invoke',
    ends: 'rotation_unavailable',
    leaves: ['unchanged', 'changed'],
  },
  { ...S3, title: 'deleting: the write', action: 'delete', operation: 'PutObject' },
  { ...S3, title: 'listing', action: 'list', operation: 'ListObjectsV2' },
  { ...S3, title: 'reading a public document', action: 'read', operation: 'GetObject' },
  { ...S3, title: 'minting: the read', action: 'mint', operation: 'GetObject' },
  { ...KMS, title: 'minting', action: 'mint', operation: 'Sign', ends: 'by fault' },
  {
    ...KMS,
    title: 'minting with a wrapped key',
    action: 'mint',
    custody: 'kms-wrapped',
    operation: 'Decrypt',
    ends: 'by fault',
  },
]

const FAULTS = [
  'no answer',
  'an error of the service',
  'too many requests',
  'no permission',
  'a lost connection',
  'a lost answer',
] as const
export type FaultName = (typeof FAULTS)[number]

/** Once: what callers try again by themselves, whether anything was done or not. */
export const ONCE: readonly FaultName[] = ['too many requests', 'a lost answer']
export const LASTING: readonly FaultName[] = FAULTS

const ERRORS = { s3: s3Errors, kms: kmsErrors, lambda: lambdaErrors } as const

export function faultNamed(name: FaultName, service: FaultPoint['service']): FakeFault {
  switch (name) {
    case 'no answer':
      return { type: 'no_answer' }
    case 'an error of the service':
      return ERRORS[service].internal
    case 'too many requests':
      return ERRORS[service].throttled
    case 'no permission':
      return ERRORS[service].denied
    case 'a lost connection':
      return { type: 'reset' }
    case 'a lost answer':
      return { type: 'lost_answer' }
  }
}

/** The error of the request while the fault lasts: each is a 503. */
export function errorWhileLasting({ ends }: FaultPoint, name: FaultName): string {
  if (ends !== 'by fault') return ends ?? 'storage_unavailable'
  if (name === 'too many requests') return 'key_service_busy'
  return name === 'no permission' ? 'key_service_refused' : 'key_service_unavailable'
}

/** What is stored after the request failed. */
export function stateAfterFailure({ operation, leaves }: FaultPoint, name: FaultName): FaultyState {
  const [failed, lost] = leaves ?? [
    'unchanged',
    operation === 'PutObject' ? 'changed' : 'unchanged',
  ]
  // What was refused surely made no key, so nothing is left to look for.
  const isRefused = name === 'too many requests' || name === 'no permission'
  if (operation === 'CreateKey' && failed === 'given up' && isRefused) return 'undone'
  return name === 'a lost answer' ? lost : failed
}

export function stateAfterSuccess({ action }: FaultPoint): FaultyState {
  const isRead = action === 'mint' || action === 'list' || action === 'read'
  return isRead ? 'unchanged' : 'changed'
}

/** Whether only the answer of whoever made the key is lost: the key is found when the issuer is read again. */
export function isDoneAnyway({ ends, leaves }: FaultPoint, name: FaultName): boolean {
  return name === 'a lost answer' && ends === 'key_not_made' && leaves?.[1] === 'changed'
}

/** A key may have been made of which nobody heard: a second attempt would make a second one. */
export function isTriedAgain({ operation, ends }: FaultPoint, name: FaultName): boolean {
  const isUnsafe = operation === 'CreateKey' || ends === 'rotation_unavailable'
  return !isUnsafe || name === 'too many requests'
}
