/**
 * Adopting as an operator does it: the whole set or nothing, in one conditional write.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import {
  aKey,
  anAdoptedKey,
  anIssuer,
  aRing,
  EC_JWK,
  NOW,
  type Operators,
  operators,
  refusalOf,
  valueOf,
} from '../../support/fixtures.ts'
import { ecKey, jwkOf, kubernetesKid, pemOf, setOf } from '../adoption/cluster-keys.ts'

const DAY = 86_400
const [FIRST, SECOND] = [ecKey('prime256v1'), ecKey('secp384r1')]
const [FIRST_KID, SECOND_KID] = [kubernetesKid(FIRST), kubernetesKid(SECOND)]
const PUBLISH_ONLY = { id: 'prod', settings: { custody: 'none' } } as const

function adoption(text: string, retentionSeconds = DAY, kid?: string) {
  return { text, kid, retentionSeconds }
}

/** Issuer `prod` as it is stored; `stored` where it is given, or one that only publishes. */
async function withIssuer(stored?: Parameters<typeof anIssuer>[0]): Promise<Operators> {
  const host = operators()
  if (stored === undefined) await host.operations.create(PUBLISH_ONLY)
  else await issuerRepository(host.store).insert(anIssuer(stored))
  return host
}

describe('adopting the keys of a cluster', () => {
  test('publishes them with the next revision', async () => {
    const { operations, wait } = await withIssuer()
    wait(60)
    const adopted = valueOf(await operations.adopt('prod', adoption(pemOf(FIRST)), 1))
    expect(adopted).toMatchObject({ revision: 2, updatedAt: NOW + 60 })
    expect(adopted.ring).toEqual({
      keys: [],
      adopted: [
        {
          kid: FIRST_KID,
          fingerprint: FIRST_KID,
          alg: 'ES256',
          publicJwk: jwkOf(FIRST.publicKey),
          publishedAt: NOW + 60,
        },
      ],
      former: [],
      leftovers: [],
    })
    expect(valueOf(await operations.read('prod'))).toEqual(adopted)
  })

  test('names the one key of a PEM as it is told', async () => {
    const { operations } = await withIssuer()
    const { ring } = valueOf(
      await operations.adopt('prod', adoption(pemOf(FIRST), DAY, 'of-its-tokens'), undefined),
    )
    expect(ring.adopted).toMatchObject([{ kid: 'of-its-tokens', fingerprint: FIRST_KID }])
  })

  test('withdraws what is no longer in the set, and drops it without retention', async () => {
    const { operations, wait } = await withIssuer()
    await operations.adopt('prod', adoption(pemOf(FIRST)), 1)
    wait(60)
    const second = valueOf(await operations.adopt('prod', adoption(pemOf(SECOND)), 2))
    const withdrawal = { at: NOW + 60, publishedUntil: NOW + 60 + DAY }
    expect(second.ring.adopted).toMatchObject([{ kid: FIRST_KID, withdrawal }, { kid: SECOND_KID }])
    const third = valueOf(await operations.adopt('prod', adoption(pemOf(SECOND), 0), 3))
    expect(third.ring.adopted).toEqual([second.ring.adopted[1]])
    expect(third.ring.former).toMatchObject([{ kid: FIRST_KID, origin: 'adopted' }])
  })

  test('twice is the same as once: nothing is written', async () => {
    const { operations, wait, body } = await withIssuer()
    const adopted = valueOf(await operations.adopt('prod', adoption(pemOf(FIRST)), 1))
    const before = await body()
    wait(60)
    const again = valueOf(await operations.adopt('prod', adoption(pemOf(FIRST)), 2))
    expect(again).toEqual(adopted)
    expect(await body()).toBe(before)
  })

  test('takes a key that stands in the set twice as one', async () => {
    const { operations } = await withIssuer()
    const { ring } = valueOf(
      await operations.adopt('prod', adoption(pemOf(FIRST) + pemOf(FIRST)), undefined),
    )
    expect(ring.adopted.map(({ kid }) => kid)).toEqual([FIRST_KID])
  })

  test('withdraws everything of an issuer with keys of its own', async () => {
    const { operations } = await withIssuer({ ring: aRing({ adopted: [anAdoptedKey()] }) })
    const { ring } = valueOf(await operations.adopt('prod', adoption(setOf(), 0), undefined))
    expect(ring).toMatchObject({ keys: [aKey()], adopted: [], former: [{ kid: 'kid-of-cluster' }] })
  })

  test('leaves the kid of every key in the tombstone', async () => {
    const { operations } = await withIssuer()
    await operations.adopt('prod', adoption(pemOf(FIRST)), undefined)
    await operations.adopt('prod', adoption(pemOf(SECOND), 0), undefined)
    const { kids } = valueOf(await operations.delete('prod', undefined, undefined))
    expect(kids.toSorted()).toEqual([FIRST_KID, SECOND_KID].toSorted())
  })
})

