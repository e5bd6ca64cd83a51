import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { controlActionOf } from '../../../src/control-access/action-of-request.ts'
import { CONTROL_ACTION_NAMES } from '../../../src/control-access/control-actions.ts'
import { controlSide } from '../../../src/host/control-side.ts'
import { fakeKeyManager, NOW } from '../../support/fixtures.ts'

const ACTIONS: readonly (readonly [method: string, path: string, action: string])[] = [
  ['GET', '/control/issuers', 'read'],
  ['POST', '/control/issuers', 'create'],
  ['GET', '/control/issuers/:id', 'read'],
  ['PATCH', '/control/issuers/:id', 'update'],
  ['DELETE', '/control/issuers/:id', 'delete'],
  ['GET', '/control/issuers/:id/keys', 'read'],
  ['PUT', '/control/issuers/:id/adopted-keys', 'adopt'],
  ['POST', '/control/issuers/:id/rotate', 'rotate'],
  ['POST', '/control/issuers/:id/sweep', 'sweep'],
  ['POST', '/control/issuers/:id/tokens', 'mint'],
  ['GET', '/control/issuers/:id/policy', 'read'],
  ['PUT', '/control/issuers/:id/policy', 'policy'],
]

function routes(): string[] {
  const app = controlSide({
    config: {
      publicUrl: 'https://oidc.example.com',
      localHosts: undefined,
      hostAliases: [],
      deployment: 'test',
    },
    documents: memoryStore(),
    publicIssuers: { stalenessSeconds: 0 },
    keyManagers: fakeKeyManager(),
    rotation: {
      run: async () => undefined,
      sweep: async () => undefined,
      publish: async () => {},
      prepare: async (document) => document,
    },
    guard: async (_c, next) => next(),
    log: () => {},
    clock: { now: () => NOW },
  })
  return app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`)
}

test('every route of the control API is an action, and every action a route', () => {
  const known = ACTIONS.map(([method, path]) => `${method} ${path}`)
  expect(routes().toSorted()).toEqual(known.toSorted())
  expect([...new Set(ACTIONS.map(([, , action]) => action))].toSorted()).toEqual(
    CONTROL_ACTION_NAMES.toSorted(),
  )
})

test.each(ACTIONS)('%s %s is %s', (method, path, action) => {
  const issuer = path.includes(':id') ? 'eu-west-1' : undefined
  const asked = path.replace(':id', 'eu-west-1')
  expect(controlActionOf(method, asked)).toEqual({ action, issuer })
})

test.each(['/control/issuers', '/control/issuers/prod', '/control/issuers/prod/keys'])(
  'HEAD %s is what GET is',
  (path) => {
    expect(controlActionOf('HEAD', path)).toEqual(controlActionOf('GET', path))
    expect(controlActionOf('HEAD', path)).toMatchObject({ action: 'read' })
  },
)

describe('no action', () => {
  test.each([
    ['PUT', '/control/issuers'],
    ['POST', '/control/issuers/prod'],
    ['HEAD', '/control/issuers/prod/rotate'],
    ['OPTIONS', '/control/issuers'],
    ['get', '/control/issuers'],
    ['__proto__', '/control/issuers'],
    ['GET', ''],
    ['GET', '/'],
    ['GET', '/control'],
    ['GET', '/control/'],
    ['GET', '/issuers'],
    ['GET', '/prod/control/issuers'],
    ['GET', '/controlx/issuers'],
    ['GET', '/control/issuersx'],
    ['GET', '/control/issuers/'],
    ['GET', '/control//issuers'],
    ['GET', '/control/issuers//keys'],
    ['GET', '/control/issuers/prod/'],
    ['GET', '/control/issuers/prod/keys/'],
    ['GET', '/control/issuers/prod/keys/x'],
    ['GET', '/control/issuers/prod//keys'],
    ['GET', '/control/issuers/prod/nothing'],
    ['GET', '/control/issuers/prod/constructor'],
    ['GET', '/control/issuers/Prod'],
    ['GET', '/control/issuers/pr%6Fd'],
    ['GET', '/control/issuers/prod%2Fkeys'],
    ['GET', '/control/issuers/prod%2F..'],
    ['GET', '/control/issuers/..'],
    ['GET', '/control/issuers/*'],
    ['GET', '/control/issuers/:id'],
    ['GET', '/control/issuers/prod\n'],
    ['GET', '/control/issuers/prod?x'],
    ['GET', '/control/issuers\n'],
  ])('%s %j', (method, path) => {
    expect(controlActionOf(method, path)).toBeUndefined()
  })
})
