/**
 * What functions of different versions say to each other while one of them is newer: an upgrade replaces them one by one.
 *
 * The bytes are those that earlier versions send. They never change.
 */

import { describe, expect, test } from 'vitest'
import { jobHandler } from '../../src/adapters/lambda/job-handler.ts'
import { lambdaRotation } from '../../src/adapters/rotation/lambda-rotation.ts'
import { parseQuestion } from '../../src/adapters/rotation/rotation-messages.ts'
import { LambdaError } from '../../src/adapters/aws/lambda-calls.ts'
import type { Rotation } from '../../src/keyring/rotation.ts'
import { aRotationReport, aSweepReport } from '../support/rotation-reports.ts'

const OBSERVATION =
  '{"ringVersion":7,"jwks":{"keys":[{"kid":"kid-a","alg":"ES256","kty":"EC","crv":"P-256","x":"x","y":"y"}]}}'

/** By who has asked them. */
const QUESTIONS: readonly [sentence: string, bytes: string][] = [
  ['a rotation', '{"version":1,"issuer":"prod"}'],
  ['a dry run of one', '{"version":1,"issuer":"prod","dryRun":true}'],
  ['one with what was seen', `{"version":1,"issuer":"prod","observation":${OBSERVATION}}`],
  ['a sweep', '{"version":1,"sweep":"prod"}'],
  [
    'a sweep with all that it takes',
    '{"version":1,"sweep":"prod","dryRun":false,"windowDays":7,"takeBack":"slot-a"}',
  ],
]

const ROTATED =
  '{"status":"done","report":{"id":"prod","revision":7,"dryRun":false,"actions":[],"waits":[],"nextMoment":null}}'
const SWEPT = '{"status":"done","report":{"id":"prod","dryRun":false,"entries":[]}}'
const FAILED = '{"status":"failed","code":"key_service_refused"}'

/** The function of operators, whose questions are answered with `text`. */
function askedWith(text: string): Rotation {
  return lambdaRotation({ invoke: async () => text, functionName: 'signet-rotate' })
}

/** The function that rotates, which counts what it does. */
function rotates() {
  const done: string[] = []
  const handler = jobHandler({
    rotation: {
      run: async (id) => {
        done.push(`rotated ${id}`)
        return aRotationReport()
      },
      sweep: async (id) => {
        done.push(`swept ${id}`)
        return aSweepReport()
      },
      publish: async (id) => void done.push(`published ${id}`),
    },
    runJob: async (name) => void done.push(`job ${name}`),
    log: () => undefined,
  })
  return { handler, done }
}

describe('a function that rotates and is newer', () => {
  test.each(QUESTIONS)('understands %s', async (_sentence, bytes) => {
    const { handler, done } = rotates()
    expect(parseQuestion(JSON.parse(bytes))).toEqual(JSON.parse(bytes))
    expect(await handler(JSON.parse(bytes))).toMatchObject({ status: 'done' })
    expect(done).toHaveLength(1)
  })

  test.each(['rotate', 'sweep'])('takes the schedule of %s', async (job) => {
    const { handler, done } = rotates()
    await handler({ version: 1, job })
    expect(done).toEqual([`job ${job}`])
  })
})

describe('a function that rotates and is older', () => {
  test.each([
    ['a question that it does not know', { version: 1, melt: 'prod' }],
    ['a question with a word that it does not know', { version: 1, issuer: 'prod', force: true }],
    ['a question of a later version', { version: 2, issuer: 'prod' }],
    ['a job that it does not know', { version: 1, job: 'melt' }],
  ])('does nothing for %s', async (_title, event) => {
    const { handler, done } = rotates()
    await expect(handler(event)).rejects.toThrow('a rotation takes {"version": 1, "job": ')
    expect(done).toEqual([])
  })
})

describe('a function of operators', () => {
  test('that is newer understands the answers of before', async () => {
    expect(await askedWith(ROTATED).run('prod')).toEqual(JSON.parse(ROTATED).report)
    expect(await askedWith(SWEPT).sweep('prod')).toEqual(JSON.parse(SWEPT).report)
    expect(await askedWith('{"status":"done","report":null}').run('prod')).toBeUndefined()
    await expect(askedWith(FAILED).run('prod')).rejects.toMatchObject({
      code: 'key_service_refused',
    })
  })

  test('that is older leaves out what it does not know of a report', async () => {
    const text = ROTATED.replace('"waits":[]', '"waits":[],"temperature":20')
    expect(await askedWith(text).run('prod')).toEqual(JSON.parse(ROTATED).report)
  })

  test.each([
    ['an action', ROTATED.replace('[]', '[{"type":"melt","kid":"kid-a"}]')],
    ['a wait', ROTATED.replace('"waits":[]', '"waits":[{"reason":"too_hot"}]')],
    ['a state', ROTATED.replace('"done"', '"under_way"')],
    ['a fault', FAILED.replace('key_service_refused', 'key_melted')],
  ])('that is older says so where an answer has %s that it does not know', async (_title, text) => {
    await expect(askedWith(text).run('prod')).rejects.toMatchObject({
      code: 'rotation_unavailable',
      message: 'the rotation of issuer prod failed: the function gave no answer of ours',
    })
  })

  test('that asks an older one what that does not know hears that nothing was done', async () => {
    const rotation = lambdaRotation({
      invoke: async () => Promise.reject(new LambdaError('Unhandled')),
      functionName: 'signet-rotate',
    })
    await expect(rotation.publish('prod')).rejects.toMatchObject({ code: 'rotation_unavailable' })
  })
})
