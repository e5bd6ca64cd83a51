import { describe, expect, test } from 'vitest'
import type { ExchangeRefusalReason } from '../../../src/exchange/exchange-refusal.ts'
import type { ExchangeCopy } from '../../../src/reading/exchange-copies.ts'
import { aKey, anIssuer, aRing, aTombstone, fakeKeyManager, NOW } from '../../support/fixtures.ts'
import { newSubjectKey, subjectClaims } from '../../support/subject-tokens.ts'
import { ofEntries, ofIssuer, signed, withToken } from './exchange-cases.ts'
import {
  aCopy,
  anEntry,
  exchangeWorld,
  expression,
  SUBJECT_KEY,
  type World,
  type WorldOptions,
} from './exchange-world.ts'

interface RefusedRow {
  readonly reason: ExchangeRefusalReason
  readonly options?: WorldOptions
  readonly changes?: Parameters<World['ask']>[0]
}

const stranger = newSubjectKey('ES256', 'stranger')
const { policy } = anIssuer()
const copyOf = (changes: Partial<ExchangeCopy>): WorldOptions => ({ copies: [aCopy(changes)] })
const ownKey = aKey({ kid: SUBJECT_KEY.fingerprint, publicJwk: SUBJECT_KEY.publicJwk })

/** Of another cluster. */
const otherEntry = anEntry({ name: 'b', issuer: 'b', keys: { type: 'jwks', keys: [stranger] } })

/** In the order in which they are found: each row is right in all that the rows before it are about. */
const REFUSED: readonly RefusedRow[] = [
  { reason: 'issuer_not_found', options: { copies: [undefined] } },
  { reason: 'issuer_deleted', options: copyOf({ stored: aTombstone() }) },
  { reason: 'publish_only', options: ofIssuer({ policy: { ...policy, custody: 'none' } }) },
  { reason: 'no_policy', options: copyOf({ policy: undefined }) },
  { reason: 'no_policy', options: ofEntries() },
  { reason: 'subject_token_too_long', changes: { subject_token: 'x'.repeat(16_385) } },
  { reason: 'subject_token_malformed', changes: { subject_token: 'x.y.z' } },
  { reason: 'expired', changes: signed({ exp: NOW }) },
  { reason: 'audience_refused', changes: signed({ aud: 'sts.amazonaws.com' }) },
  { reason: 'issuer_unknown', changes: signed({ iss: 'https://stranger.example' }) },
  { reason: 'key_unknown', changes: { subject_token: stranger.sign(subjectClaims()) } },
  {
    reason: 'signature_wrong',
    changes: { subject_token: stranger.sign(subjectClaims(), { kid: SUBJECT_KEY.kid }) },
  },
  { reason: 'own_key', options: ofIssuer({ ring: aRing({ keys: [ownKey] }) }) },
  {
    reason: 'key_set_unavailable',
    options: ofEntries(anEntry({ keys: { type: 'discovery', jwksHost: undefined } })),
  },
  { reason: 'audience_not_allowed', changes: { audience: 'elsewhere' } },
  {
    reason: 'audience_not_allowed',
    options: withToken({ audiences: ['https://oidc.example.com/other'] }),
    changes: { audience: 'https://oidc.example.com/other' },
  },
  { reason: 'condition_not_met', options: ofEntries(anEntry({ condition: expression(() => 1) })) },
  { reason: 'expression_failed', options: withToken({ subject: expression(() => 7) }) },
  {
    reason: 'subject_not_prefixed',
    options: ofEntries(anEntry(), otherEntry),
  },
  { reason: 'lifetime_too_short', changes: signed({ exp: NOW + 54 }) },
  { reason: 'no_active_key', options: ofIssuer({ ring: aRing({ keys: [] }) }) },
  {
    reason: 'issued_token_refused',
    options: withToken({ claims: [['long', expression(() => 'x'.repeat(13_000))]] }),
  },
]

describe('nothing is signed, and no key is opened, for what is refused', () => {
  test.each(REFUSED)('$reason', async ({ reason, options, changes }) => {
    let signatures = 0
    const keyManager = fakeKeyManager({
      sign: async () => {
        signatures += 1
        return new Uint8Array(64)
      },
    })
    const world = exchangeWorld({ ...options, keyManager })
    const response = await world.ask(changes)
    expect(world.logged.map(({ fields }) => fields['reason'])).toStrictEqual([reason])
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect([signatures, keyManager.opened]).toStrictEqual([0, []])
    expect(world.loads).toStrictEqual(['load prod'])
  })

  test('the first of all that is wrong is the one that is said', async () => {
    const entry = anEntry({ condition: expression(() => false), token: { audiences: ['x'] } })
    const changes = signed({ exp: NOW - 1, aud: 'x', iss: 'https://stranger.example' })
    const world = exchangeWorld(ofEntries(entry))
    await world.ask(changes)
    await world.ask(signed({ aud: 'x', iss: 'https://stranger.example' }))
    await world.ask(signed({ iss: 'https://stranger.example' }))
    await world.ask()
    await world.ask({ audience: 'x' })
    expect(world.logged.map(({ fields }) => fields['reason'])).toStrictEqual([
      'expired',
      'audience_refused',
      'issuer_unknown',
      'audience_not_allowed',
      'condition_not_met',
    ])
  })
})
