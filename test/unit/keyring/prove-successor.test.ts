import { beforeAll, describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/crypto/base64url.ts'
import { Fault } from '../../../src/errors.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import { withProof } from '../../../src/keyring/prove-successor.ts'
import type { RotationPlan } from '../../../src/keyring/rotation-plan.ts'
import { HAND_OVER_NOTICE_SECONDS, LAST_PROOFS_SECONDS } from '../../../src/limits.ts'
import type { Log, LogFields } from '../../../src/log.ts'
import type { ObservedKey } from '../../../src/publication/observation.ts'
import { fakeKeyManager, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aRotating,
  aSuccessor,
  EC_MEMBERS,
  POLICY,
} from '../../support/rotation-fixtures.ts'
import { aKeyOf } from '../../support/rotation-shell.ts'

const ES256 = { policy: { ...POLICY, algorithm: 'ES256' as const } }
const NOTHING: RotationPlan = { actions: [], waits: [] }
const silent: { readonly log: Log } = { log: () => {} }

function raise(error: Error): never {
  throw error
}

interface Pair {
  readonly key: KeyRecord
  readonly fetched: ObservedKey
  readonly sign: (data: Bytes) => Promise<Bytes>
}
let pair: Pair
let other: Pair

async function newPair(): Promise<Pair> {
  const { kid, publicJwk, signer } = await aKeyOf()
  const key = aSuccessor({ kid, alg: 'ES256', publicJwk, firstSeenAt: NOW })
  return { key, fetched: { kid, alg: 'ES256', publicJwk }, sign: (data) => signer.sign(data) }
}

beforeAll(async () => {
  ;[pair, other] = await Promise.all([newPair(), newPair()])
})

function planFor(fetched: ObservedKey, kid = pair.key.kid): RotationPlan {
  return {
    actions: [
      { type: 'settle', seenAt: NOW },
      { type: 'confirm', kid, activatesAt: NOW + 999, fetched },
      { type: 'prune', kid: 'kid-ec', why: 'replaced' },
      { type: 'prune', kid: 'kid-old', why: 'retired' },
    ],
    waits: [{ reason: 'policy_not_seen', revision: 2 }],
  }
}

async function proved(plan: RotationPlan, sign: Pair['sign'] = pair.sign) {
  const logged: [string, LogFields][] = []
  const manager = fakeKeyManager({ sign })
  const document = aRotating([ACTIVE, pair.key, aSuccessor(EC_MEMBERS)])
  const log: Log = (level, event, fields = {}) => logged.push([`${level} ${event}`, fields])
  const result = await withProof(plan, document, { managers: manager, log }, NOW)
  return { result, manager, logged }
}

describe('a successor that signs as it was fetched', () => {
  test('is confirmed as planned', async () => {
    const plan = planFor(pair.fetched)
    const { result, manager, logged } = await proved(plan)
    expect(result).toBe(plan)
    const { slot, alg, keyRef: reference } = pair.key
    expect(manager.opened).toEqual([
      {
        keyRef: reference,
        binding: expect.objectContaining({ issuerId: 'prod', slot, alg }) as object,
      },
    ])
    expect(logged).toEqual([])
  })

  test('signs each time something else, which is no token', async () => {
    const signed: string[] = []
    const sign: Pair['sign'] = async (data) => {
      signed.push(new TextDecoder().decode(data))
      return pair.sign(data)
    }
    await proved(planFor(pair.fetched), sign)
    await proved(planFor(pair.fetched), sign)
    expect(signed[0]).toMatch(
      new RegExp(
        String.raw`^Signet proves a key\nhttps://oidc\.example\.com/prod\n${pair.key.kid}\n[\w-]{22}$`,
      ),
    )
    expect(signed[0]).not.toBe(signed[1])
  })
})

describe('a successor that does not', () => {
  const busy = new Fault('key_service_busy', 'the service is busy')

  test.each<[string, () => ObservedKey, (() => Pair['sign']) | undefined, string]>([
    ['was fetched as another key', () => other.fetched, undefined, 'the signature does not verify'],
    [
      'was fetched for another algorithm',
      () => ({ ...pair.fetched, alg: 'RS256' }),
      undefined,
      'the signature does not verify',
    ],
    [
      'signs with another key',
      () => pair.fetched,
      () => other.sign,
      'the signature does not verify',
    ],
    [
      'cannot be asked',
      () => pair.fetched,
      () => () => Promise.reject(busy),
      'the service is busy',
    ],
    [
      'fails by what says too much',
      () => pair.fetched,
      () => () => Promise.reject(new RangeError('PRIVATE')),
      'RangeError',
    ],
  ])('is not confirmed: it %s', async (_title, fetched, sign, problem) => {
    const { kid } = pair.key
    const { result, logged } = await proved(planFor(fetched()), sign?.())
    expect(result).toEqual({
      actions: [
        { type: 'settle', seenAt: NOW },
        { type: 'prune', kid: 'kid-old', why: 'retired' },
      ],
      waits: [
        { reason: 'policy_not_seen', revision: 2 },
        { reason: 'successor_not_verified', kid },
      ],
    })
    expect(logged).toEqual([['error successor_not_verified', { issuer: 'prod', kid, problem }]])
  })

  test('is not confirmed where its host is not set up for its custody, and stays', async () => {
    const elsewhere = new Fault('key_unavailable', 'not here')
    const manager = fakeKeyManager()
    const managers = { custodies: ['kms', 'none'] as const, of: () => raise(elsewhere) }
    const document = aRotating([ACTIVE, pair.key])
    const { log } = silent
    const plan = await withProof(planFor(pair.fetched), document, { managers, log }, NOW)
    expect(plan.actions.map(({ type }) => type)).toEqual(['settle', 'prune'])
    expect(manager.opened).toEqual([])
  })
})

function unusable(): object {
  return { type: 'prune', kid: pair.key.kid, why: 'unusable' }
}

describe('a successor whose key is gone', () => {
  test.each(['key_unavailable', 'key_disabled'] as const)(
    'is not confirmed and leaves the ring, so that another is made: %s',
    async (code) => {
      const { result } = await proved(planFor(pair.fetched), () =>
        Promise.reject(new Fault(code, 'it is gone')),
      )
      expect(result.actions).toEqual([
        { type: 'settle', seenAt: NOW },
        { type: 'prune', kid: 'kid-old', why: 'retired' },
        unusable(),
      ])
    },
  )

  test.each<[string, number, boolean]>([
    ['long before its moment is not tried', LAST_PROOFS_SECONDS + 1, false],
    ['on the last day leaves the ring too', LAST_PROOFS_SECONDS, true],
    ['leaves it as long as hosts can hear of it', HAND_OVER_NOTICE_SECONDS, true],
    ['stays when it is about to sign', HAND_OVER_NOTICE_SECONDS - 1, false],
  ])('and that %s', async (_title, seconds, leaves) => {
    const gone = new Fault('key_disabled', 'it is gone')
    const managers = fakeKeyManager({ sign: () => Promise.reject(gone) })
    const document = aRotating([ACTIVE, { ...pair.key, activatesAt: NOW + seconds }], ES256)
    const { log } = silent
    const plan = await withProof(NOTHING, document, { managers, log }, NOW)
    expect(plan.actions).toEqual(leaves ? [unusable()] : [])
  })
})

function onItsLastDay(): IssuerDocument {
  return aRotating([ACTIVE, { ...pair.key, activatesAt: NOW + LAST_PROOFS_SECONDS }], ES256)
}

describe('a successor on its last day', () => {
  test('that signs is left alone', async () => {
    const managers = fakeKeyManager({ sign: pair.sign })
    const { log } = silent
    expect(await withProof(NOTHING, onItsLastDay(), { managers, log }, NOW)).toBe(NOTHING)
    expect(managers.opened).toHaveLength(1)
  })

  test('that cannot be asked keeps its moment, and that is said', async () => {
    const busy = new Fault('key_service_unavailable', 'no answer')
    const managers = fakeKeyManager({ sign: () => Promise.reject(busy) })
    const { log } = silent
    expect(await withProof(NOTHING, onItsLastDay(), { managers, log }, NOW)).toEqual({
      actions: [],
      waits: [{ reason: 'successor_not_verified', kid: pair.key.kid }],
    })
  })
})

describe('a plan without a confirmation', () => {
  test('asks no key whose moment is not written, and stays', async () => {
    const { actions, waits } = planFor(pair.fetched)
    const plan = { actions: actions.filter(({ type }) => type !== 'confirm'), waits }
    const { result, manager } = await proved(plan)
    expect(result).toBe(plan)
    expect(manager.opened).toEqual([])
  })
})
