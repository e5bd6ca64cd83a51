import { describe, expect, test } from 'vitest'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { needsObservation } from '../../../src/keyring/needs-observation.ts'
import { NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  EC_MEMBERS,
} from '../../support/rotation-fixtures.ts'

function seenAt(seconds: number): Partial<IssuerDocument> {
  return { settling: aSettling({ seenAt: seconds }) }
}

describe('a rotation looks at the public documents', () => {
  const SEEN = aSuccessor({ firstSeenAt: NOW })

  test.each<[string, readonly KeyRecord[], Partial<IssuerDocument>, number, boolean]>([
    ['not for an empty ring', [], {}, NOW, false],
    ['not for a key that signs', [ACTIVE], {}, NOW, false],
    ['for a policy that was not seen', [ACTIVE], { settling: aSettling() }, NOW, true],
    ['not for one that was', [ACTIVE], seenAt(0), NOW, false],
    ['for a successor that was not seen', [ACTIVE, aSuccessor()], {}, NOW, true],
    ['not for one of another kind', [ACTIVE, aSuccessor(EC_MEMBERS)], {}, NOW, false],
    ['not again too early', [ACTIVE, SEEN], {}, NOW + 359, false],
    ['for the second sighting', [ACTIVE, SEEN], {}, NOW + 360, true],
    ['later while an older policy is in force', [ACTIVE, SEEN], seenAt(NOW), NOW + 959, false],
    ['and then', [ACTIVE, SEEN], seenAt(NOW), NOW + 960, true],
    [
      'not for one whose moment is set',
      [ACTIVE, { ...SEEN, activatesAt: NOW + 9999 }],
      {},
      NOW + 999,
      false,
    ],
  ])('%s', (_title, ...[keys, members, now, needs]) => {
    expect(needsObservation(aRotating(keys, members), BOUNDS, now)).toBe(needs)
  })
})
