/**
 * The port: each of its ways leads where it should.
 */

import { describe, expect, test } from 'vitest'
import { NOW } from '../../support/fixtures.ts'
import { aLeftover, aRotating, DAY, POLICY } from '../../support/rotation-fixtures.ts'
import { rotationShell } from '../../support/rotation-shell.ts'

const DOCUMENT = aRotating([], { policy: { ...POLICY, algorithm: 'ES256' } })

describe('rotation by this process', () => {
  test('prepares a document with a key, and writes nothing', async () => {
    const { rotation, stored, effects } = await rotationShell(DOCUMENT)
    const { ring } = await rotation.prepare(DOCUMENT, NOW + 7)
    expect(ring.keys).toMatchObject([{ publishedAt: NOW + 7, publishedRevision: 9 }])
    expect(await stored()).toEqual(DOCUMENT)
    expect(effects).toEqual(['create'])
  })

  test('runs without options, and with a dry run', async () => {
    const { rotation, stored } = await rotationShell(DOCUMENT)
    expect(await rotation.run('prod', { dryRun: true })).toMatchObject({
      dryRun: true,
      revision: 9,
    })
    expect(await stored()).toEqual(DOCUMENT)
    expect(await rotation.run('prod')).toMatchObject({ dryRun: false, revision: 10 })
    expect(await stored()).toMatchObject({ revision: 10, updatedAt: NOW })
  })

  test('sweeps without options, and with a dry run', async () => {
    const { keyRef: _none, ...leftover } = aLeftover({ forgottenAt: NOW - DAY })
    const document = aRotating([], {}, { leftovers: [leftover] })
    const { rotation, stored } = await rotationShell(document, 'kms')
    expect(await rotation.sweep('prod', { dryRun: true })).toMatchObject({ dryRun: true })
    expect(await stored()).toEqual(document)
    expect(await rotation.sweep('prod')).toMatchObject({ entries: [{ outcome: 'gone' }] })
    expect(await stored()).toMatchObject({ revision: 10, ring: { leftovers: [] } })
  })
})