describe('a set that is refused changes nothing', () => {
  const many = Array.from({ length: 96 }, (_, index) => anAdoptedKey({ kid: `kid-${index}` }))
  const full = {
    policy: { ...DEFAULT_POLICY, custody: 'none' as const },
    ring: aRing({
      keys: [],
      adopted: many.map((key) => ({
        ...key,
        alg: 'ES256' as const,
        publicJwk: EC_JWK,
      })),
    }),
  }
  const good = jwkOf(FIRST.publicKey)

  test.each<[string, Parameters<typeof anIssuer>[0], ReturnType<typeof adoption>, string]>([
    ['refuses text that offers no key', {}, adoption('x'), 'the keys must be a JWK Set'],
    [
      'refuses one bad key beside a good one',
      {},
      adoption(setOf(good, { ...good, use: 'enc' })),
      'key 2 must be for signatures',
    ],
    [
      'refuses a kid for a set',
      {},
      adoption(setOf(good), DAY, 'kid'),
      'an explicit kid is for one PEM key',
    ],
    [
      'refuses the kid of our own key',
      {},
      adoption(pemOf(FIRST), DAY, 'kid-a'),
      'key 1 (kid "kid-a") has a kid that already names',
    ],
    [
      'refuses an empty set where there is nothing else',
      { policy: full.policy, ring: aRing({ keys: [] }) },
      adoption(setOf()),
      'issuer prod publishes adopted keys alone, so its set must have at least one, got none',
    ],
    [
      'refuses more than is published at once',
      full,
      adoption(pemOf(FIRST)),
      'the set must leave at most 96 EC keys published at once (AWS reads 100), got 1, which leaves 97',
    ],
  ])('%s', async (_title, stored, given, sentence) => {
    const { operations, body } = await withIssuer(stored)
    const before = await body()
    const refusal = refusalOf(await operations.adopt('prod', given, undefined))
    expect(refusal).toMatchObject({
      reason: 'invalid_request',
      message: expect.stringContaining(sentence),
    })
    expect(await body()).toBe(before)
  })

  test('names the first five of many keys that are not for this issuer', async () => {
    const { operations } = await withIssuer({})
    const keys = Array.from({ length: 7 }, () => ({ ...good, kid: 'kid-a' }))
    const refusal = refusalOf(await operations.adopt('prod', adoption(setOf(...keys)), undefined))
    expect(refusal.message).toMatch(/^key 1 \(kid "kid-a"\) .*; key 5 .*; and 2 more$/)
  })

  test('refuses another revision', async () => {
    const { operations, body } = await withIssuer()
    const before = await body()
    const refusal = refusalOf(await operations.adopt('prod', adoption(pemOf(FIRST)), 2))
    expect(refusal.reason).toBe('revision_conflict')
    expect(await body()).toBe(before)
  })

  test.each([
    ['that is not there', 'test', 'issuer_not_found'],
    ['whose id is none', '../prod', 'invalid_request'],
  ])('refuses an issuer %s', async (_title, id, reason) => {
    const { operations } = await withIssuer()
    const refusal = refusalOf(await operations.adopt(id, adoption(pemOf(FIRST)), undefined))
    expect(refusal.reason).toBe(reason)
  })
})

describe('two adoptions at once', () => {
  test('end in one of the two sets, and the loser is told', async () => {
    const store = memoryStore()
    await operators({ store }).operations.create(PUBLISH_ONLY)
    const outcomes = await Promise.all(
      [FIRST, SECOND].map((key) =>
        operators({ store }).operations.adopt('prod', adoption(pemOf(key)), 1),
      ),
    )
    const [winner, ...others] = outcomes.filter((outcome) => outcome.ok).map(valueOf)
    expect(others).toEqual([])
    expect(valueOf(await operators({ store }).operations.read('prod'))).toEqual(winner)
    const [loser] = outcomes.filter((outcome) => !outcome.ok).map(refusalOf)
    expect(loser).toEqual({
      reason: 'revision_conflict',
      message: expect.stringContaining('read it again and repeat the change'),
    })
  })

  test('have no loser where one of them changes nothing', async () => {
    const store = memoryStore()
    const { operations } = operators({ store })
    await operations.create(PUBLISH_ONLY)
    await operations.adopt('prod', adoption(pemOf(FIRST)), 1)
    const readOnly: DocumentStore = { ...store, put: async () => 'conflict' }
    const again = operators({ store: readOnly }).operations
    expect((await again.adopt('prod', adoption(pemOf(FIRST)), 2)).ok).toBe(true)
  })
})

describe('a policy beside adopted keys', () => {
  test('counts those that are still published, and no retired one', async () => {
    const withdrawal = { at: NOW - 9, publishedUntil: NOW + 60 }
    const adopted = Array.from({ length: 70 }, (_, index) =>
      anAdoptedKey({ kid: `kid-${index}`, withdrawal }),
    )
    const { operations, wait } = await withIssuer({ ring: aRing({ adopted }) })
    const hourly = { rotationPeriodSeconds: 3600, propagationDelaySeconds: 2520 }
    const refusal = refusalOf(await operations.update('prod', hourly, undefined))
    expect(refusal.message).toContain('which leaves 97, 70 of them adopted')
    wait(60)
    expect((await operations.update('prod', hourly, undefined)).ok).toBe(true)
  })
})
