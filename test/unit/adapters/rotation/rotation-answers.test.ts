import { describe, expect, test } from 'vitest'
import {
  parsePublishAnswer,
  parseRotationAnswer,
  parseSweepAnswer,
  publishQuestion,
  rotationQuestion,
  sweepQuestion,
} from '../../../../src/adapters/rotation/rotation-messages.ts'
import { Fault, FAULT_CODES } from '../../../../src/errors.ts'
import { NOW } from '../../../support/fixtures.ts'
import {
  ALL_ACTIONS,
  ALL_ENTRIES,
  ALL_WAITS,
  aRotationReport,
  aSweepReport,
} from '../../../support/rotation-reports.ts'
import { rotating } from './rotating.ts'

const done = (report: unknown) => JSON.stringify({ status: 'done', report })
const rotation = aRotationReport()
const sweep = aSweepReport()

describe('an answer', () => {
  test('has the report of the rotation, with everything that one may say', async () => {
    const report = aRotationReport({ actions: ALL_ACTIONS, waits: ALL_WAITS })
    const { answer } = rotating({ run: async () => report })
    const text = await answer(rotationQuestion('prod'))
    expect(parseRotationAnswer(text)).toEqual({ status: 'done', report })
  })

  test.each(['activation', 'retirement', 'revocation', 'rotation due'] as const)(
    'has the next moment: %s',
    async (what) => {
      const report = aRotationReport({ nextMoment: { at: NOW, what } })
      const { answer } = rotating({ run: async () => report })
      const text = await answer(rotationQuestion('prod'))
      expect(parseRotationAnswer(text)).toEqual({ status: 'done', report })
    },
  )

  test('has the report of the sweep, with everything that one may say', async () => {
    const report = aSweepReport({ entries: ALL_ENTRIES })
    const { answer } = rotating({ sweep: async () => report })
    expect(parseSweepAnswer(await answer(sweepQuestion('prod')))).toEqual({
      status: 'done',
      report,
    })
  })

  test('has none where there is no such issuer', async () => {
    const { answer } = rotating({ run: async () => undefined, sweep: async () => undefined })
    const [rotated, swept] = [rotationQuestion('prod'), sweepQuestion('prod')]
    expect(parseRotationAnswer(await answer(rotated))).toEqual({ status: 'done', report: null })
    expect(parseSweepAnswer(await answer(swept))).toEqual({ status: 'done', report: null })
  })

  test('may have more in its report than is known here', () => {
    const report = aRotationReport({ nextMoment: null })
    const more = {
      ...report,
      waits: [{ reason: 'policy_not_seen', revision: 7, more: 1 }],
      more: 1,
    }
    expect(parseRotationAnswer(JSON.stringify({ status: 'done', report: more }))).toEqual({
      status: 'done',
      report: { ...report, waits: [{ reason: 'policy_not_seen', revision: 7 }] },
    })
  })

  test.each(FAULT_CODES)('is the fault %s by its code; its words are logged', async (code) => {
    const problem = 'a key could not be made for issuer prod: AWS KMS answered X'
    const fail = async () => {
      throw new Fault(code, problem)
    }
    const { logged, answer } = rotating({ run: fail, sweep: fail, publish: fail })
    const rotated = await answer(rotationQuestion('prod'))
    const swept = await answer(sweepQuestion('prod'))
    const published = await answer(publishQuestion('prod'))
    expect(rotated).toBe(`{"status":"failed","code":"${code}"}`)
    expect([swept, published]).toEqual([rotated, rotated])
    expect(parseRotationAnswer(rotated)).toEqual({ status: 'failed', code })
    expect(parseSweepAnswer(swept)).toEqual({ status: 'failed', code })
    expect(parsePublishAnswer(published)).toEqual({ status: 'failed', code })
    expect(logged).toEqual([
      ['error', 'rotation_failed', { issuer: 'prod', code, problem }],
      ['error', 'sweep_failed', { issuer: 'prod', code, problem }],
      ['error', 'static_copies_failed', { issuer: 'prod', code, problem }],
    ])
  })

  test('is not given where it fails by a mistake', async () => {
    const mistake = new RangeError('a mistake')
    const fail = async () => {
      throw mistake
    }
    const { logged, answer } = rotating({ run: fail, sweep: fail, publish: fail })
    await expect(answer(rotationQuestion('prod'))).rejects.toBe(mistake)
    await expect(answer(sweepQuestion('prod'))).rejects.toBe(mistake)
    await expect(answer(publishQuestion('prod'))).rejects.toBe(mistake)
    expect(logged).toEqual([])
  })

  test.each([
    '',
    'null',
    '"done"',
    '[]',
    '{}',
    '{',
    '{"status":"done"}',
    '{"status":"Done","report":null}',
    '{"status":"done","report":null,"code":"key_disabled"}',
    '{"status":"failed"}',
    '{"status":"failed","code":"other"}',
    '{"status":"failed","code":"key_disabled","problem":"marked"}',
    '{"errorType":"Error","errorMessage":"marked"}',
    done('prod'),
    done([]),
    done({ id: 'prod' }),
  ])('is not %s', (text) => {
    expect(parseRotationAnswer(text)).toBeUndefined()
    expect(parseSweepAnswer(text)).toBeUndefined()
    // An answer of copies has no report.
    const isOfCopies = text === '{"status":"done"}'
    expect(parsePublishAnswer(text)).toEqual(isOfCopies ? { status: 'done' } : undefined)
  })

  test.each<[string, object]>([
    ['the report of a sweep', sweep],
    ['no id', { ...rotation, id: undefined }],
    ['a revision of none', { ...rotation, revision: 0 }],
    ['half a revision', { ...rotation, revision: 1.5 }],
    ['a dry run that is no boolean', { ...rotation, dryRun: 1 }],
    ['no next moment', { ...rotation, nextMoment: undefined }],
    ['a next moment of another kind', { ...rotation, nextMoment: { at: NOW, what: 'marked' } }],
    ['actions that are no list', { ...rotation, actions: {} }],
    ['an action of another kind', { ...rotation, actions: [{ type: 'destroy', kid: 'kid-a' }] }],
    ['an action without its key', { ...rotation, actions: [{ type: 'see', firstSeenAt: NOW }] }],
    ['a wait of another kind', { ...rotation, waits: [{ reason: 'marked' }] }],
    [
      'another problem of the documents',
      { ...rotation, waits: [{ reason: 'not_observed', problem: 'marked' }] },
    ],
  ])('of a rotation is not %s', (_title, report) => {
    expect(parseRotationAnswer(done(report))).toBeUndefined()
  })

  test.each<[string, object]>([
    ['the report of a rotation', rotation],
    ['no entries', { ...sweep, entries: undefined }],
    ['an entry without a place', { ...sweep, entries: [{ outcome: 'gone' }] }],
    ['another outcome', { ...sweep, entries: [{ ...ALL_ENTRIES[3], outcome: 'marked' }] }],
    [
      'another fault',
      { ...sweep, entries: [{ ...ALL_ENTRIES[3], outcome: 'failed', code: 'marked' }] },
    ],
    ['keys of custody none', { ...sweep, entries: [{ ...ALL_ENTRIES[3], custody: 'none' }] }],
  ])('of a sweep is not %s', (_title, report) => {
    expect(parseSweepAnswer(done(report))).toBeUndefined()
  })
})
