import { expect, test } from 'vitest'
import { jsonLog, type LogLevel } from '../../src/log.ts'

function recording(): { lines: [LogLevel, string][]; log: ReturnType<typeof jsonLog> } {
  const lines: [LogLevel, string][] = []
  return { lines, log: jsonLog((level, line) => lines.push([level, line])) }
}

test('a record is one JSON line with its level, its event and its fields', () => {
  const { lines, log } = recording()
  log('warn', 'ring_rotated', { issuer: 'prod', count: 2, last: true })
  expect(lines).toEqual([
    ['warn', '{"level":"warn","event":"ring_rotated","issuer":"prod","count":2,"last":true}'],
  ])
})

test('a record needs no fields', () => {
  const { lines, log } = recording()
  log('info', 'started')
  expect(lines).toEqual([['info', '{"level":"info","event":"started"}']])
})

test('a field is never taken for the level or the event', () => {
  const { lines, log } = recording()
  log('error', 'failed', { level: 'info', event: 'started' })
  expect(lines).toEqual([['error', '{"level":"error","event":"failed"}']])
})

test('a line end in a field does not end the record', () => {
  const { lines, log } = recording()
  log('error', 'failed', { problem: 'first\nsecond {"level":"info"}' })
  expect(lines[0]?.[1]).not.toContain('\n')
})
