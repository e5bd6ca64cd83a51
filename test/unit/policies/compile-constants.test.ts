import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../../../src/policies/compile-policy.ts'
import type { TokenTemplate } from '../../../src/policies/exchange-policy.ts'
import { problemSentence } from '../../../src/policies/policy-problem.ts'
import { policyEntry } from '../../support/policy-entries.ts'

/** What is wrong with the template, before there is any token. */
async function problemsOf(token: Partial<TokenTemplate>): Promise<string[]> {
  const compilation = await compilePolicy({ entries: [policyEntry({ token })] })
  if (compilation.ok) return []
  return compilation.problems.map((problem) =>
    problemSentence({ ...problem, path: problem.path.slice(3) }),
  )
}

const text = (length: number) => JSON.stringify('x'.repeat(length))
const GOOGLE =
  '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q'
const TAG_CHARACTERS = 'letters, digits, spaces and _ . : / = + - @'
const REGISTERED =
  'must not be given (only the issuer sets iss, sub, aud, exp, nbf, iat, jti, azp, kubernetes.io)'

describe('constant values that are taken', () => {
  test.each<[string, Partial<TokenTemplate>]>([
    ['the longest subject', { subject: text(600) }],
    ['the longest subject for Google', { subject: text(127), audiences: [GOOGLE] }],
    ['the longest tag', { tags: { ['k'.repeat(128)]: text(256) } }],
    ['an empty tag', { tags: { team: '""' } }],
    ['a tag of everything that AWS allows', { tags: { 'Ä 7_.:/=+-@': '"ß 9_.:/=+-@"' } }],
    ['a tag that only resembles those of AWS', { tags: { 'laws:x': '"x"', aws: '"x"' } }],
    ['the shortest source identity', { sourceIdentity: '"me"' }],
    ['the longest source identity', { sourceIdentity: text(64) }],
    ['a source identity of everything that AWS allows', { sourceIdentity: '"aZ_09+=,.@-"' }],
    ['a claim of AWS that is not ours to set', { claims: { 'https://aws.amazon.com/x': '"x"' } }],
    ['amr, which roles may ask for', { claims: { amr: '["mfa"]' } }],
  ])('%s', async (_title, token) => {
    await expect(problemsOf(token)).resolves.toEqual([])
  })
})

