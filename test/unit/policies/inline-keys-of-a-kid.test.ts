import { expect, test } from 'vitest'
import { compileSource } from '../../../src/policies/compile-source.ts'
import { anEntry } from '../../support/stored-policies.ts'
import { ecMember } from '../subject-tokens/remote-web.ts'

test('inline keys share a kid only as often as they are tried for a token', async () => {
  const keys = await Promise.all([1, 2, 3, 4, 5].map(() => ecMember('twin')))
  const compiled = (count: number) => {
    const jwks = { keys: keys.slice(0, count).map((key) => ({ ...key })) }
    return compileSource(anEntry({ keys: { jwks }, algorithms: ['ES256'] }), [])
  }
  expect(await compiled(4)).toMatchObject({ ok: true })
  expect(await compiled(5)).toEqual({
    ok: false,
    problems: [
      {
        path: ['keys', 'jwks', 'keys', 4],
        message:
          'is one more of the kid "twin" than the 4 that are tried for a token: give each key a kid of its own',
      },
    ],
  })
})
