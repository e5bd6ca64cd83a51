/**
 * Sweeps beside other changes of the ring: what is used, or was taken back, is never touched.
 */

import { describe, expect, test } from 'vitest'
import { nextRevision } from '../../../src/issuers/issuer-changes.ts'
import type { Leftover } from '../../../src/issuers/key-record.ts'
import { NOW } from '../../support/fixtures.ts'
import { aLeftover, aReservation, DAY } from '../../support/rotation-fixtures.ts'
import {
  ALL_THERE,
  documentWith,
  KNOWN,
  place,
  rememberedBy,
  shellWith,
  SIGNS,
  statesOf,
  TURN,
  UNKNOWN,
} from '../../support/sweep-fixtures.ts'

describe('a sweep', () => {
  test('never touches a place that the ring uses, though it stands among the forgotten', async () => {
    const reservation = aReservation({ slot: 'slot-2' })
    const forgotten = [{ ...KNOWN, slot: 'slot-a', keyRef: SIGNS.keyRef }, UNKNOWN]
    const document = documentWith(forgotten)
    const shell = await shellWith({ ...document, ring: { ...document.ring, reservation } })
    const report = await shell.rotation.sweep('prod')
    expect(report?.entries).toMatchObject([
      { slot: 'slot-a', outcome: 'failed', code: 'storage_unavailable' },
      { slot: 'slot-2', outcome: 'failed', code: 'storage_unavailable' },
    ])
    expect(statesOf(shell)).toEqual(ALL_THERE)
    expect(shell.logged.map(([level, event]) => [level, event])).toEqual([
      ['error', 'sweep_failed'],
      ['error', 'sweep_failed'],
    ])
  })

  test.each<[string, (leftovers: readonly Leftover[]) => readonly Leftover[]]>([
    ['forgot it for good', () => []],
    ['took it back', (all) => all.map((each) => ({ ...each, keptAt: NOW }))],
  ])('leaves a key where somebody %s in between', async (_title, change) => {
    const shell = await shellWith(documentWith([KNOWN]))
    let times = 1
    shell.control.before = async (name, index) => {
      if (name !== 'get' || index === 0 || times-- <= 0) return
      await shell.change((stored) =>
        stored.kind === 'issuer'
          ? {
              ...nextRevision(stored, NOW),
              ring: { ...stored.ring, leftovers: change(stored.ring.leftovers) },
            }
          : stored,
      )
    }
    const report = await shell.rotation.sweep('prod')
    expect(report?.entries).toMatchObject([{ outcome: 'failed', code: 'storage_unavailable' }])
    expect(statesOf(shell)).toEqual(ALL_THERE)
    expect(await rememberedBy(shell)).toEqual(change([KNOWN]))
  })

  test('gets one change of ten sweeps at once', async () => {
    const shell = await shellWith(documentWith([KNOWN, UNKNOWN]))
    const all = Promise.withResolvers<void>()
    let waiting = 0
    // Each has had the keys deleted before the first of them writes.
    shell.control.before = async (name) => {
      if (name !== 'put' || waiting >= 10) return
      waiting += 1
      if (waiting === 10) all.resolve()
      await all.promise
    }
    const reports = await Promise.all(
      Array.from({ length: 10 }, () => shell.rotation.sweep('prod')),
    )
    expect(reports).toEqual(reports.map(() => reports[0]))
    expect(await shell.document()).toMatchObject({
      revision: 10,
      ring: { leftovers: [{ deletion: {} }, { deletion: {} }] },
    })
  })

  test('keeps the changes of others, and what they took back', async () => {
    const shell = await shellWith(documentWith([KNOWN, UNKNOWN]))
    const later = aLeftover({ slot: 'slot-9', forgottenAt: TURN })
    shell.control.before = async (name) => {
      if (name !== 'put') return
      shell.control.before = async () => {}
      await shell.change((stored) =>
        stored.kind === 'issuer'
          ? {
              ...nextRevision(stored, NOW),
              ring: {
                ...stored.ring,
                leftovers: [{ ...KNOWN, keptAt: TURN }, UNKNOWN, later],
              },
            }
          : stored,
      )
    }
    await shell.rotation.sweep('prod')
    expect(await shell.document()).toMatchObject({
      revision: 11,
      ring: {
        leftovers: [{ keptAt: TURN }, { slot: 'slot-2', deletion: { windowDays: 30 } }, later],
      },
    })
    expect((await rememberedBy(shell))[0]).not.toHaveProperty('deletion')
    // What was ordered before they were heard of is taken back too.
    expect(shell.place.get('reference-1')?.state).toBe('disabled')
  })
})

