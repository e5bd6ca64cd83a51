import { describe, expect, test } from 'vitest'
import { NOW } from '../../support/fixtures.ts'
import { policyEntry } from '../../support/policy-entries.ts'
import { SUBJECT_AUDIENCE, subjectClaims } from '../../support/subject-tokens.ts'
import { checkOf, explained, inline, key } from './policy-explained.ts'

describe('one entry', () => {
  test('takes a token that is right in everything', async () => {
    const explanation = await explained([policyEntry({ keys: inline })], key.sign(subjectClaims()))
    expect(explanation).toMatchObject({
      accepted: 'prod',
      accepts: 'yes',
      verdict: 'entry prod takes the token',
    })
    const [entry] = explanation.entries
    expect(entry?.checks.map(({ what, answer }) => `${what} ${answer}`)).toEqual([
      'issuer yes',
      'algorithm yes',
      'key yes',
      'type yes',
      'audience yes',
      'times yes',
      'age yes',
      'condition yes',
    ])
    expect(entry?.tokens).toEqual([
      {
        audience: 'sts.amazonaws.com',
        claims: {
          iss: SUBJECT_AUDIENCE,
          sub: 'system:serviceaccount:payments:api',
          aud: 'sts.amazonaws.com',
          iat: NOW - 5,
          nbf: NOW - 5,
          exp: NOW + 3595,
        },
      },
    ])
  })

  const good = subjectClaims()
  test.each([
    ['issuer', { iss: 'https://other.example.net' }, {}, /"https:\/\/other\.example\.net"/],
    ['algorithm', {}, { algorithms: ['ES384'], keys: { discovery: true } }, /ES256.*ES384/],
    ['audience', { aud: 'sts.amazonaws.com' }, {}, /exactly one audience/],
    ['audience', { aud: [SUBJECT_AUDIENCE, 'other'] }, {}, /exactly one audience/],
    ['audience', { aud: SUBJECT_AUDIENCE }, { audience: `${SUBJECT_AUDIENCE}/token` }, /token,/],
    ['times', { exp: NOW }, {}, /expired 0 s ago/],
    ['times', { iat: NOW + 100, nbf: NOW + 100 }, {}, /ahead/],
    ['age', { iat: NOW - 101 }, { maxAgeSeconds: 100 }, /at most 100 s ago/],
    ['condition', {}, { condition: 'claims.sub == "x"' }, /^not true$/],
    ['condition', {}, { condition: 'claims.group == "x"' }, /^fails: claims\.group .*absent/],
  ] as const)('does not take one of another %s', async (what, claims, changes, detail) => {
    const entry = policyEntry({ keys: inline, ...changes })
    const explanation = await explained([entry], key.sign({ ...good, ...claims }))
    expect(explanation).toMatchObject({ accepts: 'no', verdict: 'no entry takes the token' })
    expect(explanation.accepted).toBeUndefined()
    const [{ checks, tokens } = { checks: [], tokens: [] }] = explanation.entries
    expect(checks.filter(({ answer }) => answer !== 'yes').map((check) => check.what)).toEqual([
      what,
    ])
    expect(checkOf(explanation, what)?.detail).toMatch(detail)
    expect(tokens).toEqual([])
  })

  test('does not take one with another typ, unless it is sent as what it is', async () => {
    const token = key.sign(good, { typ: 'at+jwt' })
    const entries = [policyEntry({ keys: inline })]
    expect(checkOf(await explained(entries, token), 'type')?.answer).toBe('no')
    const asked = { subjectTokenType: 'access_token' } as const
    expect(await explained(entries, token, asked)).toMatchObject({ accepts: 'yes' })
  })

  test('of another issuer is not looked into further', async () => {
    const entries = [policyEntry({ issuer: 'https://other.example.net' })]
    expect((await explained(entries, key.sign(good))).entries[0]?.checks).toHaveLength(1)
  })

  test('a token that cannot be read is refused as it is, and not repeated', async () => {
    const token = key.signText('{"alg":"ES256","kid":"k"}', '{"iss":"secret-a","iss":"secret-b"}')
    const explanation = await explained([policyEntry({ keys: inline })], token)
    expect(explanation).toMatchObject({ accepts: 'no', entries: [] })
    expect(explanation.verdict).toContain('part "claims"')
    expect(JSON.stringify(explanation)).not.toMatch(/secret/)
    expect(JSON.stringify(explanation)).not.toContain(token.split('.')[2])
  })
})

