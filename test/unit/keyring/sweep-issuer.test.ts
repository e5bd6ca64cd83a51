import { describe, expect, test } from 'vitest'
import { aTombstone, keyRef, NOW } from '../../support/fixtures.ts'
import { DAY } from '../../support/rotation-fixtures.ts'
import { aKeyOf } from '../../support/rotation-shell.ts'
import {
  ALL_THERE,
  documentWith,
  KNOWN,
  place,
  rememberedBy,
  scheduled,
  shellWith,
  statesOf,
  TURN,
  UNKNOWN,
} from '../../support/sweep-fixtures.ts'

describe('a sweep', () => {
  test('has deleted what was forgotten a day ago, found by its reference or its place', async () => {
    const shell = await shellWith(documentWith([KNOWN, UNKNOWN]))
    expect(await shell.rotation.sweep('prod')).toEqual({
      id: 'prod',
      dryRun: false,
      entries: [
        { ...place(KNOWN), ...scheduled(30) },
        { ...place(UNKNOWN), ...scheduled(30) },
      ],
    })
    expect(statesOf(shell)).toEqual({ a: 'enabled', 1: 'pending_deletion', 2: 'pending_deletion' })
    const deletion = { scheduledAt: TURN, windowDays: 30 }
    expect(await shell.document()).toMatchObject({ revision: 10, updatedAt: TURN })
    expect(await rememberedBy(shell)).toEqual([
      { ...KNOWN, deletion },
      { ...UNKNOWN, keyRef: 'reference-2', deletion },
    ])
    expect(shell.logged).toEqual([
      ['info', 'swept', { issuer: 'prod', slot: 'slot-1', outcome: 'deletion_scheduled' }],
      ['info', 'swept', { issuer: 'prod', slot: 'slot-2', outcome: 'deletion_scheduled' }],
    ])
  })

  test('waits for a day, and asks nobody', async () => {
    const shell = await shellWith(documentWith([KNOWN, UNKNOWN]))
    shell.clock.seconds = TURN - 1
    const before = await shell.stored()
    expect((await shell.rotation.sweep('prod'))?.entries).toEqual([
      { ...place(KNOWN), outcome: 'waits', until: TURN },
      { ...place(UNKNOWN), outcome: 'waits', until: TURN },
    ])
    expect(shell.effects).toEqual(['get'])
    expect(await shell.stored()).toEqual(before)
    expect(shell.logged).toEqual([])
  })

  test('forgets a place at which there is no key', async () => {
    const nowhere = { ...UNKNOWN, slot: 'slot-3' }
    const shell = await shellWith(documentWith([nowhere]))
    expect((await shell.rotation.sweep('prod'))?.entries).toEqual([
      { ...place(nowhere), outcome: 'gone' },
    ])
    expect(await rememberedBy(shell)).toEqual([])
    expect(statesOf(shell)).toEqual(ALL_THERE)
    expect(shell.logged).toEqual([
      ['info', 'swept', { issuer: 'prod', slot: 'slot-3', outcome: 'gone' }],
    ])
  })

  test('does no more with a key until its window is over, and forgets it then', async () => {
    const shell = await shellWith(documentWith([KNOWN]))
    await shell.rotation.sweep('prod', { windowDays: 7 })
    const done = shell.effects.length
    shell.clock.seconds = TURN + 7 * DAY - 1
    expect((await shell.rotation.sweep('prod'))?.entries).toMatchObject([scheduled(7, false)])
    expect(shell.effects.slice(done)).toEqual(['get'])
    shell.clock.seconds += 1
    expect((await shell.rotation.sweep('prod'))?.entries).toMatchObject([{ outcome: 'gone' }])
    expect(await rememberedBy(shell)).toEqual([])
    expect(shell.logged.map(([, , fields]) => fields['outcome'])).toEqual([
      'deletion_scheduled',
      'gone',
    ])
  })

  test.each([7, 12, 30])('leaves a window of %i days', async (windowDays) => {
    const shell = await shellWith(documentWith([KNOWN]))
    const report = await shell.rotation.sweep('prod', { windowDays })
    expect(report?.entries).toMatchObject([scheduled(windowDays)])
    expect(await rememberedBy(shell)).toMatchObject([{ deletion: { windowDays } }])
  })

  test('of a deleted issuer goes by its tombstone', async () => {
    const shell = await shellWith(aTombstone({ leftovers: [KNOWN, UNKNOWN] }))
    await shell.rotation.sweep('prod')
    expect(statesOf(shell)).toMatchObject({ 1: 'pending_deletion', 2: 'pending_deletion' })
    expect(await shell.stored()).toMatchObject({
      kind: 'tombstone',
      revision: 3,
      kids: ['kid-a', 'kid-b'],
      leftovers: [{ deletion: {} }, { deletion: {} }],
    })
  })

  test('of an issuer that never was is nobody’s', async () => {
    const shell = await shellWith(documentWith([KNOWN]))
    expect(await shell.rotation.sweep('test')).toBeUndefined()
    expect(statesOf(shell)).toEqual(ALL_THERE)
  })

  test('of a ring that forgot nothing asks and writes nothing', async () => {
    const shell = await shellWith(documentWith([]))
    expect(await shell.rotation.sweep('prod')).toMatchObject({ entries: [] })
    expect(shell.effects).toEqual(['get'])
  })

  test('that is dry says the same, and does none of it', async () => {
    const shell = await shellWith(documentWith([KNOWN, UNKNOWN]))
    const before = await shell.stored()
    const dry = await shell.rotation.sweep('prod', { dryRun: true, windowDays: 9 })
    expect(shell.effects).toEqual(['get', 'find'])
    expect([await shell.stored(), statesOf(shell), shell.logged]).toEqual([before, ALL_THERE, []])
    const wet = await shell.rotation.sweep('prod', { windowDays: 9 })
    expect(dry).toEqual({ ...wet, dryRun: true })
  })

  test('deletes of two keys of one place the one that nobody has had deleted', async () => {
    const shell = await shellWith(documentWith([UNKNOWN]))
    const binding = { issuerId: 'prod', slot: 'slot-2', alg: 'RS256' as const }
    const twin = { ...(await aKeyOf()), keyRef: keyRef('reference-twin'), binding }
    shell.place.set(twin.keyRef, { ...twin, state: 'pending_deletion' })
    await shell.rotation.sweep('prod')
    expect(statesOf(shell)).toMatchObject({ 2: 'pending_deletion' })
    expect(await rememberedBy(shell)).toMatchObject([{ keyRef: 'reference-2' }])
  })

  test.each([
    ['does not search', 'find', ['deletion_scheduled', 'failed'], { 1: 'pending_deletion' }],
    ['does not delete', 'scheduleDeletion', ['failed', 'failed'], {}],
  ])('goes on where the keys’ place %s', async (_title, broken, outcomes, states) => {
    const shell = await shellWith(documentWith([KNOWN, UNKNOWN]))
    shell.control.fateOf = (name) => (name === broken ? 'fails' : undefined)
    const report = await shell.rotation.sweep('prod')
    expect(report?.entries.map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(report?.entries).toContainEqual({
      ...place(UNKNOWN),
      outcome: 'failed',
      code: 'key_service_unavailable',
    })
    expect(statesOf(shell)).toEqual({ ...ALL_THERE, ...states })
    shell.control.fateOf = () => undefined
    await shell.rotation.sweep('prod')
    expect(statesOf(shell)).toMatchObject({ 1: 'pending_deletion', 2: 'pending_deletion' })
  })

  test.each<[string, number, object]>([
    ['fails at first', DAY, { outcome: 'failed', code: 'key_unavailable' }],
    ['fails to the end of the longest window', 31 * DAY - 1, { outcome: 'failed' }],
    ['forgets it then', 31 * DAY, { outcome: 'gone' }],
  ])('of a key that is nowhere %s', async (_title, seconds, outcome) => {
    const shell = await shellWith(documentWith([KNOWN]))
    shell.place.delete('reference-1')
    shell.clock.seconds = NOW + seconds
    const report = await shell.rotation.sweep('prod')
    expect(report?.entries).toMatchObject([outcome])
    expect(await rememberedBy(shell)).toEqual(seconds < 31 * DAY ? [KNOWN] : [])
  })

  test('fails of a key that is at its place after all, however old', async () => {
    const shell = await shellWith(documentWith([{ ...KNOWN, keyRef: keyRef('reference-x') }]))
    shell.clock.seconds = NOW + 99 * DAY
    const report = await shell.rotation.sweep('prod')
    expect(report?.entries).toMatchObject([{ outcome: 'failed', code: 'key_unavailable' }])
    expect(await rememberedBy(shell)).toHaveLength(1)
  })

  test('fails of a custody that the host lacks, and goes on', async () => {
    const foreign = { ...KNOWN, slot: 'slot-9', custody: 'sealed' as const }
    const shell = await shellWith(documentWith([foreign, KNOWN]))
    const report = await shell.rotation.sweep('prod')
    expect(report?.entries).toMatchObject([
      { outcome: 'failed', code: 'key_unavailable' },
      { outcome: 'deletion_scheduled' },
    ])
  })

  test('fails as a whole by a mistake', async () => {
    const shell = await shellWith(documentWith([KNOWN]))
    shell.control.fateOf = (name) => (name === 'scheduleDeletion' ? 'crash before' : undefined)
    await expect(shell.rotation.sweep('prod')).rejects.toThrow('before scheduleDeletion')
  })
})
