/**
 * Rotations of issuers that have static copies.
 */

import { beforeEach, describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { nextRevision, tombstoneOf } from '../../../src/issuers/issuer-changes.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { NOW } from '../../support/fixtures.ts'
import { BOUNDS, shows } from '../../support/rotation-fixtures.ts'
import {
  Crash,
  FATES,
  issuerWithoutKeys,
  rotationShell,
  type Shell,
} from '../../support/rotation-shell.ts'
import { testCopies, type TestCopies, wantedCopies } from '../../support/static-copies.ts'

const KEYS_NAME = 'oidc.example.com/prod/.well-known/jwks.json'

let copies: TestCopies
let shell: Shell

/** The effects of what is done. */
async function effectsOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = shell.effects.length
  await work()
  return shell.effects.slice(before)
}

async function expectCopiesOf(stored: StoredIssuer | undefined): Promise<void> {
  if (stored === undefined) throw new Error('there is no issuer')
  const wanted = await wantedCopies(stored, BOUNDS, shell.clock.seconds)
  expect(Object.fromEntries(copies.all)).toEqual(wanted)
}

const remove = (stored: StoredIssuer): StoredIssuer =>
  stored.kind === 'issuer' ? tombstoneOf(stored, undefined, NOW) : stored

beforeEach(async () => {
  copies = testCopies()
  shell = await rotationShell(issuerWithoutKeys('sealed'), 'sealed', copies)
})

describe('a run', () => {
  test('has the copies follow what it ends with', async () => {
    await shell.rotation.run('prod')
    expect(copies.all.get(KEYS_NAME)?.ringVersion).toBe((await shell.document()).revision)
    await expectCopiesOf(await shell.stored())
  })

  test('with nothing due makes one call more, and writes nothing', async () => {
    await shell.rotation.run('prod')
    await shell.rotation.run('prod')
    shell.control.observe = () => ({ ok: false, problem: 'timed_out', message: 'why' })
    const isNewer = await effectsOf(() => shell.rotation.run('prod'))
    expect(isNewer).toEqual(['get', 'observe', 'get copy'])
  })

  test('of a deleted issuer removes its copies, and reads nothing but the issuer', async () => {
    await shell.rotation.run('prod')
    await shell.change(remove)
    for (const _ of [1, 2]) {
      expect(await effectsOf(() => shell.rotation.run('prod'))).toEqual([
        'get',
        'delete copy',
        'delete copy',
        'delete copy',
      ])
      expect(copies.all.size).toBe(0)
    }
    expect(await shell.rotation.run('prod')).toBeUndefined()
  })

  test('of an issuer that never was touches no copies', async () => {
    expect(await effectsOf(() => shell.rotation.run('other'))).toEqual(['get'])
  })

  test('that is dry writes none', async () => {
    await shell.rotation.run('prod', { dryRun: true })
    expect([copies.all.size, copies.calls]).toEqual([0, []])
    await shell.rotation.run('prod')
    await shell.change(remove)
    await shell.rotation.run('prod', { dryRun: true })
    expect(copies.all.size).toBe(3)
  })

  test('whose copies cannot be written has done its step, fails, and says so', async () => {
    shell.control.fateOf = (name) => (name === 'put copy' ? 'fails' : undefined)
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({
      code: 'static_copies_unavailable',
    })
    expect((await shell.document()).ring.keys).toHaveLength(1)
    expect(shell.logged.filter(([level]) => level !== 'info')).toEqual([
      [
        'error',
        'static_copies_failed',
        { issuer: 'prod', code: 'static_copies_unavailable', problem: 'put copy did not answer' },
      ],
    ])
    shell.control.fateOf = () => undefined
    await shell.rotation.run('prod')
    await expectCopiesOf(await shell.stored())
  })

  test('whose key cannot be made has the copies follow all the same, and fails by that', async () => {
    await shell.rotation.run('prod')
    await copies.delete(KEYS_NAME)
    shell.control.fateOf = (name) => (name === 'create' ? 'fails' : undefined)
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({
      code: 'key_service_unavailable',
    })
    await expectCopiesOf(await shell.stored())
  })

  test('in which all fails fails by the first, and the log has both', async () => {
    await shell.rotation.run('prod')
    shell.control.fateOf = (name) =>
      name === 'create' || name === 'get copy' ? 'fails' : undefined
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({
      code: 'key_service_unavailable',
    })
    expect(shell.logged.at(-1)?.[1]).toBe('static_copies_failed')
  })

  test('whose storage fails does not ask it again for the copies', async () => {
    shell.control.fateOf = (name) => (name === 'get' ? 'fails' : undefined)
    const failing = () => shell.rotation.run('prod').catch(() => {})
    expect(await effectsOf(failing)).toEqual(['get'])
  })
})

const successor = async () => (await shell.document()).ring.keys[1]

