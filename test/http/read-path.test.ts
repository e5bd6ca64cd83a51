/**
 * The copy in memory under every fault of storage: never an empty JWK Set, never an older version after a newer one,
 * never a 500.
 */

import { describe, expect, test } from 'vitest'
import { MEMORY_COPY_SECONDS } from '../../src/limits.ts'
import { bodyOf, control, createIssuer } from '../support/hosts/control-client.ts'
import type { Answer } from '../support/hosts/faulty-reads.ts'
import { reading, versionOf } from './reading.ts'

describe('while storage works', () => {
  test('one read serves every document for half a minute, then storage is asked again', async () => {
    const reader = await reading()
    for (let second = 0; second < 30; second += 1) {
      expect(versionOf(await reader.jwkSet())).toBe(1)
      await reader.discovery()
      await reader.health()
      reader.wait(1)
    }
    expect(reader.reads.reads).toBe(1)
    await reader.change()
    expect(versionOf(await reader.jwkSet())).toBe(2)
    expect(reader.reads.reads).toBe(2)
  })

  test('a change elsewhere is seen after half a minute, not before', async () => {
    const reader = await reading()
    await reader.jwkSet()
    await reader.change()
    reader.wait(29)
    expect(versionOf(await reader.jwkSet())).toBe(1)
    reader.wait(1)
    expect(versionOf(await reader.jwkSet())).toBe(2)
  })

  test('a change by the same instance is seen at once', async () => {
    const { host, jwkSet, id } = await reading()
    const before = await jwkSet()
    const json = { policy: { jwksMaxAgeSeconds: 120 } }
    await control(host, 'PATCH', `/issuers/${id}`, { json })
    const after = await jwkSet()
    expect(versionOf(after)).toBe(2)
    expect(after.headers['cache-control']).toBe(
      'public, max-age=120, s-maxage=60, stale-if-error=600',
    )
    expect(after.body).toBe(before.body)
    await control(host, 'DELETE', `/issuers/${id}`)
    expect((await jwkSet()).status).toBe(410)
  })

  test('what was not there is found at once where the same instance makes it', async () => {
    const { host } = await reading()
    const get = (id: string) => host.request('GET', `/${id}/.well-known/jwks.json`)
    expect((await get('later')).status).toBe(404)
    await control(host, 'POST', '/issuers', { json: { id: 'later' } })
    expect((await get('later')).status).toBe(200)
  })

  test('what is not there is asked for once in half a minute', async () => {
    const { host, reads, wait } = await reading()
    const ask = async () => host.request('GET', '/nobody/.well-known/jwks.json')
    for (let count = 0; count < 20; count += 1) expect((await ask()).status).toBe(404)
    expect(reads.reads).toBe(1)
    wait(30)
    await ask()
    expect(reads.reads).toBe(2)
  })

  test('many readers at one moment are one read', async () => {
    const reader = await reading()
    const readers = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0 ? reader.jwkSet() : reader.discovery(),
    )
    for (const { status } of await Promise.all(readers)) expect(status).toBe(200)
    expect(reader.reads.reads).toBe(1)
  })

  test('an issuer that is deleted elsewhere is gone for good, whatever storage says then', async () => {
    const reader = await reading()
    const former = await reader.stored()
    await reader.jwkSet()
    await control(reader.host, 'DELETE', `/issuers/${reader.id}`)
    expect((await reader.jwkSet()).status).toBe(410)
    reader.reads.answer = { type: 'body', body: former }
    reader.wait(MEMORY_COPY_SECONDS)
    expect((await reader.jwkSet()).status).toBe(410)
  })
})

describe('while storage does not say what it should', () => {
  const ANSWERS: [what: string, answer: Answer][] = [
    ['fails', { type: 'failing' }],
    ['says that there is nothing', { type: 'missing' }],
    ['has garbage', { type: 'broken' }],
    ['has the document of another issuer', { type: 'body', body: 'other' }],
  ]

  test.each(ANSWERS)('and %s, the last good copy is served', async (_what, answer) => {
    const reader = await reading()
    const good = await reader.jwkSet()
    const other = await createIssuer(reader.host)
    const body = (await reader.stored()).replaceAll(reader.id, other.id)
    reader.reads.answer = answer.type === 'body' ? { type: 'body', body } : answer
    reader.wait(MEMORY_COPY_SECONDS)
    expect(await reader.jwkSet()).toStrictEqual(good)
    const health = await reader.health()
    expect(health.status).toBe(200)
    expect(bodyOf(health)).toMatchObject({
      status: 'last_good',
      storage: { confirmedAt: 1_800_000_000, lastGoodUntil: 1_800_003_630 },
    })
  })

  test('a change here that it does not confirm makes what it confirmed a moment ago the last good copy', async () => {
    const reader = await reading()
    const health = async () => bodyOf(await reader.health())['status']
    expect(await health()).toBe('ok')
    reader.reads.answer = { type: 'failing' }
    const json = { policy: { jwksMaxAgeSeconds: 120 } }
    expect((await control(reader.host, 'PATCH', `/issuers/${reader.id}`, { json })).status).toBe(
      200,
    )
    for (let second = 0; second < 60; second += 1) {
      expect(versionOf(await reader.jwkSet())).toBe(1)
      expect(await health()).toBe('last_good')
      reader.wait(1)
    }
    reader.reads.answer = { type: 'right' }
    expect(await health()).toBe('ok')
    expect(versionOf(await reader.jwkSet())).toBe(2)
  })

  test('it is left in peace for five seconds', async () => {
    const reader = await reading()
    await reader.jwkSet()
    reader.reads.answer = { type: 'failing' }
    reader.wait(MEMORY_COPY_SECONDS)
    const before = reader.reads.reads
    for (let count = 0; count < 20; count += 1) expect((await reader.jwkSet()).status).toBe(200)
    expect(reader.reads.reads).toBe(before + 1)
    reader.wait(4)
    await reader.jwkSet()
    expect(reader.reads.reads).toBe(before + 1)
    reader.reads.answer = { type: 'right' }
    await reader.change()
    reader.wait(1)
    expect(versionOf(await reader.jwkSet())).toBe(2)
  })

  test('an older document changes nothing, and counts as an answer', async () => {
    const reader = await reading()
    const old = await reader.stored()
    await reader.change()
    await reader.change()
    expect(versionOf(await reader.jwkSet())).toBe(3)
    reader.reads.answer = { type: 'body', body: old }
    reader.wait(MEMORY_COPY_SECONDS)
    expect(versionOf(await reader.jwkSet())).toBe(3)
    expect(bodyOf(await reader.health())).toMatchObject({ status: 'ok', ringVersion: 3 })
    reader.reads.answer = { type: 'right' }
    await reader.change()
    reader.wait(MEMORY_COPY_SECONDS)
    expect(versionOf(await reader.jwkSet())).toBe(4)
  })
})
