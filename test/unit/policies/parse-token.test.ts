import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { parsePolicy } from '../../../src/policies/parse-policy.ts'
import { formSentences, withToken } from '../../support/policy-entries.ts'

const MANY = Array.from({ length: 300 }, (_, index) => `a${index}`)
const manyExpressions = (count: number) =>
  Object.fromEntries(MANY.slice(0, count).map((name) => [name, '"x"']))
const EXPRESSION =
  'must be an expression (CEL, in quotes where YAML needs them) of 1 to 4096 characters'
const LINE = 'must be 1 to 255 printable characters without spaces at its ends'
const TTL = 'must be a whole number of seconds from 60 to 86400'

describe('a token', () => {
  test.each<[string, JsonObject, string]>([
    ['no subject', { subject: undefined }, `entries.0.token.subject ${EXPRESSION}, got nothing`],
    ['a number as subject', { subject: 7 }, `entries.0.token.subject ${EXPRESSION}, got 7`],
    [
      'a list of tags',
      { tags: ['a'] },
      'entries.0.token.tags must be an object of at most 50 tags, each an expression, got a list of 1',
    ],
    [
      '51 tags',
      { tags: manyExpressions(51) },
      'entries.0.token.tags must be an object of at most 50 tags, each an expression, got an object',
    ],
    [
      'a tag that is no expression',
      { tags: { team: 7 } },
      `entries.0.token.tags.team ${EXPRESSION}, got 7`,
    ],
    [
      'a tag of several values',
      { tags: { team: ['a'] } },
      `entries.0.token.tags.team ${EXPRESSION}, got a list of 1`,
    ],
    [
      'a transitive tag that is no text',
      { tags: {}, transitiveTags: [7] },
      'entries.0.token.transitiveTags.0 must be a key of tags, got 7',
    ],
    [
      'a transitive tag twice',
      { transitiveTags: ['a', 'a'] },
      'entries.0.token.transitiveTags must be a list of 1 to 50 keys of tags, each once, got a list of 2',
    ],
    [
      'an empty source identity',
      { sourceIdentity: '' },
      `entries.0.token.sourceIdentity ${EXPRESSION}, got ""`,
    ],
    [
      '51 claims',
      { claims: manyExpressions(51) },
      'entries.0.token.claims must be an object of at most 50 claims, each an expression, got an object',
    ],
    [
      'a claim that is no expression',
      { claims: { admin: true } },
      `entries.0.token.claims.admin ${EXPRESSION}, got true`,
    ],
    [
      'no audience',
      { audiences: [] },
      'entries.0.token.audiences must be a list of 1 to 50 audiences, each once, got a list of 0',
    ],
    [
      'any audience',
      { audiences: '*' },
      'entries.0.token.audiences must be a list of 1 to 50 audiences, each once, got "*"',
    ],
    [
      '51 audiences',
      { audiences: MANY.slice(0, 51) },
      'entries.0.token.audiences must be a list of 1 to 50 audiences, each once, got a list of 51',
    ],
    [
      'an audience twice',
      { audiences: ['a', 'a'] },
      'entries.0.token.audiences must be a list of 1 to 50 audiences, each once, got a list of 2',
    ],
    [
      'an audience of 256 characters',
      { audiences: ['a'.repeat(256)] },
      `entries.0.token.audiences.0 ${LINE}, got "${'a'.repeat(79)}…`,
    ],
    [
      'an audience with a space behind it',
      { audiences: ['a '] },
      `entries.0.token.audiences.0 ${LINE}, got "a "`,
    ],
    [
      'an audience that steers terminals',
      { audiences: ['a\u{202e}'] },
      String.raw`entries.0.token.audiences.0 ${LINE}, got "a\u{202e}"`,
    ],
    ['too short a life', { ttl: 59 }, `entries.0.token.ttl ${TTL}, got 59`],
    ['too long a life', { ttl: 86_401 }, `entries.0.token.ttl ${TTL}, got 86401`],
    ['half a second', { ttl: 60.5 }, `entries.0.token.ttl ${TTL}, got 60.5`],
    ['a life in words', { ttl: '1h' }, `entries.0.token.ttl ${TTL}, got "1h"`],
    [
      'a word for true',
      { mayOutliveSubject: 'yes' },
      'entries.0.token.mayOutliveSubject must be true or false, got "yes"',
    ],
    [
      'another member',
      { sub: 'x' },
      'entries.0.token.sub is not known: known are subject, tags, transitiveTags, sourceIdentity, claims, audiences, ttl, mayOutliveSubject',
    ],
  ])('is refused: %s', (_title, changes, sentence) => {
    expect(formSentences(withToken(changes))).toEqual([sentence])
  })

  test.each(['tags', 'claims'])('keeps __proto__ in its %s, for those who refuse it', (member) => {
    const json = JSON.parse(
      JSON.stringify(withToken({ [member]: { team: '"a"' } })).replace('"team"', '"__proto__"'),
    ) as unknown
    const parsed = parsePolicy(json)
    expect(parsed).toEqual({ ok: true, policy: json })
    expect(JSON.stringify(parsed)).toContain('"__proto__"')
  })
})
