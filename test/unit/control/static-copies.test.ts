/**
 * Operators' changes and the static copies, which somebody else makes: here somebody who does what a test says.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault } from '../../../src/errors.ts'
import { createControlHost } from '../../../src/host/control-side.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import type { Rotation } from '../../../src/keyring/rotation.ts'
import { rotationHere } from '../../../src/keyring/rotation-here.ts'
import type { LogFields, LogLevel } from '../../../src/log.ts'
import { keyManagers } from '../../../src/signers/key-managers.ts'
import { fakeKeyManager, NO_BOUNDS, NOW, seesNothing } from '../../support/fixtures.ts'
import { clusterKey, jwkSet } from '../../support/hosts/cluster-keys.ts'

const UNREACHABLE = new Fault('rotation_unavailable', 'the publication of issuer prod failed: why')
const LATE = [
  'warn',
  'static_copies_late',
  { issuer: 'prod', code: 'rotation_unavailable', problem: UNREACHABLE.message },
]

/** `custody`: keys of `kms` are made by a run, after the document was written. */
function hostWith({
  hasStaticCopies = true,
  custody = 'sealed',
}: {
  readonly hasStaticCopies?: boolean
  readonly custody?: 'sealed' | 'kms'
} = {}) {
  const documents = memoryStore()
  const issuers = issuerRepository(documents)
  const logged: [LogLevel, string, LogFields][] = []
  const clock = { now: () => NOW }
  const published: { id: string; kind: string | undefined; keys: number }[] = []
  const ran: string[] = []
  const managers = keyManagers({ ...fakeKeyManager(), custody })
  const here = rotationHere({
    issuers,
    keyManagers: managers,
    bounds: NO_BOUNDS,
    observe: seesNothing,
    clock,
    log: () => {},
  })
  const turn: { publish: () => Promise<void> } = { publish: async () => {} }
  const rotation: Rotation = {
    ...here,
    run: async (id, options) => {
      ran.push(id)
      return here.run(id, options)
    },
    publish: async (id) => {
      const stored = (await issuers.load(id))?.stored
      const keys = stored?.kind === 'issuer' ? stored.ring.keys.length : 0
      published.push({ id, kind: stored?.kind, keys })
      await turn.publish()
    },
  }
  const host = createControlHost({
    config: {
      publicUrl: 'https://oidc.example.com',
      localHosts: undefined,
      hostAliases: [],
      deployment: 'test',
    },
    documents,
    publicIssuers: documents,
    keyManagers: managers,
    guard: async (_context, next) => next(),
    log: (level, event, fields = {}) => {
      if (event !== 'control_action') logged.push([level, event, fields])
    },
    clock,
    rotation,
    hasStaticCopies,
  })
  async function ask(method: string, path: string, json?: object | string) {
    const body = typeof json === 'object' ? JSON.stringify(json) : json
    const headers: HeadersInit = body === undefined ? {} : { 'Content-Type': 'application/json' }
    const url = `https://oidc.example.com/control/issuers${path}`
    const init: RequestInit = { method, headers, ...(body !== undefined && { body }) }
    const response = await host.fetch(new Request(url, init))
    const answer = (await response.json()) as Record<string, unknown>
    return { status: response.status, headers: response.headers, answer }
  }
  const create = () => ask('POST', '', { id: 'prod', policy: { algorithm: 'ES256' } })
  return { ask, create, turn, published, ran, logged, stored: () => issuers.load('prod') }
}

const fails = () => Promise.reject(UNREACHABLE)
const live = (keys = 1) => ({ id: 'prod', kind: 'issuer', keys })
const DELETED = { id: 'prod', kind: 'tombstone', keys: 0 }

