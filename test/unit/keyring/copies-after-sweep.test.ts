/**
 * Sweeps of issuers that have static copies: once a day each of them is looked at.
 */

import { beforeEach, describe, expect, test } from 'vitest'
import { NOW } from '../../support/fixtures.ts'
import { BOUNDS } from '../../support/rotation-fixtures.ts'
import { issuerWithoutKeys, rotationShell, type Shell } from '../../support/rotation-shell.ts'
import { testCopies, type TestCopies, wantedCopies } from '../../support/static-copies.ts'

let copies: TestCopies
let shell: Shell

beforeEach(async () => {
  copies = testCopies()
  shell = await rotationShell(issuerWithoutKeys('sealed'), 'sealed', copies)
})

describe('a sweep', () => {
  const name = 'oidc.example.com/.well-known/oauth-authorization-server/prod'

  beforeEach(async () => {
    await shell.rotation.run('prod')
    await copies.delete(name)
  })

  test('looks at each copy, and makes anew what is missing', async () => {
    await shell.rotation.sweep('prod')
    expect(copies.all.size).toBe(3)
    const wanted = await wantedCopies(await shell.document(), BOUNDS, NOW)
    expect(Object.fromEntries(copies.all)).toEqual(wanted)
  })

  test.each([{ dryRun: true }, { takeBack: 'slot-a' }])(
    'that is none looks at no copy: %j',
    async (options) => {
      copies.calls.length = 0
      await shell.rotation.sweep('prod', options)
      expect(copies.calls).toEqual([])
    },
  )

  test('fails where a copy cannot be looked at, and says so', async () => {
    shell.control.fateOf = (effect) => (effect === 'get copy' ? 'fails' : undefined)
    await expect(shell.rotation.sweep('prod')).rejects.toMatchObject({
      code: 'static_copies_unavailable',
    })
    expect(shell.logged.at(-1)?.[1]).toBe('static_copies_failed')
  })
})
