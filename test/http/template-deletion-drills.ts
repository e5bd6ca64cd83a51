/**
 * Drills of a deletion: for how long an instance goes by what it has in memory, and that no origin serves the issuer after
 * that, whatever fails or races beside it.
 */

import { describe, expect, test } from 'vitest'
import {
  LAST_GOOD_SECONDS,
  MEMORY_COPY_SECONDS,
  RETRY_AFTER_SECONDS,
  SHARED_MAX_AGE_SECONDS,
  STALE_IF_ERROR_SECONDS,
} from '../../src/limits.ts'
import { bodyOf, control, createIssuer, newIssuerId } from '../support/hosts/control-client.ts'
import type { FunctionFault } from '../support/hosts/template-functions.ts'
import type { TemplateHost } from '../support/hosts/template.ts'
import { before, documentsOf, heldPut, refusing, statusesOf } from './template-faults.ts'

const ALL = (status: number): readonly number[] => [status, status, status]
const FAULTS: readonly FunctionFault[] = [
  'throws',
  'hangs',
  { status: 500 },
  { status: 502 },
  { status: 503 },
  { status: 504 },
]

const remove = (host: TemplateHost, id: string) => control(host, 'DELETE', `/issuers/${id}`)

/** Faults end with the test. */
export function describeDeletionDrills(getHost: () => TemplateHost): void {
  describe('a deleted issuer', () => {
    test('is gone at both origins once no instance has it in memory, also when the function breaks then', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      expect((await remove(host, id)).status).toBe(200)
      expect(await statusesOf(host, id)).toEqual(ALL(410))
      host.setFault('http', 'hangs')
      expect(await statusesOf(host, id)).toEqual(ALL(404))
      await host.runSchedule('rotate')
      expect(await statusesOf(host, id)).toEqual(ALL(404))
    })

    test('is not deleted as far as operators know while a copy of it is left', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      host.interpose(before(host.s3.copiesBucket, refusing('DeleteObject')))
      const left = await remove(host, id)
      expect([left.status, bodyOf(left)['error']]).toEqual([503, 'static_copies_left'])
      host.mend()
      await host.runSchedule('rotate')
      host.setFault('http', 'hangs')
      expect(await statusesOf(host, id)).toEqual(ALL(404))
    })

    test('does not come back with copies that were on their way when it was made', async () => {
      const host = getHost()
      const id = newIssuerId()
      const { reached, go } = heldPut(host, id)
      const json = { id, policy: { algorithm: 'ES256' } }
      const creating = control(host, 'POST', '/issuers', { json })
      await reached
      expect((await remove(host, id)).status).toBe(200)
      go()
      await creating
      host.setFault('http', 'hangs')
      expect(await statusesOf(host, id)).toEqual(ALL(404))
    })

    test('does not come back with a rotation that was under way', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      const { reached, go } = heldPut(host, id)
      // It makes a successor, which the copies then lack.
      const running = host.runSchedule('rotate')
      await reached
      expect((await remove(host, id)).status).toBe(200)
      go()
      await running.catch(() => undefined)
      host.setFault('http', 'hangs')
      expect(await statusesOf(host, id)).toEqual(ALL(404))
    })
  })
}

/** Nothing moves the clock here but the drill. Faults end with the test. */
export function describeDeletionMinutes(getHost: () => TemplateHost): void {
  /** An issuer that was deleted a moment ago. `known`: the instance has its documents in memory, since somebody asked for them. */
  async function deleted(memory: 'known' | 'unknown'): Promise<string> {
    const host = getHost()
    host.leaveClock()
    const { id } = await createIssuer(host)
    const asked = memory === 'known' ? await statusesOf(host, id) : []
    expect(asked).toEqual(memory === 'known' ? ALL(200) : [])
    expect((await remove(host, id)).status).toBe(200)
    return id
  }

  describe('from the moment that a deletion has answered', () => {
    test('an instance without the documents says that they are gone', async () => {
      const host = getHost()
      const id = await deleted('unknown')
      expect(await statusesOf(host, id)).toEqual(ALL(410))
    })

    test('one that has them in memory may answer with them for half a minute, and not later', async () => {
      const host = getHost()
      const id = await deleted('known')
      host.clock.seconds += MEMORY_COPY_SECONDS - 1
      const last = await documentsOf(host, id)
      expect(last.map(({ status }) => status)).toEqual(ALL(200))
      // For so long a CDN may repeat it.
      const caches = `s-maxage=${SHARED_MAX_AGE_SECONDS}, stale-if-error=${STALE_IF_ERROR_SECONDS}`
      for (const { headers } of last) expect(headers['cache-control']).toContain(caches)
      host.clock.seconds += 1
      expect(await statusesOf(host, id)).toEqual(ALL(410))
    })

    test('one that cannot read the bucket either, for the time of the last good ones', async () => {
      const host = getHost()
      const id = await deleted('known')
      host.interpose(before(host.s3.bucket, refusing()))
      host.clock.seconds += MEMORY_COPY_SECONDS + LAST_GOOD_SECONDS - 1
      expect(await statusesOf(host, id)).toEqual(ALL(200))
      host.clock.seconds += 1
      // The function has nothing to say, and so the copies are asked.
      expect((await host.request('GET', `/${id}/healthz`)).status).toBe(503)
      expect(await statusesOf(host, id)).toEqual(ALL(404))
      host.interpose(undefined)
      expect(await statusesOf(host, id)).toEqual(ALL(410))
    })

    test('one that could not read the bucket for a while hears of it as soon as it can', async () => {
      const host = getHost()
      const id = await deleted('known')
      host.interpose(before(host.s3.bucket, refusing()))
      host.clock.seconds += MEMORY_COPY_SECONDS
      expect(await statusesOf(host, id)).toEqual(ALL(200))
      host.interpose(undefined)
      host.clock.seconds += RETRY_AFTER_SECONDS
      expect(await statusesOf(host, id)).toEqual(ALL(410))
    })

    test.each(FAULTS)(
      'there are no static copies, whatever the function does: %j',
      async (fault) => {
        const host = getHost()
        const id = await deleted('known')
        const copies = Object.keys(host.s3.copies()).filter((name) => name.includes(id))
        expect(copies).toEqual([])
        host.setFault('http', fault)
        expect(await statusesOf(host, id)).toEqual(ALL(404))
        // What the instance has in memory is another matter.
        host.setFault('http', undefined)
        expect(await statusesOf(host, id)).toEqual(ALL(200))
      },
    )
  })
}
