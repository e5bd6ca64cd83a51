import { describe, expect, test } from 'vitest'
import { memoryStaticCopies } from '../../../src/adapters/storage/memory-static-copies.ts'
import { Fault } from '../../../src/errors.ts'
import { notObserved, type Observation } from '../../../src/publication/observation.ts'
import { seenInCopies } from '../../../src/static-copies/seen-in-copies.ts'
import { aKey, NOW } from '../../support/fixtures.ts'
import { aSuccessor, EC_MEMBERS, shows } from '../../support/rotation-fixtures.ts'

const ISSUER = 'https://oidc.acme.dev/prod'
const NAME = 'oidc.acme.dev/prod/.well-known/jwks.json'
const [FIRST, NEXT] = [aKey(), aSuccessor()]
const PUBLIC = shows([FIRST, NEXT], NOW, { ringVersion: 9 })

const jwkOf = ({ kid, alg, publicJwk }: Pick<typeof FIRST, 'kid' | 'alg' | 'publicJwk'>) => ({
  ...publicJwk,
  kid,
  alg,
  use: 'sig',
})

/** What is seen where the copy says this. */
async function seen(body: string, ringVersion = 9, issuer = ISSUER): Promise<unknown> {
  const store = memoryStaticCopies()
  const copy = { body, contentType: '', cacheControl: '', ringVersion, edition: '' }
  await store.put(NAME, copy, { ifNoneMatch: '*' })
  const observed = await seenInCopies(store, issuer, { ok: true, observation: PUBLIC })
  return observed.ok ? observed.observation : observed
}

const setOf = (...keys: readonly object[]) => JSON.stringify({ keys })
const only = (keys: readonly (typeof FIRST)[], ringVersion = 9): Observation =>
  shows(keys, NOW, { ringVersion })

describe('what the public documents showed', () => {
  test('is seen where the copy has it too', async () => {
    expect(await seen(setOf(jwkOf(FIRST), jwkOf(NEXT)))).toEqual(PUBLIC)
  })

  test('is no more than the copy has', async () => {
    expect(await seen(setOf(jwkOf(FIRST)))).toEqual(only([FIRST]))
  })

  test('is no more than it was, whatever else the copy has', async () => {
    const third = { ...FIRST, kid: 'kid-third' }
    expect(await seen(setOf(jwkOf(FIRST), jwkOf(NEXT), jwkOf(third)))).toEqual(PUBLIC)
  })

  test.each([
    [8, 8],
    [9, 9],
    [10, 9],
    [0, 0],
  ])('is of the smaller revision: the copy of %d, together %d', async (copied, together) => {
    const both = setOf(jwkOf(FIRST), jwkOf(NEXT))
    expect(await seen(both, copied)).toEqual(only([FIRST, NEXT], together))
  })

  test.each<[string, object]>([
    ['other material', { ...jwkOf(NEXT), n: 'modulus-of-somebody' }],
    ['another algorithm', { ...jwkOf(NEXT), alg: 'RS512' }],
    ['another kid', { ...jwkOf(NEXT), kid: 'kid-other' }],
    ['another type', jwkOf({ ...NEXT, ...EC_MEMBERS, kid: NEXT.kid })],
    ['another use', { ...jwkOf(NEXT), use: 'enc' }],
  ])('is not a key that the copy has with %s', async (_title, jwk) => {
    expect(await seen(setOf(jwkOf(FIRST), jwk))).toEqual(only([FIRST]))
  })

  test('is not a key that the copy has twice', async () => {
    expect(await seen(setOf(jwkOf(FIRST), jwkOf(NEXT), jwkOf(NEXT)))).toEqual(only([FIRST]))
  })

  test.each(['', 'null', '[]', '{}', '{"keys":{}}', '{"keys":[null, 7]}', '<html>'])(
    'is no key where the copy is %j',
    async (body) => {
      expect(await seen(body)).toEqual(only([]))
    },
  )

  test('is nothing of any revision where there is no copy', async () => {
    const observed = { ok: true, observation: PUBLIC } as const
    const nothing = { at: NOW, ringVersion: 0, keys: [] }
    expect(await seenInCopies(memoryStaticCopies(), ISSUER, observed)).toEqual({
      ok: true,
      observation: nothing,
    })
  })

  test('is nothing of any revision where that of the copy is beyond every one', async () => {
    expect(await seen(setOf(jwkOf(FIRST), jwkOf(NEXT)), Infinity)).toEqual(only([], 0))
  })

  test('is what it is for an issuer that can have no copies', async () => {
    expect(await seen('', 9, 'https://oidc.acme.dev/a%2Cb')).toEqual(PUBLIC)
  })
})

const REFUSED = new Fault('static_copies_unavailable', 'S3 refused (X)')
const failing = (error: Error) => ({
  get: async () => {
    throw error
  },
})

test('of documents that could not be observed no copy is asked for', async () => {
  const missed = notObserved('timed_out', 'why')
  const store = { get: () => expect.fail('nobody should ask') }
  expect(await seenInCopies(store, ISSUER, missed)).toBe(missed)
})

test('a copy that cannot be read is not observed, and it is said that it is the copy', async () => {
  const observed = await seenInCopies(failing(REFUSED), ISSUER, { ok: true, observation: PUBLIC })
  expect(observed).toEqual({
    ok: false,
    problem: 'unreachable',
    message: `the static copy of the JWK Set of ${ISSUER} could not be read (S3 refused (X)): see that its bucket is there, and that the function that rotates may read it`,
  })
})

test('a mistake is no answer', async () => {
  const asked = seenInCopies(failing(new RangeError('a mistake')), ISSUER, {
    ok: true,
    observation: PUBLIC,
  })
  await expect(asked).rejects.toThrow(new RangeError('a mistake'))
})
