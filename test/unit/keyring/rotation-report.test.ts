import { describe, expect, test } from 'vitest'
import { reportedAction, rotationReport } from '../../../src/keyring/rotation-report.ts'
import { EC_JWK, NOW } from '../../support/fixtures.ts'
import { ACTIVE, aRotating, BOUNDS, POLICY } from '../../support/rotation-fixtures.ts'

describe('the report of a rotation', () => {
  test('has the document as it is, and what comes next', () => {
    const outcome = { document: aRotating([ACTIVE]), dryRun: true, actions: [], waits: [] }
    expect(rotationReport(outcome, BOUNDS, NOW)).toEqual({
      id: 'prod',
      revision: 9,
      dryRun: true,
      actions: [],
      waits: [],
      nextMoment: { at: NOW + POLICY.rotationPeriodSeconds, what: 'rotation due' },
    })
    expect(rotationReport({ ...outcome, document: aRotating([]) }, BOUNDS, NOW)).toMatchObject({
      nextMoment: null,
    })
  })

  test('has of a confirmation no key, and of all else everything', () => {
    const fetched = { kid: 'kid-a', alg: 'ES256', publicJwk: EC_JWK }
    const confirm = { type: 'confirm', kid: 'kid-a', activatesAt: NOW } as const
    expect(reportedAction({ ...confirm, fetched })).toStrictEqual(confirm)
    const prune = { type: 'prune', kid: 'kid-a', why: 'retired' } as const
    expect(reportedAction(prune)).toBe(prune)
  })
})