describe('a change has the copies follow, once it is written', () => {
  test('a creation', async () => {
    const { create, published, ran } = hostWith()
    expect((await create()).status).toBe(201)
    expect([published, ran]).toEqual([[live()], []])
  })

  test('a creation whose key a run makes leaves it to the run', async () => {
    const { create, published, ran } = hostWith({ custody: 'kms' })
    expect((await create()).status).toBe(201)
    expect([published, ran]).toEqual([[], ['prod']])
  })

  test('a change of the policy', async () => {
    const { create, ask, published } = hostWith()
    await create()
    published.length = 0
    const { status } = await ask('PATCH', '/prod', { policy: { jwksMaxAgeSeconds: 120 } })
    expect([status, published]).toEqual([200, [live()]])
  })

  test('an adoption, but not one that changes nothing', async () => {
    const { create, ask, published } = hostWith()
    await create()
    published.length = 0
    const keys = jwkSet(clusterKey('P-256'))
    for (const _ of [1, 2]) {
      expect((await ask('PUT', '/prod/adopted-keys', keys)).status).toBe(200)
    }
    expect(published).toEqual([live()])
  })

  test.each<[string, string, string, object | string | undefined]>([
    ['a dry run', 'PATCH', '/prod', { policy: { jwksMaxAgeSeconds: 120 }, dryRun: true }],
    ['a refused change', 'PATCH', '/prod', { policy: { jwksMaxAgeSeconds: 1 } }],
    ['a refused adoption', 'PUT', '/prod/adopted-keys', '{"keys":[{}]}'],
    ['a read', 'GET', '/prod', undefined],
    ['the exchange policy', 'PUT', '/prod/policy', { policy: { entries: [] } }],
    ['a deletion of nobody', 'DELETE', '/nobody', undefined],
  ])('and nothing else does: %s', async (_title, method, path, json) => {
    const { create, ask, published } = hostWith()
    await create()
    published.length = 0
    await ask(method, path, json)
    expect(published).toEqual([])
  })
})

describe('copies that are late', () => {
  test('fail no creation', async () => {
    const { create, turn, logged } = hostWith()
    turn.publish = fails
    expect((await create()).status).toBe(201)
    expect(logged).toEqual([LATE])
  })

  test('fail no change and no adoption', async () => {
    const { create, ask, turn, logged } = hostWith()
    await create()
    turn.publish = fails
    expect((await ask('PATCH', '/prod', { policy: { jwksMaxAgeSeconds: 120 } })).status).toBe(200)
    const keys = jwkSet(clusterKey('P-256'))
    expect((await ask('PUT', '/prod/adopted-keys', keys)).status).toBe(200)
    expect(logged).toEqual([LATE, LATE])
  })

  test('by a mistake are told as one, though what was asked for is written', async () => {
    const { create, turn, stored } = hostWith()
    turn.publish = () => Promise.reject(new RangeError('marked'))
    expect(await create()).toMatchObject({ status: 500, answer: { error: 'server_error' } })
    expect(await stored()).toBeDefined()
  })
})

describe('a deletion', () => {
  test('is done when the copies are gone', async () => {
    const { create, ask, published } = hostWith()
    await create()
    published.length = 0
    expect((await ask('DELETE', '/prod')).status).toBe(200)
    expect(published).toEqual([DELETED])
  })

  test('that leaves copies says so, is written, and is completed by another one', async () => {
    const { create, ask, turn, published, logged, stored } = hostWith()
    await create()
    published.length = 0
    turn.publish = fails
    for (const _ of [1, 2]) {
      const { status, headers, answer } = await ask('DELETE', '/prod')
      expect([status, headers.get('Retry-After')]).toEqual([503, '5'])
      expect(answer).toEqual({
        error: 'static_copies_left',
        error_description:
          'issuer prod is deleted, but its static copies are not (rotation_unavailable): repeat the deletion, or wait for the next rotation',
      })
    }
    expect((await stored())?.stored).toMatchObject({ kind: 'tombstone', revision: 2 })
    const left = ['error', 'static_copies_left', LATE[2]]
    expect(logged).toEqual([left, left])

    turn.publish = async () => {}
    const { status, headers, answer } = await ask('DELETE', '/prod')
    expect([status, headers.get('Retry-After')]).toEqual([410, null])
    expect(answer).toMatchObject({ error: 'issuer_deleted' })
    expect(published).toEqual([DELETED, DELETED, DELETED])
  })

  test('of what is no id asks for nothing', async () => {
    const { create, ask, published } = hostWith()
    await create()
    published.length = 0
    const refused = await ask('DELETE', '/Prod')
    expect([refused.status, published]).toEqual([400, []])
  })
})

test('where there are no copies nobody is asked for any', async () => {
  const { create, ask, turn, published } = hostWith({ hasStaticCopies: false })
  turn.publish = () => expect.fail('nobody should ask')
  await create()
  await ask('PATCH', '/prod', { policy: { jwksMaxAgeSeconds: 120 } })
  await ask('PUT', '/prod/adopted-keys', jwkSet(clusterKey('P-256')))
  expect((await ask('DELETE', '/prod')).status).toBe(200)
  expect((await ask('DELETE', '/prod')).status).toBe(410)
  expect(published).toEqual([])
})
