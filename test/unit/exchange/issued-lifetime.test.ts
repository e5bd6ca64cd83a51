import { expect, test } from 'vitest'
import { issuedTtlSeconds } from '../../../src/exchange/issued-lifetime.ts'
import { NOW } from '../../support/fixtures.ts'

type Row = readonly [
  title: string,
  given: readonly [ttl: number | undefined, max: number, subjectLives: number | undefined],
  expected: number | undefined,
]

/** A token's `iat` lies five seconds in the past, and its lifetime counts from there. */
test.each<Row>([
  ['an hour where nothing is said', [undefined, 86_400, undefined], 3600],
  ['the maximum of the issuer where that is less', [undefined, 600, undefined], 600],
  ['what the policy says', [7200, 86_400, undefined], 7200],
  ['never more than the issuer allows now', [7200, 3600, undefined], 3600],
  ['no longer than its subject token', [3600, 86_400, 900], 905],
  ['its own time under a longer subject token', [3600, 86_400, 7200], 3600],
  ['a second that is not over yet does not count', [3600, 86_400, 900.9], 905],
  ['the shortest of all', [60, 86_400, 55], 60],
  ['nothing where a second less is left', [60, 86_400, 54], undefined],
  ['nothing where the subject token is as good as over', [3600, 86_400, 1], undefined],
  ['nothing where it is over', [3600, 86_400, -10], undefined],
  ['nothing under a maximum that no token has', [undefined, 59, undefined], undefined],
])('%s', (_title, [ttl, ttlMaxSeconds, subjectLives], expected) => {
  const subjectExpiresAt = subjectLives === undefined ? undefined : NOW + subjectLives
  expect(issuedTtlSeconds({ ttl, ttlMaxSeconds, subjectExpiresAt }, NOW)).toBe(expected)
})
