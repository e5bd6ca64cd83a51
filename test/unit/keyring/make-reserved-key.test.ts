import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { nextRevision, tombstoneOf } from '../../../src/issuers/issuer-changes.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { RESERVATION_SECONDS, ROTATION_ATTEMPTS_MAX } from '../../../src/limits.ts'
import { NOW } from '../../support/fixtures.ts'
import { aReservation, aRotating, POLICY } from '../../support/rotation-fixtures.ts'
import { rotationShell, type Shell } from '../../support/rotation-shell.ts'

const POLICY_OF_KMS = { ...POLICY, algorithm: 'ES256', custody: 'kms' } as const
const NEW = aRotating([], { policy: POLICY_OF_KMS })

function changedBy(change: (stored: StoredIssuer) => StoredIssuer): (shell: Shell) => void {
  return (shell) => {
    let times = 1
    shell.control.before = async (name) => {
      if (name === 'create' && times-- > 0) await shell.change(change)
    }
  }
}

async function leftoversIn(shell: Shell): Promise<unknown> {
  const stored = await shell.stored()
  return stored?.kind === 'tombstone' ? stored.leftovers : stored?.ring.leftovers
}

describe('a key that is kept elsewhere', () => {
  test('is reserved before it is made, under the binding that it gets', async () => {
    const shell = await rotationShell(NEW, 'kms')
    const seen: unknown[] = []
    shell.control.before = async (name) => {
      if (name === 'create') seen.push((await shell.document()).ring.reservation)
    }
    await shell.rotation.run('prod')
    const [key] = (await shell.document()).ring.keys
    expect(seen).toEqual([{ slot: key?.slot, alg: 'ES256', custody: 'kms', reservedAt: NOW }])
    expect([...shell.place.values()].map(({ binding }) => binding)).toEqual([
      { issuerId: 'prod', slot: key?.slot, alg: 'ES256' },
    ])
    expect(key).toMatchObject({ publishedRevision: 11, custody: 'kms' })
  })

  test.each(['fails', 'answer is lost'] as const)(
    'whose making failed (%s) is left for the sweep, and the next run makes another',
    async (fate) => {
      const shell = await rotationShell(NEW, 'kms')
      shell.control.fateOf = (name) => (name === 'create' ? fate : undefined)
      await expect(shell.rotation.run('prod')).rejects.toMatchObject({
        code: 'key_service_unavailable',
        message: 'create did not answer',
      })
      const { ring } = await shell.document()
      expect(ring).not.toHaveProperty('reservation')
      expect(ring.leftovers).toEqual([
        { slot: expect.any(String) as string, alg: 'ES256', custody: 'kms', forgottenAt: NOW },
      ])
      shell.control.fateOf = () => undefined
      await shell.rotation.run('prod')
      expect((await shell.document()).ring.keys).toHaveLength(1)
    },
  )

  test('of which surely nothing was made leaves nothing behind', async () => {
    const shell = await rotationShell(NEW, 'kms')
    const refused = new Fault('key_service_refused', 'it may not', { hadNoEffect: true })
    shell.control.before = async (name) => {
      if (name === 'create') throw refused
    }
    await expect(shell.rotation.run('prod')).rejects.toBe(refused)
    const { ring } = await shell.document()
    expect(ring).not.toHaveProperty('reservation')
    expect(ring.leftovers).toEqual([])
  })

  test('that failed and cannot be given up is what is said, and it lapses', async () => {
    const shell = await rotationShell(NEW, 'kms')
    let isMade = false
    shell.control.fateOf = (name) => {
      if (name === 'create') isMade = true
      return isMade ? 'fails' : undefined
    }
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({
      message: 'create did not answer',
    })
    shell.control.fateOf = () => undefined
    shell.clock.seconds = NOW + RESERVATION_SECONDS - 1
    const report = await shell.rotation.run('prod')
    const until = NOW + RESERVATION_SECONDS
    expect(report).toMatchObject({ actions: [], waits: [{ reason: 'key_being_made', until }] })
    shell.clock.seconds += 1
    const next = await shell.rotation.run('prod')
    expect(next?.actions.map(({ type }) => type)).toEqual(['abandon', 'create'])
    expect(await shell.document()).toMatchObject({
      ring: { keys: [{}], leftovers: [{ forgottenAt: until }] },
    })
  })

  test('fails by a mistake as that mistake', async () => {
    const shell = await rotationShell(NEW, 'kms')
    shell.control.fateOf = (name) => (name === 'create' ? 'crash before' : undefined)
    await expect(shell.rotation.run('prod')).rejects.toThrow('before create')
  })

  test('is written on top of what others changed meanwhile', async () => {
    const shell = await rotationShell(NEW, 'kms')
    changedBy((stored) => nextRevision(stored.kind === 'issuer' ? stored : NEW, NOW))(shell)
    await shell.rotation.run('prod')
    expect(await shell.document()).toMatchObject({
      revision: 12,
      ring: { keys: [{ publishedRevision: 12 }] },
    })
  })

  test('is left for the sweep where its issuer was deleted meanwhile', async () => {
    const shell = await rotationShell(NEW, 'kms')
    changedBy((stored) => tombstoneOf(stored.kind === 'issuer' ? stored : NEW, undefined, NOW))(
      shell,
    )
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({
      code: 'rotation_unavailable',
      message:
        'a key of issuer prod took too long to be made, and its place was given up: the next sweep has it deleted',
    })
    const [{ binding } = { binding: undefined }] = shell.place.values()
    expect(await leftoversIn(shell)).toEqual([
      { slot: binding?.slot, alg: 'ES256', custody: 'kms', forgottenAt: NOW },
    ])
  })

  test('is left for the sweep where its reservation was taken by another', async () => {
    const shell = await rotationShell(NEW, 'kms')
    changedBy((stored) =>
      stored.kind === 'issuer'
        ? { ...nextRevision(stored, NOW), ring: { ...stored.ring, reservation: aReservation() } }
        : stored,
    )(shell)
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({ code: 'rotation_unavailable' })
    expect((await shell.document()).ring).toMatchObject({
      keys: [],
      reservation: { slot: 'slot-r' },
    })
  })

  test(`is not written after ${ROTATION_ATTEMPTS_MAX} lost writes, and lapses`, async () => {
    const shell = await rotationShell(NEW, 'kms')
    let isMade = false
    shell.control.before = async (name) => {
      if (name === 'create') isMade = true
      if (name !== 'put' || !isMade) return
      await shell.change((stored) => nextRevision(stored.kind === 'issuer' ? stored : NEW, NOW))
    }
    await expect(shell.rotation.run('prod')).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect((await shell.document()).ring).toMatchObject({ keys: [], reservation: { alg: 'ES256' } })
  })
})