describe('a successor', () => {
  beforeEach(async () => {
    await shell.rotation.run('prod')
    await shell.rotation.run('prod')
  })

  test('is seen where the copies have it', async () => {
    await shell.rotation.run('prod')
    expect(await successor()).toMatchObject({ firstSeenAt: NOW })
  })

  test.each(['looking', 'being told'])(
    'is not seen while the copies lack it, by %s',
    async (by) => {
      const { keys = [] } = JSON.parse(copies.all.get(KEYS_NAME)?.body ?? '{}') as {
        keys?: object[]
      }
      const { etag = '' } = (await copies.get(KEYS_NAME)) ?? {}
      const copy = copies.all.get(KEYS_NAME)
      const body = JSON.stringify({ keys: keys.slice(0, 1) })
      if (copy !== undefined) await copies.put(KEYS_NAME, { ...copy, body }, { ifMatch: etag })
      const observed = shell.control.observe(await shell.document())
      const observation = observed.ok && by === 'being told' ? observed.observation : undefined
      const report = await shell.rotation.run('prod', { observation })
      expect(report?.waits).toMatchObject([{ reason: 'successor_not_seen' }])
      expect(await successor()).not.toHaveProperty('firstSeenAt')
      // That run has put it right.
      await shell.rotation.run('prod', { observation })
      expect(await successor()).toHaveProperty('firstSeenAt')
    },
  )

  test('is not seen by who was told of a revision that the issuer never had', async () => {
    const { ring, revision } = await shell.document()
    const observation = shows(ring.keys, NOW, { ringVersion: revision + 1 })
    await shell.rotation.run('prod', { observation })
    expect(await successor()).not.toHaveProperty('firstSeenAt')
    await shell.rotation.run('prod', {
      observation: { ...observation, ringVersion: (await shell.document()).revision },
    })
    expect(await successor()).toHaveProperty('firstSeenAt')
  })

  test('is not seen while there is no copy', async () => {
    copies.all.clear()
    await copies.delete(KEYS_NAME)
    const report = await shell.rotation.run('prod')
    expect(report?.waits).toMatchObject([{ reason: 'successor_not_seen' }])
  })

  test('is not observed while the copy cannot be read', async () => {
    shell.control.fateOf = (name) => (name === 'get copy' ? 'fails' : undefined)
    const report = await shell.rotation.run('prod', { dryRun: true })
    expect(report?.waits).toMatchObject([{ reason: 'not_observed', problem: 'unreachable' }])
    expect(JSON.stringify(report?.waits)).toContain('the static copy of the JWK Set')
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({
      code: 'static_copies_unavailable',
    })
  })
})

describe('a publication', () => {
  test('has the copies follow the issuer as it is stored', async () => {
    await shell.rotation.run('prod')
    copies.all.clear()
    for (const name of Object.keys(await wantedCopies(await shell.document(), BOUNDS, NOW))) {
      await copies.delete(name)
    }
    await shell.rotation.publish('prod')
    await expectCopiesOf(await shell.stored())
    await shell.change(remove)
    await shell.rotation.publish('prod')
    expect(copies.all.size).toBe(0)
  })

  test('of an issuer that never was does nothing', async () => {
    expect(await effectsOf(() => shell.rotation.publish('other'))).toEqual(['get'])
  })

  test('fails by what fails, and leaves it to who asked to say so', async () => {
    shell.control.fateOf = (name) => (name === 'delete copy' ? 'fails' : undefined)
    await shell.change(remove)
    await expect(shell.rotation.publish('prod')).rejects.toMatchObject({
      code: 'static_copies_unavailable',
    })
    expect(shell.logged).toEqual([])
  })

  test('does nothing where there are no copies', async () => {
    shell = await rotationShell(issuerWithoutKeys('sealed'), 'sealed')
    expect(await effectsOf(() => shell.rotation.publish('prod'))).toEqual([])
  })
})

describe.each(['a first run', 'a run after a change', 'a run after a deletion'])('%s', (what) => {
  async function before(): Promise<void> {
    copies = testCopies()
    shell = await rotationShell(issuerWithoutKeys('sealed'), 'sealed', copies)
    if (what === 'a first run') return
    await shell.rotation.run('prod')
    await shell.change((stored) =>
      what === 'a run after a change' && stored.kind === 'issuer'
        ? nextRevision(stored, NOW)
        : remove(stored),
    )
  }

  test.each(FATES)(
    'is made good by the next, whichever effect this happens to: %s',
    async (fate) => {
      await before()
      const effects = await effectsOf(() => shell.rotation.run('prod'))
      expect(effects.filter((name) => name.endsWith(' copy')).length).toBeGreaterThan(2)
      for (const at of effects.keys()) {
        await before()
        const first = shell.effects.length
        shell.control.fateOf = (_name, index) => (index === first + at ? fate : undefined)
        await shell.rotation.run('prod').catch((error: unknown) => {
          if (!(error instanceof Fault || error instanceof Crash)) throw error
        })
        shell.control.fateOf = () => undefined
        await shell.rotation.run('prod')
        await expectCopiesOf(await shell.stored())
      }
    },
  )
})
