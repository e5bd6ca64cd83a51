/**
 * A run that ends at any of its effects: the next ones finish what it began, and nothing is lost or left behind.
 */

import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { RESERVATION_SECONDS, SWEEP_AFTER_SECONDS } from '../../../src/limits.ts'
import type { KeyCustody } from '../../../src/signers/key-manager.ts'
import { DAY, POLICY } from '../../support/rotation-fixtures.ts'
import {
  Crash,
  type Fate,
  FATES,
  issuerWithoutKeys,
  rotationShell,
  type Shell,
} from '../../support/rotation-shell.ts'

const PERIOD = POLICY.rotationPeriodSeconds

/** Rings before a run that has something to do, by what it does. */
const BEFORE: Readonly<Record<string, readonly number[]>> = {
  'its first key': [],
  'its successor': [0],
  'the first sighting': [0, 0],
  'the second sighting': [0, 0, 0],
  'the hand-over': [0, 0, 0, 400],
}
/** How much later than the last of these the run is that is interrupted. */
const LATER: Readonly<Record<string, number>> = {
  'the second sighting': 400,
  'the hand-over': PERIOD + DAY,
}

async function shellBefore(what: string, custody: KeyCustody): Promise<Shell> {
  const shell = await rotationShell(issuerWithoutKeys(custody), custody)
  for (const wait of BEFORE[what] ?? []) {
    shell.clock.seconds += wait
    await shell.rotation.run('prod')
  }
  shell.clock.seconds += LATER[what] ?? 0
  return shell
}

/** How many effects the run has when nothing goes wrong. */
async function effectsOf(what: string, custody: KeyCustody): Promise<number> {
  const shell = await shellBefore(what, custody)
  const before = shell.effects.length
  await shell.rotation.run('prod')
  return shell.effects.length - before
}

async function interruptedAt(shell: Shell, at: number, fate: Fate): Promise<void> {
  const first = shell.effects.length
  shell.control.fateOf = (_name, index) => (index === first + at ? fate : undefined)
  try {
    await shell.rotation.run('prod')
  } catch (error) {
    // Nothing else may come of an effect that failed.
    if (!(error instanceof Fault || error instanceof Crash)) throw error
  }
  shell.control.fateOf = () => undefined
}

/** The keys that somebody keeps and nobody knows of: none where keys are in their references. */
async function unknownKeys(shell: Shell): Promise<string[]> {
  const { policy, ring } = await shell.document()
  if (policy.custody === 'sealed') return []
  const slots = [...ring.leftovers, ...ring.keys].map(({ slot }) => slot)
  const known = new Set([...slots, ring.reservation?.slot])
  return [...shell.place.values()].flatMap(({ binding, keyRef, state }) =>
    known.has(binding.slot) || state === 'pending_deletion' ? [] : [keyRef],
  )
}

/** Runs until there is nothing to do; time passes, so that what was begun lapses. */
async function finish(shell: Shell): Promise<void> {
  for (const wait of [0, RESERVATION_SECONDS + 1, 400, 400, 400]) {
    shell.clock.seconds += wait
    await shell.rotation.run('prod')
    expect(await unknownKeys(shell)).toEqual([])
  }
}

describe.each(['sealed', 'kms'] as const)('with keys of custody %s', (custody) => {
  describe.each(Object.keys(BEFORE))('a run that is interrupted at %s', (what) => {
    test.each(FATES)('(%s) is finished by the next ones', async (fate) => {
      const count = await effectsOf(what, custody)
      expect(count).toBeGreaterThan(1)
      for (let at = 0; at < count; at += 1) {
        const shell = await shellBefore(what, custody)
        const [signing] = (await shell.document()).ring.keys
        await interruptedAt(shell, at, fate)
        await finish(shell)
        const { ring } = await shell.document()
        // One signs, one follows whose moment is set; the old one has left.
        expect(ring, `effect ${at}`).toMatchObject({
          keys: [
            { activatesAt: expect.any(Number) as number },
            { activatesAt: expect.any(Number) as number },
          ],
        })
        expect(ring).not.toHaveProperty('reservation')
        const hasLeft = what === 'the hand-over'
        expect(ring.former.map(({ kid }) => kid)).toEqual(hasLeft ? [signing?.kid] : [])
      }
    })
  })
})

describe('what an interrupted run has left behind', () => {
  test.each(FATES)('(%s) is deleted in the end, and nothing else', async (fate) => {
    const count = await effectsOf('its successor', 'kms')
    for (let at = 0; at < count; at += 1) {
      const shell = await shellBefore('its successor', 'kms')
      await interruptedAt(shell, at, fate)
      await finish(shell)
      shell.clock.seconds += SWEEP_AFTER_SECONDS
      await shell.rotation.sweep('prod')
      const used = await usedReferences(shell)
      expect(used.size).toBe(2)
      expect(statesIn(shell)).toEqual(statesBy(shell, used))
      shell.clock.seconds += 30 * DAY
      await shell.rotation.sweep('prod')
      expect((await shell.document()).ring.leftovers).toEqual([])
    }
  })
})

async function usedReferences(shell: Shell): Promise<Set<string>> {
  return new Set((await shell.document()).ring.keys.map(({ keyRef }) => keyRef))
}

function statesIn({ place }: Shell): string[] {
  return [...place].map(([reference, { state }]) => `${reference} ${state}`)
}

/** What the ring uses is as it was, and all else is about to be deleted. */
function statesBy({ place }: Shell, used: ReadonlySet<string>): string[] {
  return [...place.keys()].map(
    (reference) => `${reference} ${used.has(reference) ? 'enabled' : 'pending_deletion'}`,
  )
}

/** A key was made, and whoever made it never said so. */
async function shellBeforeSweep(): Promise<Shell> {
  const shell = await shellBefore('its successor', 'kms')
  shell.control.fateOf = (name) => (name === 'create' ? 'crash after' : undefined)
  await expect(shell.rotation.run('prod')).rejects.toThrow('after create')
  shell.control.fateOf = () => undefined
  await finish(shell)
  shell.clock.seconds += SWEEP_AFTER_SECONDS
  return shell
}

describe('a sweep that is interrupted', () => {
  test.each(FATES)('(%s) is finished by the next one', async (fate) => {
    const whole = await shellBeforeSweep()
    const first = whole.effects.length
    await whole.rotation.sweep('prod')
    const effects = whole.effects.slice(first)
    expect(effects).toContain('scheduleDeletion')
    for (const [at] of effects.entries()) {
      const shell = await shellBeforeSweep()
      const from = shell.effects.length
      shell.control.fateOf = (_name, index) => (index === from + at ? fate : undefined)
      await shell.rotation.sweep('prod').catch((error: unknown) => {
        if (!(error instanceof Fault || error instanceof Crash)) throw error
      })
      shell.control.fateOf = () => undefined
      await shell.rotation.sweep('prod')
      const { ring } = await shell.document()
      expect(statesIn(shell)).toEqual(statesBy(shell, await usedReferences(shell)))
      expect(ring.leftovers).toMatchObject([{ deletion: { windowDays: 30 } }])
    }
  })
})
