/**
 * What operators hear of rotations and sweeps, whoever does them: here somebody who does what a test says.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { Fault, FAULT_CODES } from '../../../src/errors.ts'
import { createControlHost } from '../../../src/host/control-side.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import type { Rotation, RotationOptions, SweepOptions } from '../../../src/keyring/rotation.ts'
import type { RotationReport } from '../../../src/keyring/rotation-report.ts'
import type { SweepReport } from '../../../src/keyring/sweep-report.ts'
import type { LogFields } from '../../../src/log.ts'
import { anIssuer, aRing, aTombstone, EC_JWK, fakeKeyManager, NOW } from '../../support/fixtures.ts'
import { aLeftover } from '../../support/rotation-fixtures.ts'

const REPORT: RotationReport = {
  id: 'prod',
  revision: 9,
  dryRun: false,
  actions: [{ type: 'see', kid: 'kid-next', firstSeenAt: NOW }],
  waits: [{ reason: 'successor_seen_once', kid: 'kid-next', until: NOW + 60 }],
  nextMoment: { at: NOW + 600, what: 'activation' },
}
const SWEPT: SweepReport = {
  id: 'prod',
  dryRun: true,
  entries: [
    {
      slot: 'slot-l',
      alg: 'RS256',
      custody: 'kms',
      forgottenAt: NOW,
      outcome: 'failed',
      code: 'key_service_busy',
    },
  ],
}
const UNSEEN =
  'issuer prod is not there for whoever makes and deletes keys: give it the same documents, or list the issuers to see their ids'

const mistake = () => Promise.reject(new RangeError('a marked mistake'))

interface Ran {
  readonly work: 'run' | 'sweep'
  readonly id: string
  readonly options: RotationOptions | SweepOptions | undefined
}

async function hostOf(rotation: Partial<Rotation> = {}, stored: StoredIssuer = anIssuer()) {
  const documents = memoryStore()
  await issuerRepository(documents).insert(stored)
  const ran: Ran[] = []
  const logged: [string, LogFields][] = []
  const host = createControlHost({
    config: {
      publicUrl: 'https://oidc.example.com',
      localHosts: undefined,
      hostAliases: [],
      deployment: 'test',
    },
    documents,
    publicIssuers: documents,
    keyManagers: fakeKeyManager(),
    guard: async (_context, next) => next(),
    log: (_level, event, fields = {}) => void logged.push([event, fields]),
    clock: { now: () => NOW + 7 },
    rotation: {
      prepare: async (document) => document,
      run: async (id, options) => {
        ran.push({ work: 'run', id, options })
        return rotation.run === undefined ? REPORT : rotation.run(id, options)
      },
      sweep: async (id, options) => {
        ran.push({ work: 'sweep', id, options })
        return rotation.sweep === undefined ? SWEPT : rotation.sweep(id, options)
      },
      publish: async () => {},
    },
  })
  async function post(path: string, json?: object) {
    const url = `https://oidc.example.com/control/issuers/${path}`
    const init = json === undefined ? {} : { body: JSON.stringify(json) }
    const headers = json === undefined ? {} : { 'Content-Type': 'application/json' }
    const response = await host.fetch(new Request(url, { method: 'POST', headers, ...init }))
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
  return { post, ran, logged }
}

describe('a rotation', () => {
  test('is answered with what was done, as it is', async () => {
    const { post, ran } = await hostOf()
    const { status, headers, body } = await post('prod/rotate')
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store'])
    expect(body).toBe(JSON.stringify(REPORT))
    expect(ran).toMatchObject([{ work: 'run', id: 'prod' }])
    expect(JSON.stringify(ran[0]?.options)).toBe('{}')
  })

  test('is told of an observation at the moment at which this host hears of it', async () => {
    const { post, ran } = await hostOf()
    const jwk = { ...EC_JWK, kid: 'kid-next', alg: 'ES256', use: 'sig' }
    const keys = [jwk, { ...jwk, kid: 'kid-marked', d: 'marked-private' }, { kty: 'oct', k: 'x' }]
    const observation = { ringVersion: 4, jwks: { keys } }
    await post('prod/rotate', { dryRun: true, observation })
    expect(ran.map(({ options }) => options)).toEqual([
      {
        dryRun: true,
        observation: {
          at: NOW + 7,
          ringVersion: 4,
          keys: [
            { kid: 'kid-next', alg: 'ES256', publicJwk: EC_JWK },
            { kid: 'kid-marked', alg: 'ES256', publicJwk: EC_JWK },
          ],
        },
      },
    ])
  })

  test.each<[work: 'run' | 'sweep', path: string]>([
    ['run', 'prod/rotate'],
    ['sweep', 'prod/sweep'],
  ])('that finds no issuer where this host has one says so (%s)', async (work, path) => {
    const { post } = await hostOf({ [work]: async () => undefined })
    const { status, body } = await post(path)
    expect(status).toBe(404)
    expect(JSON.parse(body)).toEqual({ error: 'issuer_not_found', error_description: UNSEEN })
  })

  test.each(['nobody/rotate', 'nobody/sweep', 'Prod/rotate', 'Prod/sweep'])(
    'is not asked for where there is no issuer (%s)',
    async (path) => {
      const { post, ran } = await hostOf()
      expect([400, 404]).toContain((await post(path)).status)
      expect(ran).toEqual([])
    },
  )

  test('is not asked for where the issuer was deleted', async () => {
    const { post, ran } = await hostOf({}, aTombstone())
    const { status, body } = await post('prod/rotate')
    expect([status, JSON.parse(body)]).toMatchObject([410, { error: 'issuer_deleted' }])
    expect(ran).toEqual([])
  })

  test.each(FAULT_CODES)(
    'that ends in fault %s is answered as other requests are',
    async (code) => {
      const fault = new Fault(code, 'a marked sentence for the log')
      const fail = () => Promise.reject(fault)
      const { post, logged } = await hostOf({ run: fail, sweep: fail })
      for (const path of ['prod/rotate', 'prod/sweep']) {
        const { status, headers, body } = await post(path)
        expect([status, headers.get('Retry-After')]).toEqual([503, '5'])
        expect(JSON.parse(body)).toMatchObject({ error: code })
        expect(body).not.toContain('marked')
      }
      const failed = ['request_failed', { code, problem: 'a marked sentence for the log' }]
      expect(logged).toEqual([failed, failed])
    },
  )

  test('that ends in a mistake says nothing of it', async () => {
    const { post, logged } = await hostOf({ run: mistake, sweep: mistake })
    for (const path of ['prod/rotate', 'prod/sweep']) {
      const { status, body } = await post(path)
      expect([status, JSON.parse(body)]).toMatchObject([500, { error: 'server_error' }])
    }
    expect(JSON.stringify(logged)).not.toContain('marked')
  })
})

describe('a sweep', () => {
  const ring = aRing({ leftovers: [aLeftover()] })

  test('is answered with what became of each, as it is', async () => {
    const { post, ran } = await hostOf()
    const { status, body } = await post('prod/sweep', { windowDays: 7, dryRun: true })
    expect([status, body]).toEqual([200, JSON.stringify(SWEPT)])
    expect(ran).toEqual([
      { work: 'sweep', id: 'prod', options: { dryRun: true, windowDays: 7, takeBack: undefined } },
    ])
  })

  test.each<[title: string, stored: StoredIssuer]>([
    ['a ring', anIssuer({ ring })],
    ['a deleted issuer', aTombstone({ leftovers: [aLeftover()] })],
  ])('takes back what %s has forgotten', async (_title, stored) => {
    const { post, ran } = await hostOf({}, stored)
    expect((await post('prod/sweep', { takeBack: 'slot-l' })).status).toBe(200)
    expect(ran).toMatchObject([{ work: 'sweep', id: 'prod', options: { takeBack: 'slot-l' } }])
  })

  test.each<[title: string, takeBack: string, stored: StoredIssuer]>([
    ['nothing that was forgotten', 'slot-x', anIssuer({ ring })],
    ['what the ring has a use for', 'slot-a', anIssuer({ ring })],
    ['something of another issuer', 'slot-l', anIssuer()],
    ['nothing of a deleted issuer', 'slot-x', aTombstone({ leftovers: [aLeftover()] })],
    ['an empty slot', '', anIssuer({ ring })],
  ])('refuses to take back %s, and asks nobody', async (_title, takeBack, stored) => {
    const { post, ran } = await hostOf({}, stored)
    const { status, body } = await post('prod/sweep', { takeBack })
    expect([status, JSON.parse(body)]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description: `takeBack must be a slot that issuer prod has forgotten, got ${JSON.stringify(takeBack)}: see the slots that a dry run of the sweep lists`,
      },
    ])
    expect(ran).toEqual([])
  })

  test('of a deleted issuer is done', async () => {
    const { post, ran } = await hostOf({}, aTombstone())
    expect((await post('prod/sweep', {})).status).toBe(200)
    expect(ran).toMatchObject([{ work: 'sweep', id: 'prod' }])
  })
})
