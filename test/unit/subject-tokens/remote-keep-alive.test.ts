import { expect, test } from 'vitest'
import { selectSource } from '../../../src/subject-tokens/select-source.ts'
import { ISSUER } from './remote-web.ts'

const keepAlive = () => {}

test('a fetch of keys is kept alive by the request that the token came with', async () => {
  const asked: unknown[] = []
  const source = {
    name: 'remote',
    issuer: ISSUER,
    keys: { type: 'discovery', jwksHost: undefined },
    algorithms: ['ES256'],
    audience: undefined,
    maxAgeSeconds: 60,
  } as const
  const token = { issuer: ISSUER, alg: 'ES256', kid: 'kid-a' }
  await selectSource(
    token as never,
    { sources: [source], adopted: [], own: new Set(), keepAlive },
    {
      remote: {
        keysOf: async (...given) => {
          asked.push(given)
          return { ok: true, keys: [] }
        },
      },
      verifies: async () => false,
    },
  )
  expect(asked).toEqual([[{ issuer: ISSUER, jwksHost: undefined }, 'kid-a', keepAlive]])
})
