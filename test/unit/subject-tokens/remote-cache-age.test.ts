import { expect, test } from 'vitest'
import { KEY_SET_MAX_AGE_SECONDS } from '../../../src/limits.ts'
import { keySetAgeSeconds } from '../../../src/subject-tokens/cache-age.ts'

const { default: unsaid, min, max } = KEY_SET_MAX_AGE_SECONDS

test.each([
  [{}, unsaid],
  [{ 'Cache-Control': '' }, unsaid],
  [{ 'Cache-Control': 'public' }, unsaid],
  [{ Age: '500' }, unsaid],
  [{ 'Cache-Control': 'max-age=900' }, 900],
  [{ 'Cache-Control': 'public, max-age=900, must-revalidate' }, 900],
  [{ 'Cache-Control': 'Public,Max-Age=900' }, 900],
  [{ 'Cache-Control': 'max-age="900"' }, 900],
  [{ 'Cache-Control': 'max-age = 900' }, 900],
  // Another cache has had it for some of that time.
  [{ 'Cache-Control': 'max-age=900', Age: '200' }, 700],
  [{ 'Cache-Control': 'max-age=900', Age: '900' }, min],
  [{ 'Cache-Control': 'max-age=900', Age: '-200' }, 900],
  [{ 'Cache-Control': 'max-age=900', Age: 'old' }, 900],
  [{ 'Cache-Control': 'max-age=0' }, min],
  [{ 'Cache-Control': `max-age=${min - 1}` }, min],
  [{ 'Cache-Control': `max-age=${min}` }, min],
  [{ 'Cache-Control': `max-age=${max}` }, max],
  [{ 'Cache-Control': `max-age=${max + 1}` }, max],
  [{ 'Cache-Control': `max-age=${'9'.repeat(400)}` }, max],
  [{ 'Cache-Control': 'max-age' }, min],
  [{ 'Cache-Control': 'max-age=' }, min],
  [{ 'Cache-Control': 'max-age=soon' }, min],
  [{ 'Cache-Control': 'max-age=-900' }, min],
  [{ 'Cache-Control': 'max-age=1e3' }, min],
  [{ 'Cache-Control': 'max-age=900.5' }, min],
  [{ 'Cache-Control': 'max-age=900, max-age=300' }, 300],
  [{ 'Cache-Control': 's-maxage=900' }, unsaid],
  [{ 'Cache-Control': 's-maxage=900, max-age=300' }, 300],
  [{ 'Cache-Control': 'x-max-age=900' }, unsaid],
  [{ 'Cache-Control': 'no-store' }, min],
  [{ 'Cache-Control': 'max-age=900, no-store' }, min],
  [{ 'Cache-Control': 'No-Cache, max-age=900' }, min],
  [{ 'Cache-Control': 'no-cache="Set-Cookie", max-age=900' }, min],
])('of %j a key set is kept %d s', (headers, seconds) => {
  expect(keySetAgeSeconds(new Headers(headers as Record<string, string>))).toBe(seconds)
})
