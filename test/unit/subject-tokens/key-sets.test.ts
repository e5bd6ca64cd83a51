import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { adoptedVerificationKeys } from '../../../src/subject-tokens/adopted-verification-keys.ts'
import type { VerificationKey } from '../../../src/subject-tokens/verification-key.ts'
import { anAdoptedKey, aRing, NOW } from '../../support/fixtures.ts'
import { newSubjectKey, SUBJECT_ISSUER, subjectClaims } from '../../support/subject-tokens.ts'
import {
  ADOPTED,
  aSource,
  attempt,
  type Attempt,
  DISCOVERY,
  inline,
  outcomeOf,
} from './verifying.ts'

const KEY = newSubjectKey('ES256', 'key-1')
/** Another key of the same name. */
const NAMESAKE = newSubjectKey('ES256', 'key-1')
const OTHER = newSubjectKey('ES256', 'key-2')
const TOKEN = KEY.sign(subjectClaims())
const ELSEWHERE = 'https://elsewhere.example'

function answering(...keys: readonly VerificationKey[]): Pick<Attempt, 'answer'> {
  return { answer: () => ({ ok: true, keys }) }
}

const DOWN: Pick<Attempt, 'answer'> = {
  answer: () => ({ ok: false, message: 'the key set did not answer' }),
}

describe('an issuer with adopted keys', () => {
  test.each<[string, Attempt, string]>([
    ['verifies with them', { sources: [aSource(ADOPTED)], adopted: [OTHER, KEY] }, 'ok source'],
    ['and with no other one', { sources: [aSource(ADOPTED)], adopted: [OTHER] }, 'key_unknown'],
    ['and not without any', { sources: [aSource(ADOPTED)], adopted: [] }, 'key_unknown'],
    [
      'trusts no keys in its policy',
      { sources: [aSource(inline(KEY))], adopted: [OTHER] },
      'issuer_unknown',
    ],
    [
      'not even where they are the same',
      { sources: [aSource(inline(KEY))], adopted: [KEY] },
      'issuer_unknown',
    ],
    [
      'trusts no set elsewhere',
      { sources: [aSource(DISCOVERY)], adopted: [OTHER], ...answering(KEY) },
      'issuer_unknown',
    ],
    [
      'takes them for its own entry alone',
      { sources: [aSource(ADOPTED), aSource(inline(OTHER))], adopted: [KEY] },
      'ok source',
    ],
    [
      'refuses one that stands in its policy too',
      { sources: [aSource(ADOPTED), aSource(inline(KEY), { issuer: ELSEWHERE })], adopted: [KEY] },
      'key_ambiguous',
    ],
    [
      'refuses one that two entries have',
      { sources: [aSource(ADOPTED), aSource(ADOPTED)], adopted: [KEY] },
      'key_ambiguous',
    ],
    [
      'of another issuer has nothing to do with it',
      { sources: [aSource(ADOPTED, { issuer: ELSEWHERE })], adopted: [KEY] },
      'issuer_unknown',
    ],
    [
      'pins algorithms too',
      { sources: [aSource(ADOPTED, { algorithms: ['RS256'] })], adopted: [KEY] },
      'key_unknown',
    ],
  ])('%s', async (_title, expected, outcome) => {
    expect(await outcomeOf(TOKEN, expected)).toBe(outcome)
  })

  test('asks for no set elsewhere', async () => {
    const { asked } = await attempt(TOKEN, { sources: [aSource(DISCOVERY)], adopted: [OTHER] })
    expect(asked).toEqual([])
  })

  test.each([
    ['is withdrawn and still published', NOW + 1, 'ok source'],
    ['is retired', NOW, 'key_unknown'],
  ])('and a key that %s', async (_title, publishedUntil, outcome) => {
    const { kid, fingerprint, publicJwk } = KEY
    const record = { kid, fingerprint, publicJwk, alg: 'ES256' } as const
    const withdrawal = { at: NOW - 9, publishedUntil }
    const ring = aRing({ adopted: [anAdoptedKey(), anAdoptedKey({ ...record, withdrawal })] })
    const adopted = adoptedVerificationKeys(ring, NOW)
    expect(await outcomeOf(TOKEN, { sources: [aSource(ADOPTED)], adopted })).toBe(outcome)
  })
})

describe('a set elsewhere', () => {
  const sources = [aSource(DISCOVERY)]
  test.each<[string, Attempt, string]>([
    ['with the key', { sources, ...answering(OTHER, KEY) }, 'ok source'],
    ['without it', { sources, ...answering(OTHER) }, 'key_unknown'],
    ['with another one of its name', { sources, ...answering(NAMESAKE) }, 'signature_wrong'],
    ['that is down', { sources, ...DOWN }, 'key_set_unavailable'],
    [
      'that is down, beside a key that verifies',
      { sources: [...sources, aSource(inline(KEY), { name: 'inline' })], ...DOWN },
      'ok inline',
    ],
    [
      'that is down, behind a key that does not',
      { sources: [aSource(inline(NAMESAKE)), ...sources], ...DOWN },
      'key_set_unavailable',
    ],
    [
      'with a key that another entry has in the policy',
      { sources: [...sources, aSource(inline(KEY), { issuer: ELSEWHERE })], ...answering(KEY) },
      'key_ambiguous',
    ],
  ])('%s', async (_title, expected, outcome) => {
    expect(await outcomeOf(TOKEN, expected)).toBe(outcome)
  })

  test('is asked for by its issuer and kid', async () => {
    const keys = { type: 'discovery', jwksHost: 'keys.example.net' } as const
    const { asked } = await attempt(TOKEN, { sources: [aSource(keys), aSource(inline(OTHER))] })
    expect(asked).toEqual([[{ issuer: SUBJECT_ISSUER, jwksHost: 'keys.example.net' }, 'key-1']])
  })

  test.each<[string, JsonObject, Partial<ReturnType<typeof aSource>>]>([
    ['another issuer', { iss: ELSEWHERE }, {}],
    ['an alg that is not pinned', {}, { algorithms: ['RS256'] }],
  ])('is not asked for with %s', async (_title, claims, changes) => {
    const { asked } = await attempt(KEY.sign(subjectClaims(claims)), {
      sources: [aSource(DISCOVERY, changes)],
    })
    expect(asked).toEqual([])
  })

  test('says why it is down, to the operator', async () => {
    const { verification } = await attempt(TOKEN, { sources, ...DOWN })
    expect(verification.ok ? '' : verification.refusal.detail).toBe('the key set did not answer')
  })
})