describe('a deletion', () => {
  const deletion = { scheduledAt: NOW, windowDays: 30 }
  const KEPT = { ...KNOWN, keptAt: TURN }

  test.each<[string, Leftover, Leftover, string]>([
    ['that was told', { ...KNOWN, deletion }, KEPT, 'disabled'],
    ['that was not told yet', KNOWN, KEPT, 'disabled'],
    ['of what may not be there', UNKNOWN, { ...UNKNOWN, keptAt: TURN }, 'enabled'],
  ])('%s is taken back, and no later sweep does it', async (_title, before, after, state) => {
    const other = aLeftover({ slot: 'slot-x', forgottenAt: TURN })
    const shell = await shellWith(documentWith([before, other]))
    const takeBack = before.slot
    expect(await shell.rotation.sweep('prod', { takeBack })).toEqual({
      id: 'prod',
      dryRun: false,
      entries: [{ ...place(before), outcome: 'kept', isNew: true }],
    })
    expect(await rememberedBy(shell)).toEqual([after, other])
    const reference = before.keyRef ?? 'reference-2'
    expect(shell.place.get(reference)?.state).toBe(state)
    shell.clock.seconds += 99 * DAY
    expect((await shell.rotation.sweep('prod'))?.entries[0]).toEqual({
      ...place(before),
      outcome: 'kept',
      isNew: false,
    })
    expect(shell.place.get(reference)?.state).toBe(state)
  })

  test('is taken back once', async () => {
    const shell = await shellWith(documentWith([KEPT]))
    const report = await shell.rotation.sweep('prod', { takeBack: 'slot-1' })
    expect(report?.entries).toMatchObject([{ outcome: 'kept', isNew: false }])
    expect(shell.effects).toEqual(['get'])
    expect(shell.logged).toEqual([])
  })

  test('is not taken back by a dry run', async () => {
    const shell = await shellWith(documentWith([{ ...KNOWN, deletion }]))
    const before = await shell.stored()
    const report = await shell.rotation.sweep('prod', { takeBack: 'slot-1', dryRun: true })
    expect(report).toMatchObject({ dryRun: true, entries: [{ outcome: 'kept', isNew: true }] })
    expect([shell.effects, await shell.stored()]).toEqual([['get'], before])
  })

  test('of a place that nobody forgot is none', async () => {
    const shell = await shellWith(documentWith([KNOWN]))
    expect(await shell.rotation.sweep('prod', { takeBack: 'slot-a' })).toMatchObject({
      entries: [],
    })
    expect(shell.effects).toEqual(['get'])
  })

  test('that cannot be taken back now is taken back by the next sweep, and that is said', async () => {
    const shell = await shellWith(documentWith([{ ...KNOWN, deletion }]))
    shell.control.fateOf = (name) => (name === 'cancelDeletion' ? 'fails' : undefined)
    const report = await shell.rotation.sweep('prod', { takeBack: 'slot-1' })
    expect(report?.entries).toMatchObject([{ outcome: 'failed', code: 'key_service_unavailable' }])
    expect(await rememberedBy(shell)).toEqual([{ ...KNOWN, deletion, keptAt: TURN }])
    shell.control.fateOf = () => undefined
    expect((await shell.rotation.sweep('prod'))?.entries).toMatchObject([{ outcome: 'kept' }])
    expect(await rememberedBy(shell)).toEqual([{ ...KNOWN, keptAt: TURN }])
  })
})
