import { describe, expect, test } from 'vitest'
import { cacheControlOf } from '../../../src/documents/cache-control.ts'
import { contentTypeOf } from '../../../src/documents/content-type.ts'
import { DURATION_SETTINGS } from '../../../src/issuers/policy.ts'

const { min, max, default: usual } = DURATION_SETTINGS.jwksMaxAgeSeconds

describe('how long documents may be kept', () => {
  test.each([
    ['the least that a policy may have', min, 'max-age=60, s-maxage=60'],
    ['a second more', min + 1, 'max-age=61, s-maxage=60'],
    ['the usual', usual, 'max-age=600, s-maxage=60'],
    ['the most', max, 'max-age=86400, s-maxage=60'],
    ['less than any policy has', 59, 'max-age=59, s-maxage=59'],
  ])('is the policy, and a minute in caches that others share: %s', (_title, seconds, ages) => {
    expect(cacheControlOf({ jwksMaxAgeSeconds: seconds })).toBe(
      `public, ${ages}, stale-if-error=600`,
    )
  })
})

test('each document has its own media type', () => {
  expect(contentTypeOf('jwkSet')).toBe('application/jwk-set+json')
  expect(contentTypeOf('discovery')).toBe('application/json')
})