describe('without the issuer', () => {
  test('the audience is not known, but said', async () => {
    const explanation = await explained(
      [policyEntry({ keys: inline })],
      key.sign(subjectClaims()),
      {
        issuer: undefined,
      },
    )
    expect(explanation).toMatchObject({
      accepted: undefined,
      accepts: 'unknown',
      verdict:
        'whether entry prod takes the token is not known: audience (name the issuer that has this policy with --issuer)',
    })
    expect(checkOf(explanation, 'audience')?.detail).toContain(`"${SUBJECT_AUDIENCE}"`)
    expect(explanation.entries[0]?.tokens[0]).not.toHaveProperty('claims.iss')
  })

  test.each([
    ['one of several', [SUBJECT_AUDIENCE, 'other'], undefined, 'no'],
    ['the one that the entry names', SUBJECT_AUDIENCE, SUBJECT_AUDIENCE, 'yes'],
    ['not the one that the entry names', SUBJECT_AUDIENCE, `${SUBJECT_AUDIENCE}/token`, 'no'],
  ])('an audience is known that is %s', async (_title, aud, audience, answer) => {
    const entry = policyEntry({ keys: inline, ...(audience === undefined ? {} : { audience }) })
    const request = { issuer: undefined }
    const explanation = await explained([entry], key.sign(subjectClaims({ aud })), request)
    expect(checkOf(explanation, 'audience')?.answer).toBe(answer)
  })
})

describe('audiences of the new token', () => {
  const AUDIENCES = { audiences: ['sts.amazonaws.com', 'vault'] }

  test('are all that the entry has, or the one that is asked for', async () => {
    const entries = [policyEntry({ keys: inline, token: AUDIENCES })]
    const token = key.sign(subjectClaims())
    const audiences = async (audience: string | undefined) =>
      (await explained(entries, token, { audience })).entries[0]?.tokens.map(
        (each) => each.audience,
      )
    expect(await audiences(undefined)).toEqual(AUDIENCES.audiences)
    expect(await audiences('vault')).toEqual(['vault'])
  })

  test('one that the entry does not have is refused', async () => {
    const entries = [policyEntry({ keys: inline, token: AUDIENCES })]
    const request = { audience: 'other' }
    const explanation = await explained(entries, key.sign(subjectClaims()), request)
    expect(explanation).toMatchObject({
      accepts: 'no',
      entries: [{ accepts: 'no', tokens: [{ audience: 'other', reason: 'audience_not_allowed' }] }],
    })
  })

  test('a condition may be true for one of them', async () => {
    const condition = 'request.audience == "vault"'
    const entries = [policyEntry({ keys: inline, condition, token: AUDIENCES })]
    const explanation = await explained(entries, key.sign(subjectClaims()))
    expect(explanation.accepts).toBe('yes')
    expect(checkOf(explanation, 'condition')).toMatchObject({
      answer: 'yes',
      detail: 'not true for "sts.amazonaws.com", true for "vault"',
    })
    expect(explanation.entries[0]?.tokens).toMatchObject([
      { audience: 'sts.amazonaws.com', reason: 'condition_not_met' },
      { audience: 'vault', claims: { aud: 'vault' } },
    ])
  })
})

describe('the new token', () => {
  test.each([
    ['ends with the subject token', {}, 600, NOW + 600],
    ['ends when the policy says', { ttl: 300 }, 600, NOW + 295],
    ['may outlive the subject token', { mayOutliveSubject: true }, 600, NOW + 3595],
  ])('%s', async (_title, token, life, exp) => {
    const entries = [policyEntry({ keys: inline, token })]
    const explanation = await explained(entries, key.sign(subjectClaims({ exp: NOW + life })))
    expect(explanation.entries[0]?.tokens).toMatchObject([{ claims: { exp } }])
  })

  test('is none where it would hardly live', async () => {
    const entries = [policyEntry({ keys: inline })]
    const explanation = await explained(entries, key.sign(subjectClaims({ exp: NOW + 54 })))
    expect(explanation).toMatchObject({
      accepts: 'no',
      entries: [{ tokens: [{ reason: 'lifetime_too_short' }] }],
    })
  })

  test('says why an expression has no value for it', async () => {
    const entries = [policyEntry({ keys: inline, token: { subject: 'claims.email' } })]
    expect((await explained(entries, key.sign(subjectClaims()))).entries[0]?.tokens).toMatchObject([
      {
        reason: 'expression_failed',
        detail: expect.stringContaining('token.subject: claims.email'),
      },
    ])
  })
})
