import { describe, expect, test } from 'vitest'
import { decisionOf, policyEntry } from '../../support/policy-entries.ts'

const STS = 'sts.amazonaws.com'
const GOOGLE =
  '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q'

describe('the subject', () => {
  const characters = 'must be printable characters without spaces at its ends, got others'
  test.each<[string, unknown, string, string]>([
    ['a number', 7, 'expression_failed', 'must be a text, got a number'],
    ['true', true, 'expression_failed', 'must be a text, got a boolean'],
    ['null', null, 'expression_failed', 'must be a text, got null'],
    ['a list', ['job'], 'expression_failed', 'must be a text, got a list'],
    ['an object', { a: 1 }, 'expression_failed', 'must be a text, got a map'],
    ['nothing', '', 'expression_failed', 'must not be empty'],
    ['a space in front', ' job', 'expression_failed', characters],
    ['a line end', 'job\n', 'expression_failed', characters],
    ['a character that turns text around', 'a\u{202e}b', 'expression_failed', characters],
    [
      '601 characters',
      'j'.repeat(601),
      'limit_exceeded',
      'must have at most 600 characters (the limit of a sub), got 601',
    ],
  ])('is refused: %s', async (_title, sub, reason, message) => {
    await expect(decisionOf(policyEntry(), { claims: { sub } })).resolves.toEqual({
      ok: false,
      reason,
      detail: `token.subject ${message}`,
    })
  })

  test.each([
    ['600 characters', 'j'.repeat(600)],
    ['other letters', 'Jürgen Größe'],
  ])('is taken: %s', async (_title, sub) => {
    await expect(decisionOf(policyEntry(), { claims: { sub } })).resolves.toMatchObject({
      token: { subject: sub },
    })
  })

  test.each([
    ['127 bytes', 'j'.repeat(127), true],
    ['128 bytes', 'j'.repeat(128), false],
    ['64 characters of 128 bytes', 'ü'.repeat(64), false],
  ])('fits Google: %s', async (_title, sub, fits) => {
    const entry = policyEntry({ token: { audiences: [GOOGLE, `https:${GOOGLE}`, STS] } })
    const decided = async (audience: string) => decisionOf(entry, { claims: { sub }, audience })
    const refusal = {
      ok: false,
      reason: 'limit_exceeded',
      detail:
        'token.subject must have at most 127 bytes for a Google audience (google.subject), got 128: give a shorter one, such as a uid',
    }
    for (const audience of [GOOGLE, `https:${GOOGLE}`]) {
      const decision = await decided(audience)
      expect(decision.ok || decision).toEqual(fits || refusal)
    }
    await expect(decided(STS)).resolves.toMatchObject({ ok: true })
  })

  test.each([
    ['prod:job', true],
    ['prod/job', true],
    ['prod:', true],
    ['prod', false],
    ['prod-eu:job', false],
    ['prodx:job', false],
    ['Prod:job', false],
    ['eu:prod:job', false],
    ['prod job', false],
  ])('begins with the name of one entry of several: %s', async (sub, isTaken) => {
    const alone = await decisionOf(policyEntry(), { claims: { sub } })
    expect(alone).toMatchObject({ ok: true, token: { subject: sub } })
    const decision = await decisionOf(policyEntry(), { claims: { sub }, entryCount: 2 })
    expect(decision.ok || decision).toEqual(
      isTaken || {
        ok: false,
        reason: 'subject_not_prefixed',
        detail:
          'token.subject must begin with the name of the entry and : or /, since the policy has more entries',
      },
    )
  })
})

describe('what AWS reads', () => {
  const tagged = policyEntry({ token: { tags: { fixed: '"x"', team: 'claims.team' } } })
  const characters =
    'must be made of letters, digits, spaces and _ . : / = + - @ alone (the limit of AWS for a session tag value), got others'
  test.each<[string, unknown, string, string]>([
    [
      '257 characters',
      't'.repeat(257),
      'limit_exceeded',
      'must have at most 256 characters (the limit of a session tag value), got 257',
    ],
    ['a bracket', 'a[b]', 'limit_exceeded', characters],
    ['a line separator', 'a\u{2028}b', 'limit_exceeded', characters],
    ['a list', ['a', 'b'], 'expression_failed', 'must be a text, got a list'],
    ['a number', 7, 'expression_failed', 'must be a text, got a number'],
  ])('no tag is %s', async (_title, team, reason, message) => {
    await expect(decisionOf(tagged, { claims: { team } })).resolves.toEqual({
      ok: false,
      reason,
      detail: `token.tags.team ${message}`,
    })
  })

  test('no tag is left out for want of its claim', async () => {
    await expect(decisionOf(tagged)).resolves.toMatchObject({
      reason: 'expression_failed',
      detail: expect.stringMatching(/^token\.tags\.team: /) as unknown,
    })
  })

  test.each<[string, unknown, string, string]>([
    [
      'one character',
      'x',
      'limit_exceeded',
      'must have 2 to 64 characters (the limit of AWS for a source identity), got 1',
    ],
    [
      '65 characters',
      'x'.repeat(65),
      'limit_exceeded',
      'must have 2 to 64 characters (the limit of AWS for a source identity), got 65',
    ],
    [
      'a space',
      'a b',
      'limit_exceeded',
      'must be made of ASCII letters, digits and _ + = , . @ - alone (the limit of AWS for a source identity), got others',
    ],
    [
      'a line end',
      'ab\n',
      'limit_exceeded',
      'must be made of ASCII letters, digits and _ + = , . @ - alone (the limit of AWS for a source identity), got others',
    ],
    ['null', null, 'expression_failed', 'must be a text, got null'],
  ])('no source identity is %s', async (_title, id, reason, message) => {
    const entry = policyEntry({ token: { sourceIdentity: 'claims.id' } })
    await expect(decisionOf(entry, { claims: { id } })).resolves.toEqual({
      ok: false,
      reason,
      detail: `token.sourceIdentity ${message}`,
    })
  })
})

describe('a further claim', () => {
  const entry = policyEntry({ token: { claims: { kept: '1', role: 'claims.role' } } })

  test.each<[string, unknown]>([
    ['null', null],
    ['false', false],
    ['a number', -1.5],
    ['a list of objects', [{ a: [] }]],
    ['an object with registered names in it', { sub: 'other', iss: 'x' }],
  ])('is any JSON: %s', async (_title, role) => {
    await expect(decisionOf(entry, { claims: { role } })).resolves.toMatchObject({
      ok: true,
      token: { claims: { kept: 1, role } },
    })
  })

  test.each<[string, unknown, string]>([
    [
      'a member without a name',
      { '': 1 },
      'must have no member with an empty name, got another value',
    ],
    ['a number beyond those that are exact', 2 ** 60, 'must be a number that is finite'],
  ])('is refused: %s', async (_title, role, message) => {
    await expect(decisionOf(entry, { claims: { role } })).resolves.toMatchObject({
      ok: false,
      reason: 'expression_failed',
      detail: expect.stringContaining(`token.claims.role ${message}`) as unknown,
    })
  })
})
