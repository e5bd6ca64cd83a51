/**
 * The calls that each kind of run needs, and no more.
 */

import type { KeyCustody } from '../../src/signers/key-manager.ts'

/** In the order of a ring's life. */
export type RunKind =
  | 'making a successor'
  | 'seeing it for the first time'
  | 'too early to see it again'
  | 'confirming it'
  | 'nothing due'
  | 'a sweep with nothing to do'
  | 'a job over 20 issuers, nothing due'
  | 'a sweep of 20 issuers, nothing to do'
  | 'letting a key go'
  | 'a sweep of one key that was let go'
  | 'a sweep of one key that is found by its tags, of 5 in the account'

const LOOKS = '2 requests'

/** How each custody makes a key. A key that is kept elsewhere costs one more read and one more write. */
const MAKING: Readonly<Record<KeyCustody, string>> = {
  kms: '2 GetObject, 2 PutObject, 1 CreateKey, 1 GetPublicKey',
  'kms-wrapped': '1 GetObject, 1 PutObject, 1 GenerateDataKeyPairWithoutPlaintext',
  sealed: '1 GetObject, 1 PutObject',
}

/** How each custody signs the proof, in a process that has opened no key. */
const PROVING: Readonly<Record<KeyCustody, string>> = {
  kms: `1 GetObject, 1 PutObject, 1 Sign, ${LOOKS}`,
  'kms-wrapped': `1 GetObject, 1 PutObject, 1 Decrypt, ${LOOKS}`,
  sealed: `1 GetObject, 1 PutObject, ${LOOKS}`,
}

/** As `counted` writes them. */
export function expectedCalls(kind: RunKind, custody: KeyCustody): string {
  switch (kind) {
    case 'making a successor':
      return MAKING[custody]
    case 'seeing it for the first time':
      return `1 GetObject, 1 PutObject, ${LOOKS}`
    case 'confirming it':
      return PROVING[custody]
    case 'too early to see it again':
    case 'nothing due':
    case 'a sweep with nothing to do':
      return '1 GetObject'
    case 'a job over 20 issuers, nothing due':
    case 'a sweep of 20 issuers, nothing to do':
      return '1 ListObjectsV2, 20 GetObject'
    case 'letting a key go':
      return '1 GetObject, 1 PutObject'
    // One read to decide, one before the deletion, one to write.
    case 'a sweep of one key that was let go':
      return '3 GetObject, 1 PutObject, 1 ScheduleKeyDeletion'
    case 'a sweep of one key that is found by its tags, of 5 in the account':
      return '3 GetObject, 1 PutObject, 1 ListKeys, 5 ListResourceTags, 1 DescribeKey, 1 ScheduleKeyDeletion'
  }
}
