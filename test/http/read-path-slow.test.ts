/**
 * The copy in memory where storage takes its time: nobody waits long, and what comes late is kept if it is newer.
 */

import { expect, test } from 'vitest'
import { MEMORY_COPY_SECONDS, SLOW_STORAGE_MS, STORAGE_WAIT_MS } from '../../src/limits.ts'
import { bodyOf } from '../support/hosts/control-client.ts'
import { passDeadlines, reading, versionOf } from './reading.ts'

test('the last good copy is served after a second, and the late answer is kept', async () => {
  const reader = await reading()
  await reader.jwkSet()
  reader.reads.answer = { type: 'silent' }
  await reader.change()
  reader.wait(MEMORY_COPY_SECONDS)
  const late = reader.jwkSet()
  await expect.poll(() => reader.reads.held.length).toBe(1)
  expect(reader.deadlines.pass(STORAGE_WAIT_MS)).toBe(0)
  expect(reader.deadlines.pass(SLOW_STORAGE_MS)).toBe(1)
  expect(versionOf(await late)).toBe(1)
  const hostHealth = reader.hostHealth()
  await passDeadlines(reader, hostHealth)
  expect(bodyOf(await hostHealth)).toMatchObject({ status: 'storage_unavailable' })
  reader.reads.held[0]?.answer()
  await expect.poll(async () => versionOf(await reader.jwkSet())).toBe(2)
  reader.reads.answer = { type: 'right' }
  expect(bodyOf(await reader.hostHealth())).toStrictEqual({ status: 'ok' })
})

test('without a last good copy it is 503 after four seconds, and asked anew', async () => {
  const reader = await reading()
  reader.reads.answer = { type: 'silent' }
  const late = reader.jwkSet()
  await expect.poll(() => reader.reads.held.length).toBe(1)
  expect(reader.deadlines.pass(SLOW_STORAGE_MS)).toBe(0)
  expect(reader.deadlines.pass(STORAGE_WAIT_MS)).toBe(1)
  const response = await late
  expect(response.status).toBe(503)
  expect(response.headers['retry-after']).toBe('5')
  expect(bodyOf(response)['error']).toBe('storage_unavailable')
  reader.reads.answer = { type: 'right' }
  expect((await reader.jwkSet()).status).toBe(200)
})

test('the health of the host waits one second, since probes are impatient', async () => {
  const reader = await reading()
  reader.reads.answer = { type: 'silent' }
  const hostHealth = reader.hostHealth()
  await expect.poll(() => reader.deadlines.pass(SLOW_STORAGE_MS)).toBe(1)
  expect(bodyOf(await hostHealth)).toMatchObject({ status: 'storage_unavailable' })
})

test('an answer that comes after a newer one changes nothing', async () => {
  const reader = await reading()
  reader.reads.answer = { type: 'silent' }
  const first = reader.jwkSet()
  await expect.poll(() => reader.reads.held.length).toBe(1)
  reader.deadlines.pass(STORAGE_WAIT_MS)
  expect((await first).status).toBe(503)
  await reader.change()
  reader.reads.answer = { type: 'right' }
  expect(versionOf(await reader.jwkSet())).toBe(2)
  reader.reads.held[0]?.answerAsBegun()
  expect(versionOf(await reader.jwkSet())).toBe(2)
  reader.wait(MEMORY_COPY_SECONDS - 1)
  expect(versionOf(await reader.jwkSet())).toBe(2)
})

test('a failure that comes after an answer takes nothing away', async () => {
  const reader = await reading()
  reader.reads.answer = { type: 'silent' }
  const first = reader.jwkSet()
  await expect.poll(() => reader.reads.held.length).toBe(1)
  reader.deadlines.pass(STORAGE_WAIT_MS)
  expect((await first).status).toBe(503)
  reader.reads.answer = { type: 'right' }
  expect((await reader.jwkSet()).status).toBe(200)
  reader.reads.held[0]?.fail()
  expect((await reader.jwkSet()).status).toBe(200)
  reader.wait(MEMORY_COPY_SECONDS)
  expect((await reader.jwkSet()).status).toBe(200)
  expect(bodyOf(await reader.hostHealth())).toStrictEqual({ status: 'ok' })
})

test('who waits for the read of another in vain reads for himself after a second', async () => {
  const reader = await reading()
  reader.reads.answer = { type: 'silent' }
  const first = reader.jwkSet()
  await expect.poll(() => reader.reads.held.length).toBe(1)
  const second = reader.jwkSet()
  reader.reads.answer = { type: 'right' }
  await expect.poll(() => reader.deadlines.pass(SLOW_STORAGE_MS)).toBe(1)
  expect((await second).status).toBe(200)
  reader.deadlines.pass(STORAGE_WAIT_MS)
  expect((await first).status).toBe(200)
  expect((await reader.jwkSet()).status).toBe(200)
})
