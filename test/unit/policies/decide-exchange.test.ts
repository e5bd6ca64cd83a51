import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { decisionOf, policyEntry } from '../../support/policy-entries.ts'

const STS = 'sts.amazonaws.com'

describe('a token', () => {
  test('has the subject, the audience and nothing that nobody asked for', async () => {
    await expect(decisionOf(policyEntry())).resolves.toEqual({
      ok: true,
      token: {
        subject: 'job',
        audience: STS,
        claims: {},
        ttl: undefined,
        mayOutliveSubject: false,
      },
    })
  })

  test('has everything that the policy says', async () => {
    const entry = policyEntry({
      token: {
        subject: 'entry.name + "/" + claims.sub + "@" + entry.issuer',
        tags: { team: 'claims.team', kind: 'request.subjectTokenType', empty: '""' },
        transitiveTags: ['team'],
        sourceIdentity: 'claims.sub + "-1"',
        claims: { roles: '["a", claims.team]', age: 'claims.age', for: 'request.audience' },
        ttl: 900,
        mayOutliveSubject: true,
      },
    })
    await expect(decisionOf(entry, { claims: { team: 'red', age: 1.5 } })).resolves.toEqual({
      ok: true,
      token: {
        subject: 'prod/job@https://cluster.example.net',
        audience: STS,
        claims: {
          roles: ['a', 'red'],
          age: 1.5,
          for: STS,
          'https://aws.amazon.com/tags': {
            principal_tags: {
              team: ['red'],
              kind: ['urn:ietf:params:oauth:token-type:jwt'],
              empty: [''],
            },
            transitive_tag_keys: ['team'],
          },
          'https://aws.amazon.com/source_identity': 'job-1',
        },
        ttl: 900,
        mayOutliveSubject: true,
      },
    })
  })
})

function isOwnUrl(url: string): boolean {
  return url === 'https://api.example.com'
}

describe('the audience', () => {
  const entry = policyEntry({ token: { audiences: [STS, 'https://api.example.com'] } })

  test.each([STS, 'https://api.example.com'])('is one of the list: %s', async (audience) => {
    await expect(decisionOf(entry, { audience })).resolves.toMatchObject({ token: { audience } })
  })

  test.each([
    'https://api.example.com/',
    'HTTPS://api.example.com',
    'sts.amazonaws.com ',
    'STS.amazonaws.com',
    'sts.amazonaws.co',
    '',
  ])('is compared byte by byte: %j', async (audience) => {
    await expect(decisionOf(entry, { audience })).resolves.toEqual({
      ok: false,
      reason: 'audience_not_allowed',
      detail: 'the audience is none of those that the entry lists',
    })
  })

  test('is never a URL of this installation, as it is written', async () => {
    await expect(
      decisionOf(entry, { audience: 'https://api.example.com', isOwnUrl }),
    ).resolves.toEqual({
      ok: false,
      reason: 'audience_not_allowed',
      detail: 'the audience is a URL of this installation',
    })
  })
})

describe('the condition', () => {
  test.each<[string, string, JsonObject]>([
    ['true', 'claims.admin', { admin: true }],
    ['a comparison', 'claims.team in ["red", "blue"]', { team: 'red' }],
    ['of the entry', 'entry.name == "prod"', {}],
    ['of the request', 'request.audience == "sts.amazonaws.com"', {}],
  ])('lets in: %s', async (_title, condition, claims) => {
    await expect(decisionOf(policyEntry({ condition }), { claims })).resolves.toMatchObject({
      ok: true,
    })
  })

  test.each<[string, unknown]>([
    ['false', false],
    ['the word true', 'true'],
    ['one', 1],
    ['a text', 'yes'],
    ['a list', [true]],
    ['an object', { admin: true }],
    ['null', null],
  ])('lets nothing in but true: %s', async (_title, admin) => {
    const entry = policyEntry({ condition: 'claims.admin' })
    await expect(decisionOf(entry, { claims: { admin } })).resolves.toEqual({
      ok: false,
      reason: 'condition_not_met',
      detail: 'the condition is not true',
    })
  })

  test.each<[string, string, JsonObject]>([
    ['an absent claim', 'claims.admin', {}],
    ['a claim that every object has', 'claims.constructor != "x"', {}],
    ['a claim of another type', 'claims.team.startsWith("x")', { team: 7 }],
  ])('that fails is a refusal: %s', async (_title, condition, claims) => {
    await expect(decisionOf(policyEntry({ condition }), { claims })).resolves.toMatchObject({
      ok: false,
      reason: 'expression_failed',
      detail: expect.stringMatching(/^condition: /) as unknown,
    })
  })
})

test.each(['sub', 'team', 'id', 'role'])('half a character gets nowhere: %s', async (name) => {
  const entry = policyEntry({
    token: {
      tags: { team: 'claims.team' },
      sourceIdentity: 'claims.id',
      claims: { role: 'claims.role' },
    },
  })
  const claims = { team: 'red', id: 'me', role: 'r' }
  await expect(decisionOf(entry, { claims })).resolves.toMatchObject({ ok: true })
  await expect(
    decisionOf(entry, { claims: { ...claims, [name]: 'a\u{d800}' } }),
  ).resolves.toMatchObject({ ok: false, reason: 'expression_failed' })
})

describe('the order', () => {
  /** Each step fails unless its claim is good. */
  const entry = policyEntry({
    condition: 'claims.let',
    token: {
      subject: 'claims.sub',
      tags: { team: 'claims.team' },
      sourceIdentity: 'claims.id',
      claims: { role: 'claims.role' },
    },
  })

  test('is audience, condition, subject, tags, source identity, claims', async () => {
    const steps: [string, JsonObject][] = [
      ['condition', {}],
      ['token.subject', { let: true, sub: 7 }],
      ['token.tags.team', { sub: 'job' }],
      ['token.sourceIdentity', { team: 'red' }],
      ['token.claims.role', { id: 'me' }],
    ]
    await expect(decisionOf(entry, { audience: 'x' })).resolves.toMatchObject({
      reason: 'audience_not_allowed',
    })
    const claims: Record<string, unknown> = {}
    for (const [place, more] of steps) {
      Object.assign(claims, more)
      const decision = await decisionOf(entry, { claims })
      expect(decision).toMatchObject({ ok: false })
      expect(decision.ok ? '' : decision.detail).toMatch(new RegExp(`^${place}\\b`))
    }
    await expect(decisionOf(entry, { claims: { ...claims, role: 'r' } })).resolves.toMatchObject({
      ok: true,
    })
  })
})

test('no refusal repeats a value of a claim', async () => {
  const secret = 'S3CRET'
  const entry = policyEntry({
    condition: 'claims.let == "x" || claims.sub.startsWith("S")',
    token: {
      tags: { team: 'claims.team' },
      sourceIdentity: 'claims.id',
      claims: { role: 'claims.role' },
    },
  })
  const bad: JsonObject[] = [
    { sub: `${secret}\n` },
    { let: [secret], sub: { [secret]: secret } },
    { sub: secret, team: `${secret}!` },
    { sub: secret, team: 'red', id: `${secret} x` },
    { sub: secret, team: 'red', id: 'me', role: { '': secret } },
    { sub: secret, team: 'red', id: 'me', role: { a: `${secret}\u{d800}` } },
  ]
  for (const claims of bad) {
    const decision = await decisionOf(entry, { claims })
    expect(decision.ok).toBe(false)
    expect(JSON.stringify(decision)).not.toContain(secret)
  }
})
