/**
 * The shell of the planner, with nothing going wrong but time and others.
 */

import { describe, expect, test } from 'vitest'
import { nextRevision } from '../../../src/issuers/issuer-changes.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { ROTATION_ATTEMPTS_MAX } from '../../../src/limits.ts'
import { notObserved } from '../../../src/publication/observation.ts'
import { aTombstone, NOW } from '../../support/fixtures.ts'
import { DAY, POLICY } from '../../support/rotation-fixtures.ts'
import {
  issuerWithoutKeys,
  kidsOf,
  rotationShell,
  shellWithSuccessor,
} from '../../support/rotation-shell.ts'

const PERIOD = POLICY.rotationPeriodSeconds
const CUSTODIES = ['sealed', 'kms'] as const

const asNext = (stored: StoredIssuer): StoredIssuer =>
  stored.kind === 'issuer' ? nextRevision(stored, NOW) : stored

describe.each(CUSTODIES)('a ring of custody %s', (custody) => {
  test('begins, gets a successor, proves it twice, hands over and drops the old key', async () => {
    const shell = await rotationShell(issuerWithoutKeys(custody), custody)
    const { rotation, clock } = shell
    const run = async (now: number) => {
      clock.seconds = now
      return (await rotation.run('prod'))?.actions.map(({ type }) => type)
    }
    expect(await run(NOW)).toEqual(['create'])
    expect((await shell.document()).ring.keys).toMatchObject([{ activatesAt: NOW - 60 }])
    expect(await run(NOW + 1)).toEqual(['create'])
    expect(await run(NOW + 2)).toEqual(['see'])
    expect(await run(NOW + 361)).toEqual([])
    expect(await run(NOW + 362)).toEqual(['confirm'])
    const [first, second] = await kidsOf(shell)
    expect((await shell.document()).ring.keys[1]).toMatchObject({
      firstSeenAt: NOW + 2,
      activatesAt: NOW - 60 + PERIOD,
    })
    expect(await run(NOW + PERIOD - 61)).toEqual([])
    expect(await run(NOW + PERIOD - 60)).toEqual(['create'])
    expect(await run(NOW + PERIOD + DAY)).toEqual(['see', 'prune'])
    const { ring } = await shell.document()
    expect(ring.keys[0]?.kid).toBe(second)
    expect(ring.former).toEqual([{ kid: first, fingerprint: first, origin: 'own' }])
    expect(ring.leftovers.map(({ kid }) => kid)).toEqual(custody === 'kms' ? [first] : [])
  })

  test('is written once a step, and a key that is kept elsewhere with its reservation before', async () => {
    const shell = await rotationShell(issuerWithoutKeys(custody), custody)
    const report = await shell.rotation.run('prod')
    const writes = custody === 'kms' ? 2 : 1
    expect(shell.effects.filter((name) => name === 'put')).toHaveLength(writes)
    const [kid] = await kidsOf(shell)
    expect(report).toEqual({
      id: 'prod',
      revision: 9 + writes,
      dryRun: false,
      actions: [
        { type: 'create', reason: 'bootstrap', alg: 'ES256', custody, signsAtOnce: true, kid },
      ],
      waits: [],
      nextMoment: { at: NOW - 60 + PERIOD, what: 'rotation due' },
    })
    expect((await shell.document()).ring).not.toHaveProperty('reservation')
    expect(shell.logged).toMatchObject([['info', 'ring_rotated', { issuer: 'prod' }]])
  })

  test('says what it waits for', async () => {
    const shell = await shellWithSuccessor(custody)
    const [, kid] = await kidsOf(shell)
    shell.control.observe = () => ({
      ok: true,
      observation: { at: NOW, ringVersion: 1, keys: [] },
    })
    const report = await shell.rotation.run('prod')
    expect(report?.actions).toEqual([])
    expect(report?.waits).toEqual([{ reason: 'successor_not_seen', kid, publishedAt: NOW }])
  })

  test('says why nobody could look, and then not that nothing was seen', async () => {
    const shell = await shellWithSuccessor(custody)
    shell.control.observe = () => notObserved('timed_out', 'too slow')
    const report = await shell.rotation.run('prod')
    expect(report?.waits).toEqual([
      { reason: 'not_observed', problem: 'timed_out', message: 'too slow' },
    ])
  })

  test('is not written where there is nothing to do', async () => {
    const shell = await shellWithSuccessor(custody)
    await shell.rotation.run('prod')
    const before = await shell.stored()
    const done = shell.effects.length
    await shell.rotation.run('prod')
    expect(await shell.stored()).toEqual(before)
    expect(shell.effects.slice(done)).not.toContain('put')
    expect(shell.effects.slice(done)).not.toContain('observe')
  })

  test('gets one change of ten runs at once, and one key', async () => {
    const shell = await rotationShell(issuerWithoutKeys(custody), custody)
    await shell.rotation.run('prod')
    const before = await shell.document()
    const made = shell.place.size
    // The losers look once more, and would see the successor, which is a change of its own.
    shell.control.observe = () => notObserved('unreachable', 'not there yet')
    const all = Promise.withResolvers<void>()
    let waiting = 0
    // Each has loaded the same document before the first of them writes.
    shell.control.before = async (name) => {
      if (name !== 'put' || waiting >= 10) return
      waiting += 1
      if (waiting === 10) all.resolve()
      await all.promise
    }
    const reports = await Promise.all(Array.from({ length: 10 }, () => shell.rotation.run('prod')))
    const { revision, ring } = await shell.document()
    expect(revision).toBe(before.revision + (custody === 'kms' ? 2 : 1))
    expect(ring.keys).toHaveLength(2)
    expect(ring).toMatchObject({ leftovers: [], former: [] })
    expect(
      reports.filter((report) => report?.actions.some(({ type }) => type === 'create')),
    ).toHaveLength(1)
    // A sealed key that is never written is nowhere.
    const kept = custody === 'kms' ? shell.place.size : made + 1
    expect(kept).toBe(made + 1)
  })

  test('gets one confirmation of ten runs at once', async () => {
    const shell = await shellWithSuccessor(custody)
    await shell.rotation.run('prod')
    const { revision } = await shell.document()
    shell.clock.seconds += 400
    await Promise.all(Array.from({ length: 10 }, () => shell.rotation.run('prod')))
    expect(await shell.document()).toMatchObject({
      revision: revision + 1,
      ring: { keys: [{}, { activatesAt: NOW - 60 + PERIOD }] },
    })
  })

  test('takes the change of somebody else, and its own on top', async () => {
    const shell = await rotationShell(issuerWithoutKeys(custody), custody)
    let interruptions = 1
    shell.control.before = async (name) => {
      if (name === 'put' && interruptions-- > 0) await shell.change(asNext)
    }
    const report = await shell.rotation.run('prod')
    expect(report?.revision).toBe(custody === 'kms' ? 12 : 11)
    expect(await kidsOf(shell)).toHaveLength(1)
  })

  test(`is left as others have it after ${ROTATION_ATTEMPTS_MAX} lost writes`, async () => {
    const shell = await rotationShell(issuerWithoutKeys(custody), custody)
    shell.control.before = async (name) => {
      if (name === 'put') await shell.change(asNext)
    }
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: `the ring of issuer prod could not be written in ${ROTATION_ATTEMPTS_MAX} attempts: others changed it at the same moment, or the attempts were too slow`,
    })
    expect(await shell.document()).toMatchObject({
      revision: 9 + ROTATION_ATTEMPTS_MAX,
      ring: { keys: [] },
    })
    expect(custody === 'kms' ? shell.place.size : 0).toBe(0)
  })

  test('is not changed by a dry run, which says the same', async () => {
    const shell = await shellWithSuccessor(custody)
    for (const seconds of [0, 400, PERIOD, DAY]) {
      shell.clock.seconds += seconds
      const before = await shell.stored()
      const done = shell.effects.length
      const dry = await shell.rotation.run('prod', { dryRun: true })
      expect(await shell.stored()).toEqual(before)
      expect(new Set(shell.effects.slice(done))).not.toContain('put')
      // It looks, and has the successor prove itself, which changes nothing.
      expect(
        shell.effects.slice(done).filter((name) => !['get', 'observe', 'open'].includes(name)),
      ).toEqual([])
      const wet = await shell.rotation.run('prod')
      expect(dry).toMatchObject({ dryRun: true, revision: before?.revision })
      expect(dry?.actions).toEqual(
        wet?.actions
          .map((action) => (action.type === 'create' ? { ...action, kid: undefined } : action))
          .map((action) => JSON.parse(JSON.stringify(action)) as unknown),
      )
      expect(dry?.waits).toEqual(wet?.waits)
    }
  })

  test('logs nothing of a dry run', async () => {
    const shell = await rotationShell(issuerWithoutKeys(custody), custody)
    await shell.rotation.run('prod', { dryRun: true })
    expect(shell.logged).toEqual([])
  })

  test.each([
    ['that is not there', 'test'],
    ['that was deleted', 'prod'],
  ])('of an issuer %s is nobody’s', async (_title, id) => {
    const shell = await rotationShell(aTombstone(), custody)
    expect(await shell.rotation.run(id)).toBeUndefined()
    expect(await shell.stored()).toEqual(aTombstone())
    expect(shell.place.size).toBe(0)
  })
})
