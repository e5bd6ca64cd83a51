import { describe, expect, test } from 'vitest'
import { policyChanges } from '../../../src/cli/policy/policy-changes.ts'
import { policyEntry } from '../../support/policy-entries.ts'

const BEFORE = policyEntry({ token: { tags: { team: '"a"' } } })

interface Row {
  readonly token?: object
  readonly [member: string]: unknown
}

function entry(name: string) {
  return { ...BEFORE, name }
}

describe('what differs between two policies', () => {
  test.each([
    ['nothing', {}, []],
    ['a member', { condition: 'false' }, ['condition']],
    ['a member that was added', { maxAgeSeconds: 60 }, ['maxAgeSeconds']],
    ['members of the token', { token: { tags: {}, ttl: 60 } }, ['token.tags', 'token.ttl']],
    ['both', { algorithms: ['ES256'], token: { tags: {} } }, ['algorithms', 'token.tags']],
  ])('is %s', (_title, { token = {}, ...changes }: Row, members: string[]) => {
    const after = { ...BEFORE, ...changes, token: { ...BEFORE.token, ...token } }
    const changed = members.length === 0 ? [] : [{ entry: 'prod', change: 'changed', members }]
    expect(policyChanges([{ ...BEFORE }], [after])).toEqual(changed)
  })

  test('is a member that is gone', () => {
    const { tags: _tags, ...token } = BEFORE.token
    expect(policyChanges([{ ...BEFORE }], [{ ...BEFORE, token }])).toEqual([
      { entry: 'prod', change: 'changed', members: ['token.tags'] },
    ])
  })

  test('is entries that come and go, and not their order', () => {
    const before = [entry('a'), entry('b'), entry('c')]
    expect(policyChanges(before, [entry('d'), entry('c'), entry('a')])).toEqual([
      { entry: 'd', change: 'added' },
      { entry: 'b', change: 'removed' },
    ])
  })
})
