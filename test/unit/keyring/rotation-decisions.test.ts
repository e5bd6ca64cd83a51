/**
 * What the shell decides on: how old that may be, who saw it, and whether the successor proves itself.
 */

import { describe, expect, test } from 'vitest'
import { DECISION_SECONDS_MAX } from '../../../src/limits.ts'
import { NOW } from '../../support/fixtures.ts'
import { POLICY, shows } from '../../support/rotation-fixtures.ts'
import {
  issuerWithoutKeys,
  kidsOf,
  rotationShell,
  type Shell,
  shellWithSuccessor,
} from '../../support/rotation-shell.ts'

const PERIOD = POLICY.rotationPeriodSeconds

async function atItsSecondSighting(): Promise<Shell> {
  const shell = await shellWithSuccessor('kms')
  await shell.rotation.run('prod')
  shell.clock.seconds += 400
  return shell
}

describe('a decision', () => {
  test.each([
    ['is written while it is young', DECISION_SECONDS_MAX, NOW],
    ['is taken anew once it is old', DECISION_SECONDS_MAX + 1, NOW + DECISION_SECONDS_MAX + 1],
  ])('%s', async (_title, seconds, publishedAt) => {
    const shell = await rotationShell(issuerWithoutKeys('sealed'))
    let delays = 1
    shell.control.before = async (name) => {
      if (name === 'create' && delays-- > 0) shell.clock.seconds += seconds
    }
    await shell.rotation.run('prod')
    expect((await shell.document()).ring.keys).toMatchObject([{ publishedAt }])
  })

  test('that is old each time is never written', async () => {
    const shell = await rotationShell(issuerWithoutKeys('sealed'))
    shell.control.fateOf = (name) => (name === 'create' ? 'takes long' : undefined)
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(await shell.document()).toMatchObject({ revision: 9, ring: { keys: [] } })
  })

  test('on the confirmation is old once its proof took too long', async () => {
    const shell = await shellWithSuccessor('sealed')
    await shell.rotation.run('prod')
    shell.clock.seconds += PERIOD
    const now = shell.clock.seconds
    let delays = 1
    shell.control.before = async (name) => {
      if (name === 'open' && delays-- > 0) shell.clock.seconds += 31
    }
    await shell.rotation.run('prod')
    expect((await shell.document()).ring.keys[1]?.activatesAt).toBe(now + 31 + 160)
  })

  test('rests on the moment behind the look at the public documents', async () => {
    const shell = await shellWithSuccessor('sealed')
    shell.control.before = async (name) => {
      if (name === 'observe') shell.clock.seconds += 5
    }
    await shell.rotation.run('prod')
    expect(await shell.document()).toMatchObject({ updatedAt: NOW + 5 })
  })
})

describe('what was seen elsewhere', () => {
  test('is taken in place of looking', async () => {
    const shell = await shellWithSuccessor('sealed')
    const { ring, revision } = await shell.document()
    const observation = shows(ring.keys, NOW + 3, { ringVersion: revision })
    const done = shell.effects.length
    const report = await shell.rotation.run('prod', { observation })
    expect(report?.actions).toMatchObject([{ type: 'see', firstSeenAt: NOW + 3 }])
    expect(shell.effects.slice(done)).not.toContain('observe')
  })

  test('is no observation of a document that was never written', async () => {
    const shell = await shellWithSuccessor('sealed')
    const { ring, revision } = await shell.document()
    const observation = shows(ring.keys, NOW, { ringVersion: revision + 1 })
    expect((await shell.rotation.run('prod', { observation }))?.actions).toEqual([])
  })
})

describe('a successor that does not prove itself', () => {
  test.each<[string, (shell: Shell) => void]>([
    [
      'does not open',
      ({ control }) => {
        control.fateOf = (name) => (name === 'open' ? 'fails' : undefined)
      },
    ],
    [
      'signs what does not verify',
      ({ place }) => {
        for (const key of place.values()) key.signer.sign = async () => new Uint8Array(64)
      },
    ],
  ])('is not confirmed: it %s; what else is due is done', async (_title, spoil) => {
    const shell = await atItsSecondSighting()
    const [, kid] = await kidsOf(shell)
    await shell.change((stored) => {
      if (stored.kind !== 'issuer') return stored
      const reservation = { slot: 'slot-r', alg: 'ES256', custody: 'kms', reservedAt: 0 } as const
      return { ...stored, ring: { ...stored.ring, reservation } }
    })
    spoil(shell)
    const report = await shell.rotation.run('prod')
    expect(report?.actions).toEqual([{ type: 'abandon', slot: 'slot-r' }])
    expect(report?.waits).toEqual([{ reason: 'successor_not_verified', kid }])
    expect((await shell.document()).ring.keys[1]).not.toHaveProperty('activatesAt')
  })
})