describe('constant values that are refused', () => {
  test.each<[string, Partial<TokenTemplate>, string[]]>([
    ['an empty subject', { subject: '""' }, ['subject must not be empty']],
    [
      'a subject of 601 characters',
      { subject: text(601) },
      ['subject must have at most 600 characters (the limit of a sub), got 601'],
    ],
    [
      'a subject with a space behind it',
      { subject: '"job "' },
      ['subject must be printable characters without spaces at its ends, got others'],
    ],
    [
      'a subject of two lines',
      { subject: String.raw`"a\nb"` },
      ['subject must be printable characters without spaces at its ends, got others'],
    ],
    [
      'a subject that is too long for Google, one of its audiences',
      { subject: text(128), audiences: ['sts.amazonaws.com', GOOGLE] },
      [
        'subject must have at most 127 bytes for a Google audience (google.subject), got 128: give a shorter one, such as a uid',
      ],
    ],
    [
      'a subject that is too long for Google by its bytes',
      { subject: JSON.stringify('ü'.repeat(64)), audiences: [`https:${GOOGLE}`] },
      [
        'subject must have at most 127 bytes for a Google audience (google.subject), got 128: give a shorter one, such as a uid',
      ],
    ],
    [
      'a tag of 257 characters',
      { tags: { team: text(257) } },
      ['tags.team must have at most 256 characters (the limit of a session tag value), got 257'],
    ],
    [
      'a tag with a bracket',
      { tags: { actor: '"dependabot[bot]"' } },
      [
        `tags.actor must be made of ${TAG_CHARACTERS} alone (the limit of AWS for a session tag value), got others`,
      ],
    ],
    [
      'a tag of two lines',
      { tags: { team: String.raw`"a\nb"` } },
      [
        `tags.team must be made of ${TAG_CHARACTERS} alone (the limit of AWS for a session tag value), got others`,
      ],
    ],
    [
      'a key of 129 characters',
      { tags: { ['k'.repeat(129)]: '"x"' } },
      [
        `tags.${'k'.repeat(80)}… must have a key of 1 to 128 characters (the limit of AWS), got 129`,
      ],
    ],
    [
      'an empty key',
      { tags: { '': '"x"' } },
      ['tags. must have a key of 1 to 128 characters (the limit of AWS), got 0'],
    ],
    [
      'a key with a character that AWS does not take',
      { tags: { 'team!': '"x"' } },
      [`tags.team! must have a key of ${TAG_CHARACTERS} alone (the limit of AWS), got others`],
    ],
    [
      'a key that AWS keeps for itself, in any case',
      { tags: { 'AWS:team': '"x"' } },
      [
        'tags.AWS:team must have a key that does not begin with aws: (AWS keeps these for itself): name it otherwise',
      ],
    ],
    [
      'a key that differs from another one in case',
      { tags: { Team: '"x"', team: '"y"' } },
      [
        'tags.team has the key of another tag but for its case, and AWS takes them for one: leave one out',
      ],
    ],
    [
      'a key that differs from another one in the case of a letter with two small forms',
      { tags: { service: '"x"', ſervice: '"y"' } },
      [
        'tags.ſervice has the key of another tag but for its case, and AWS takes them for one: leave one out',
      ],
    ],
    [
      'a transitive tag without its tag',
      { tags: { team: '"x"', __: '"y"' }, transitiveTags: ['team', 'Team'] },
      [
        'transitiveTags.1 must be a key of tags in its own spelling, got another: known are "team", "__"',
      ],
    ],
    [
      'a transitive tag that every object has',
      { tags: { team: '"x"' }, transitiveTags: ['constructor'] },
      ['transitiveTags.0 must be a key of tags in its own spelling, got another: known are "team"'],
    ],
    [
      'transitive tags without tags',
      { transitiveTags: ['team'] },
      [
        'transitiveTags.0 must be a key of tags in its own spelling, got another: there are no tags',
      ],
    ],
    [
      'a source identity of one character',
      { sourceIdentity: '"x"' },
      [
        'sourceIdentity must have 2 to 64 characters (the limit of AWS for a source identity), got 1',
      ],
    ],
    [
      'a source identity of 65 characters',
      { sourceIdentity: text(65) },
      [
        'sourceIdentity must have 2 to 64 characters (the limit of AWS for a source identity), got 65',
      ],
    ],
    [
      'a source identity with a colon',
      { sourceIdentity: '"a:b"' },
      [
        'sourceIdentity must be made of ASCII letters, digits and _ + = , . @ - alone (the limit of AWS for a source identity), got others',
      ],
    ],
    ['a registered claim', { claims: { sub: '"x"' } }, [`claims.sub ${REGISTERED}`]],
    [
      'a registered claim from a token',
      { claims: { azp: 'claims.azp' } },
      [`claims.azp ${REGISTERED}`],
    ],
    [
      'the claim of the session tags',
      { claims: { 'https://aws.amazon.com/tags': '{"principal_tags": {}}' } },
      [
        'claims.https://aws.amazon.com/tags must not be given: write tags and sourceIdentity instead',
      ],
    ],
    [
      'the claim of the source identity',
      { claims: { 'https://aws.amazon.com/source_identity': '"me"' } },
      [
        'claims.https://aws.amazon.com/source_identity must not be given: write tags and sourceIdentity instead',
      ],
    ],
    [
      'a claim without a name',
      { claims: { '': '"x"' } },
      ['claims. must have no member with an empty name'],
    ],
    [
      'a claim whose name steers terminals',
      { claims: { 'a\u{7}': '"x"' } },
      [String.raw`claims.a\u{7} must have a name of printable characters`],
    ],
    [
      'a claim with a member without a name',
      { claims: { role: '{"": 1}' } },
      ['claims.role must have no member with an empty name'],
    ],
    [
      'a claim with __proto__ in it',
      { claims: { role: '{"__proto__": 1}' } },
      [expect.stringMatching(/^claims\.role /)],
    ],
  ])('%s', async (_title, token, sentences) => {
    await expect(problemsOf(token)).resolves.toEqual(sentences)
  })

  test.each(['tags', 'claims'])('%s named __proto__', async (member) => {
    const names = JSON.parse('{"__proto__": "\\"x\\""}') as Record<string, string>
    const problems = await problemsOf({ [member]: names })
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${member}\\.__proto__ must `))])
  })
})
