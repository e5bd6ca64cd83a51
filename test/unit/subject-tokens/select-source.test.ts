import { describe, expect, test } from 'vitest'
import type { VerificationKey } from '../../../src/subject-tokens/verification-key.ts'
import {
  newSubjectKey,
  SUBJECT_ISSUER,
  subjectClaims,
  type SubjectKey,
} from '../../support/subject-tokens.ts'
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

describe('the key that verifies a token selects its source', () => {
  test.each<[string, Attempt, string]>([
    ['no source', { sources: [] }, 'issuer_unknown'],
    [
      'none of its issuer',
      { sources: [aSource(inline(KEY), { issuer: ELSEWHERE })] },
      'issuer_unknown',
    ],
    [
      'none of exactly its issuer',
      { sources: [aSource(inline(KEY), { issuer: `${SUBJECT_ISSUER}/` })] },
      'issuer_unknown',
    ],
    ['no key of its kid', { sources: [aSource(inline(OTHER))] }, 'key_unknown'],
    ['no key', { sources: [aSource(inline())] }, 'key_unknown'],
    [
      'a key of another alg',
      { sources: [aSource(inline({ ...KEY, algorithms: ['ES384'] }))] },
      'key_unknown',
    ],
    [
      'an alg that is not pinned',
      { sources: [aSource(inline(KEY), { algorithms: ['ES384', 'RS256'] })] },
      'key_unknown',
    ],
    ['another key of its kid', { sources: [aSource(inline(NAMESAKE))] }, 'signature_wrong'],
    ['both keys of its kid', { sources: [aSource(inline(NAMESAKE, KEY))] }, 'ok source'],
    ['its key twice in one source', { sources: [aSource(inline(KEY, KEY))] }, 'ok source'],
    [
      'two sources of its issuer with other keys',
      {
        sources: [
          aSource(inline(NAMESAKE), { name: 'first' }),
          aSource(inline(KEY), { name: 'second' }),
        ],
      },
      'ok second',
    ],
    [
      'two sources of its issuer with its key',
      { sources: [aSource(inline(KEY)), aSource(inline(OTHER, KEY))] },
      'key_ambiguous',
    ],
    [
      'a source of another issuer with its key',
      { sources: [aSource(inline(KEY)), aSource(inline(KEY), { issuer: ELSEWHERE })] },
      'key_ambiguous',
    ],
    [
      'a source of another issuer with its key under another name and alg',
      {
        sources: [
          aSource(inline(KEY)),
          aSource(inline({ ...KEY, kid: 'key-9', algorithms: ['ES384'] }), {
            issuer: ELSEWHERE,
            algorithms: ['ES384'],
          }),
        ],
      },
      'key_ambiguous',
    ],
    [
      'a source of another issuer with another key',
      { sources: [aSource(inline(KEY)), aSource(inline(NAMESAKE), { issuer: ELSEWHERE })] },
      'ok source',
    ],
    [
      'a key that makes none',
      {
        sources: [
          aSource(inline({ ...KEY, publicJwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } })),
        ],
      },
      'signature_wrong',
    ],
    [
      'a key of another type under its name',
      {
        sources: [aSource(inline({ ...newSubjectKey('RS256', 'key-1'), algorithms: ['ES256'] }))],
      },
      'signature_wrong',
    ],
  ])('%s', async (_title, expected, outcome) => {
    expect(await outcomeOf(TOKEN, expected)).toBe(outcome)
  })

  test('whatever the kid looks like', async () => {
    for (const kid of [
      '../../etc/passwd',
      "'OR''='",
      '__proto__',
      'https://evil.example/key',
      'k'.repeat(255),
    ]) {
      const token = KEY.sign(subjectClaims(), { kid })
      expect(await outcomeOf(token, { sources: [aSource(inline(KEY))] })).toBe('key_unknown')
    }
  })
})

describe("one's own keys verify no subject token", () => {
  const own = new Set(['another', KEY.fingerprint])
  test.each<[string, Attempt]>([
    ['in the policy', { sources: [aSource(inline(KEY))] }],
    ['in a set elsewhere', { sources: [aSource(DISCOVERY)], ...answering(KEY) }],
    ['adopted', { sources: [aSource(ADOPTED)], adopted: [KEY] }],
    ['even where they are ambiguous', { sources: [aSource(inline(KEY)), aSource(inline(KEY))] }],
  ])('%s', async (_title, expected) => {
    expect(await outcomeOf(TOKEN, { ...expected, own })).toBe('own_key')
    expect(await outcomeOf(NAMESAKE.sign(subjectClaims()), { ...expected, own })).toBe(
      'signature_wrong',
    )
  })

  test('other keys of the same source do', async () => {
    const sources = [aSource(inline(KEY, OTHER))]
    expect(await outcomeOf(OTHER.sign(subjectClaims()), { sources, own })).toBe('ok source')
  })

  test('a token of the issuer itself is that of an unknown one', async () => {
    const token = KEY.sign(subjectClaims({ iss: 'https://oidc.example.com/prod' }))
    expect(await outcomeOf(token, { sources: [aSource(inline(OTHER))], own })).toBe(
      'issuer_unknown',
    )
  })
})

test('what is told of trust names nothing that a token says', async () => {
  const marked = 'MARKED'
  const secret = newSubjectKey('ES256', marked)
  const token = (key: SubjectKey, iss: string): string =>
    key.sign(subjectClaims({ iss, sub: marked }))
  const attempts = [
    attempt(token(secret, marked), { sources: [] }),
    attempt(token(secret, marked), { sources: [aSource(inline(), { issuer: marked })] }),
    attempt(token(secret, marked), {
      sources: [aSource(inline(), { issuer: marked })],
      adopted: [KEY],
    }),
    attempt(token(secret, marked), {
      sources: [aSource(inline({ ...KEY, kid: marked }), { issuer: marked })],
    }),
    attempt(token(secret, marked), {
      sources: [aSource(inline(secret), { issuer: marked })],
      own: new Set([secret.fingerprint]),
    }),
  ]
  const reasons: string[] = []
  for (const { verification } of await Promise.all(attempts)) {
    if (verification.ok) throw new Error('the token was verified')
    reasons.push(verification.refusal.reason)
    expect(verification.refusal.detail).not.toContain(marked)
    expect(verification.refusal.claimed).toMatchObject({
      issuer: marked,
      subject: marked,
      kid: marked,
    })
  }
  expect(reasons).toEqual([
    'issuer_unknown',
    'key_unknown',
    'issuer_unknown',
    'signature_wrong',
    'own_key',
  ])
})
