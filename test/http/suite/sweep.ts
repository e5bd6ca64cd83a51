/**
 * Sweeps: what a ring has forgotten is listed, waits, and can be taken back. Only keys that are kept elsewhere are left over.
 */

import { describe, expect, test } from 'vitest'
import type { Leftover } from '../../../src/issuers/key-record.ts'
import type { SweepReport } from '../../../src/keyring/sweep-report.ts'
import { SWEEP_AFTER_SECONDS } from '../../../src/limits.ts'
import { isKeptElsewhere } from '../../../src/signers/kept-elsewhere.ts'
import {
  control,
  createIssuer,
  createPublishOnly,
  publishedKids,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { answered, leavingRing } from './rotating.ts'

export function describeSweep(getHost: () => TestHost): void {
  async function sweep(id: string, json?: object): Promise<SweepReport> {
    const init = json === undefined ? {} : { json }
    return answered(await control(getHost(), 'POST', `/issuers/${id}/sweep`, init))
  }

  /** An issuer that was deleted with its key. */
  async function deleted() {
    const host = getHost()
    const { id } = await createIssuer(host)
    const [kid = ''] = await publishedKids(host, id)
    await control(host, 'DELETE', `/issuers/${id}`)
    return { id, kid }
  }

  describe('a sweep of a ring that has forgotten nothing', () => {
    test.each<[title: string, json: object | undefined, dryRun: boolean]>([
      ['without a body', undefined, false],
      ['of an empty body', {}, false],
      ['in a dry run', { dryRun: true }, true],
      ['with the shortest window', { windowDays: 7 }, false],
      ['with the longest window', { windowDays: 30 }, false],
    ])('%s changes nothing', async (_title, json, dryRun) => {
      const { id } = await createIssuer(getHost())
      const report = await leavingRing(getHost(), id, () => sweep(id, json))
      expect(report).toStrictEqual({ id, dryRun, entries: [] })
    })

    test('of an issuer that only publishes is empty too', async () => {
      const { id } = await createPublishOnly(getHost())
      expect(await sweep(id)).toStrictEqual({ id, dryRun: false, entries: [] })
    })
  })

  describe('a sweep of a deleted issuer', () => {
    test.each([{}, { dryRun: true }, { windowDays: 7 }])(
      'lists what somebody still keeps, which waits for a day (%j)',
      async (json) => {
        const { id, kid } = await deleted()
        const [custody] = getHost().traits.custodies
        const report = await sweep(id, json)
        const forgottenAt = report.entries[0]?.forgottenAt ?? 0
        const entry = {
          slot: expect.stringMatching(/^[\w-]{20,}$/) as unknown,
          alg: 'ES256',
          custody,
          forgottenAt,
          kid,
          outcome: 'waits',
          until: forgottenAt + SWEEP_AFTER_SECONDS,
        }
        expect(report).toStrictEqual({
          id,
          dryRun: json.dryRun ?? false,
          entries: isKeptElsewhere(custody) ? [entry] : [],
        })
      },
    )

    test('takes back each of them, once a dry run has said so', async () => {
      const { id } = await deleted()
      const { entries } = await sweep(id)
      for (const { slot } of entries) {
        const planned = await sweep(id, { takeBack: slot, dryRun: true })
        expect(planned.entries).toMatchObject([{ slot, outcome: 'kept', isNew: true }])
        expect((await sweep(id)).entries).toMatchObject([{ slot, outcome: 'waits' }])
        const taken = await sweep(id, { takeBack: slot })
        expect(taken.entries).toMatchObject([{ slot, outcome: 'kept', isNew: true }])
        const again = await sweep(id, { takeBack: slot })
        expect(again.entries).toMatchObject([{ slot, outcome: 'kept', isNew: false }])
        expect((await sweep(id)).entries).toMatchObject([{ slot, outcome: 'kept' }])
      }
    })

    test('shows no key reference', async () => {
      const { id } = await deleted()
      const shown: readonly (keyof Leftover)[] = ['slot', 'alg', 'custody', 'forgottenAt', 'kid']
      for (const entry of (await sweep(id)).entries) {
        expect(Object.keys(entry)).toStrictEqual([...shown, 'outcome', 'until'])
      }
    })
  })
}
