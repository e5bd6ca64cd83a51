import { describe, expect, test } from 'vitest'
import { issuerListEntries, issuerView } from '../../../src/control/views.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import {
  aKey,
  anAdoptedKey,
  anIssuer,
  aRing,
  aTombstone,
  NO_BOUNDS,
  NOW,
} from '../../support/fixtures.ts'

const WITHDRAWN = anAdoptedKey({
  kid: 'kid-leaving',
  withdrawal: { at: NOW, publishedUntil: NOW + 100 },
})
const ISSUER = anIssuer({
  ring: aRing({
    keys: [aKey({ revokedAt: NOW + 50 })],
    adopted: [anAdoptedKey(), WITHDRAWN],
    former: [{ kid: 'kid-former', fingerprint: 'fingerprint-former', origin: 'adopted' }],
  }),
})

describe('the view of an issuer', () => {
  test('is exactly this', () => {
    expect(issuerView(ISSUER, NO_BOUNDS, NOW + 99)).toEqual({
      id: 'prod',
      issuer: 'https://oidc.example.com/prod',
      revision: 1,
      createdAt: NOW,
      updatedAt: NOW,
      policy: DEFAULT_POLICY,
      keys: [
        {
          origin: 'own',
          kid: 'kid-a',
          alg: 'RS256',
          custody: 'sealed',
          status: 'revoked',
          publishedAt: NOW,
          activatesAt: NOW,
          revokedAt: NOW + 50,
        },
        {
          origin: 'adopted',
          kid: 'kid-of-cluster',
          alg: 'RS256',
          fingerprint: 'fingerprint-of-cluster',
          status: 'adopted',
          publishedAt: NOW,
        },
        {
          origin: 'adopted',
          kid: 'kid-leaving',
          alg: 'RS256',
          fingerprint: 'fingerprint-of-cluster',
          status: 'withdrawn',
          publishedAt: NOW,
          withdrawal: { at: NOW, publishedUntil: NOW + 100 },
        },
      ],
    })
  })

  test('says that a key has retired', () => {
    const { keys } = issuerView(ISSUER, NO_BOUNDS, NOW + 100)
    expect(keys.map(({ status }) => status)).toEqual(['revoked', 'adopted', 'retired'])
  })

  test('has nothing private', () => {
    const text = JSON.stringify(issuerView(ISSUER, NO_BOUNDS, NOW))
    expect(text).not.toMatch(/private-reference|slot-|nonce-|former/)
  })
})

describe('the entries of a list', () => {
  const { reason: _reason, ...silent } = aTombstone({ id: 'silent' })
  const listed = [
    { id: 'prod', stored: anIssuer() },
    { id: 'gone', stored: aTombstone({ id: 'gone' }) },
    { id: 'broken', problem: 'the stored document of issuer broken cannot be read' },
    { id: 'silent', stored: silent },
  ]
  const broken = { id: 'broken', problem: 'the stored document of issuer broken cannot be read' }
  const issuer = 'https://oidc.example.com/prod'

  test('are the issuers, and those that cannot be read', () => {
    expect(issuerListEntries(listed, 'issuer')).toEqual([
      { id: 'prod', issuer, createdAt: NOW },
      broken,
    ])
  })

  test('are the deleted ones with when and why, and those that cannot be read', () => {
    expect(issuerListEntries(listed, 'tombstone')).toEqual([
      { id: 'gone', issuer, deletedAt: NOW + 60, reason: 'the cluster is gone' },
      broken,
      { id: 'silent', issuer, deletedAt: NOW + 60 },
    ])
  })
})
