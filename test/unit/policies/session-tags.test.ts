import { expect, test } from 'vitest'
import { sessionTags } from '../../../src/policies/session-tags.ts'

test('tags are what AWS reads: a list of one value for each key', () => {
  expect(
    sessionTags(
      [
        ['team', 'red'],
        ['empty', ''],
      ],
      ['team'],
    ),
  ).toEqual({
    principal_tags: { team: ['red'], empty: [''] },
    transitive_tag_keys: ['team'],
  })
})

test('keys that stay with one session are not named as such', () => {
  expect(sessionTags([['team', 'red']], [])).toEqual({ principal_tags: { team: ['red'] } })
})

test('without tags there is no claim', () => {
  expect(sessionTags([], [])).toBeUndefined()
})
