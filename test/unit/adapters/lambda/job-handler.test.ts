import { describe, expect, test } from 'vitest'
import { jobHandler, misconfiguredJobHandler } from '../../../../src/adapters/lambda/job-handler.ts'
import { Fault } from '../../../../src/errors.ts'
import { JobFailure } from '../../../../src/jobs/run-job.ts'
import type { RotationOptions } from '../../../../src/keyring/rotation.ts'
import type { Log } from '../../../../src/log.ts'
import { NOW } from '../../../support/fixtures.ts'
import { aRotationReport, aSweepReport } from '../../../support/rotation-reports.ts'

const RUN = { issuers: 3, changed: 1, waiting: 0, failed: 0, unvisited: 0 }

/** `fail`: what everything that is asked for ends in. */
function handling(fail?: unknown) {
  const done: string[] = []
  const told: RotationOptions[] = []
  const logged: Parameters<Log>[] = []
  const log: Log = (...record) => void logged.push(record)
  async function turn<T>(what: string, answer: T): Promise<T> {
    if (fail !== undefined) throw fail
    done.push(what)
    return answer
  }
  const handler = jobHandler({
    rotation: {
      run: (id, options = {}) => {
        told.push(options)
        return turn(`run ${id}`, aRotationReport({ id }))
      },
      sweep: (id) => turn(`sweep ${id}`, aSweepReport({ id })),
      publish: (id) => turn(`publish ${id}`, undefined),
    },
    runJob: (name) => turn(`job ${name}`, RUN),
    log,
    clock: { now: () => NOW },
  })
  return { handler, done, told, logged }
}

const OBSERVED_LATE = { at: 9e15, ringVersion: 7, jwks: { keys: [] } }

/** As EventBridge sends it of a rule, and of a schedule without input. */
const SCHEDULED = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '999988887777',
  time: '2027-01-15T08:00:00Z',
  region: 'eu-central-1',
  resources: ['arn:aws:events:eu-central-1:999988887777:rule/marked'],
  detail: {},
}

test.each<[string, unknown, string, unknown]>([
  ['a schedule of rotations', { version: 1, job: 'rotate' }, 'job rotate', RUN],
  ['a schedule of sweeps', { version: 1, job: 'sweep' }, 'job sweep', RUN],
  ['a rule of EventBridge', SCHEDULED, 'job rotate', RUN],
  ['a schedule without input', { ...SCHEDULED, source: 'aws.scheduler' }, 'job rotate', RUN],
  [
    'a question',
    { version: 1, issuer: 'prod' },
    'run prod',
    { status: 'done', report: aRotationReport() },
  ],
  [
    'a question of a sweep',
    { version: 1, sweep: 'prod' },
    'sweep prod',
    { status: 'done', report: aSweepReport() },
  ],
  ['a question of copies', { version: 1, publish: 'prod' }, 'publish prod', { status: 'done' }],
])('answers %s', async (_title, event, expected, answer) => {
  const { handler, done, logged } = handling()
  expect(await handler(event)).toEqual(answer)
  expect([done, logged]).toEqual([[expected], []])
})

test('takes what was seen elsewhere as of its own time', async () => {
  const { handler, told } = handling()
  const seen = { ringVersion: 7, jwks: { keys: [] } }
  await handler({ version: 1, issuer: 'prod', observation: seen })
  expect(told).toEqual([{ observation: { at: NOW, ringVersion: 7, keys: [] } }])
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'marked-rotate'],
  ['a list', [{ version: 1, job: 'rotate' }]],
  ['no job', { version: 1 }],
  ['another job', { version: 1, job: 'marked-destroy' }],
  ['another version', { version: 2, job: 'rotate' }],
  ['a job with a word more', { version: 1, job: 'rotate', issuer: 'prod' }],
  ['a job for something', { version: 1, job: 'sweep', windowDays: 7 }],
  ['a schedule that has a job as well', { ...SCHEDULED, version: 1, job: 'sweep' }],
  ['a schedule that has a job of its version', { ...SCHEDULED, job: 'rotate' }],
  ['a schedule that has an issuer as well', { ...SCHEDULED, issuer: 'prod' }],
  ['a schedule that has a sweep as well', { ...SCHEDULED, sweep: 'prod' }],
  ['a schedule that has a publication as well', { ...SCHEDULED, publish: 'prod' }],
  ['what is taken back from no place', { version: 1, sweep: 'prod', takeBack: '' }],
  ['an observation with a moment', { version: 1, issuer: 'prod', observation: OBSERVED_LATE }],
  ['another event', { ...SCHEDULED, 'detail-type': 'EC2 Instance State-change marked' }],
  ['messages of a queue', { Records: [{ eventSource: 'aws:sqs', body: '{"job":"rotate"}' }] }],
  ['a request', { version: '2.0', rawPath: '/marked', requestContext: {} }],
])('refuses %s, does nothing and repeats nothing', async (_title, event) => {
  const { handler, done, logged } = handling()
  await expect(handler(event)).rejects.toThrow(
    new TypeError(
      'a rotation takes {"version": 1, "job": "rotate" or "sweep"}, or a question for one issuer, got something else',
    ),
  )
  expect([done, logged]).toEqual([[], []])
})

describe('what fails', () => {
  test.each([
    ['a schedule', { version: 1, job: 'rotate' }],
    ['a question', { version: 1, issuer: 'prod' }],
  ])('by a mistake has its name in the log, and nothing elsewhere: %s', async (_title, event) => {
    const { handler, logged } = handling(new RangeError('arn:aws:kms:marked'))
    const failure: unknown = await handler(event).catch((error: unknown) => error)
    expect(failure).toEqual(
      new JobFailure('what was asked for could not be completed: the log says why'),
    )
    expect(failure).not.toHaveProperty('cause')
    expect(logged).toEqual([['error', 'request_failed', { code: 'internal', cause: 'RangeError' }]])
  })

  test('of a schedule fails the invocation, so that its alarms hear of it', async () => {
    const failure = new JobFailure('2 of 3')
    const { handler, logged } = handling(failure)
    await expect(handler({ version: 1, job: 'rotate' })).rejects.toBe(failure)
    expect(logged).toEqual([])
  })

  test('of a question by a fault is an answer', async () => {
    const { handler, logged } = handling(new Fault('key_service_busy', 'why'))
    const answer = await handler({ version: 1, issuer: 'prod' })
    expect(answer).toEqual({ status: 'failed', code: 'key_service_busy' })
    expect(logged.map(([, event]) => event)).toEqual(['rotation_failed'])
  })
})

test('one that is misconfigured logs every problem once, and fails at everything', async () => {
  const logged: Parameters<Log>[] = []
  const handler = misconfiguredJobHandler(['a', 'b'], (...record) => void logged.push(record))
  for (const event of [{ version: 1, job: 'rotate' }, { version: 1, issuer: 'prod' }, null]) {
    await expect(handler(event)).rejects.toThrow(
      new JobFailure('this function is not configured: its log says what is missing'),
    )
  }
  expect(logged).toEqual([
    ['error', 'configuration_refused', { problem: 'a' }],
    ['error', 'configuration_refused', { problem: 'b' }],
  ])
})
