/**
 * Services of AWS that fail, at every call of every request: the request ends in a stated error, the document is what it
 * was or what it should be, no key is lost sight of, and when the fault is over a repetition makes all whole.
 *
 * Most of it in this process, where nobody waits for the end of a call; then through the functions as they are deployed.
 */

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Deadline } from '../../src/deadline.ts'
import { FAKE_CREDENTIALS } from '../support/aws/kms-managers.ts'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import { type LambdaInProcess, lambdaInProcess } from '../support/hosts/lambda-in-process.ts'
import { faultyRun } from './lambda-faulty-run.ts'
import {
  errorWhileLasting,
  FAULT_POINTS,
  faultNamed,
  isDoneAnyway,
  isTriedAgain,
  LASTING,
  ONCE,
  stateAfterFailure,
  stateAfterSuccess,
} from './lambda-fault-points.ts'

/** More than anyone tries. */
const LASTING_CALLS = 1000

const NEVER: Deadline = () => new Promise(() => {})

beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', FAKE_CREDENTIALS.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', FAKE_CREDENTIALS.secretAccessKey)
})
afterAll(() => {
  vi.unstubAllEnvs()
})

describe.each(FAULT_POINTS)('$title', { concurrent: true }, (point) => {
  let host: LambdaInProcess
  let deadline = NEVER
  beforeAll(async () => {
    host = await lambdaInProcess({
      s3: NEVER,
      kms: NEVER,
      lambda: NEVER,
      [point.service]: (...wait: Parameters<Deadline>) => deadline(...wait),
    })
  })
  afterAll(() => host.close())

  describe('meets', { concurrent: false }, () => {
    test.each(LASTING)('%s, as long as it lasts', async (name) => {
      const run = await faultyRun(host, point)
      run.inject(faultNamed(name, point.service), LASTING_CALLS)
      if (name === 'no answer') deadline = () => run.met()
      const answer = await run.attempt()
      deadline = NEVER
      const isDone = isDoneAnyway(point, name)
      expect(answer.status, `answered ${answer.body}`).toBe(isDone ? run.success : 503)
      const body = isDone
        ? { keys: [{ status: 'active' }] }
        : { error: errorWhileLasting(point, name) }
      expect(JSON.parse(answer.body)).toMatchObject(body)
      const state = stateAfterFailure(point, name)
      expect(await run.problemsAfter(answer, state)).toStrictEqual([])
    })

    test.each(ONCE)('%s, once', async (name) => {
      const run = await faultyRun(host, point)
      run.inject(faultNamed(name, point.service), 1)
      const answer = await run.attempt()
      const isDone = isTriedAgain(point, name)
      expect(answer.status, `answered ${answer.body}`).toBe(isDone ? run.success : 503)
      const state = isDone ? stateAfterSuccess(point) : stateAfterFailure(point, name)
      expect(await run.problemsAfter(answer, state)).toStrictEqual([])
    })
  })
})

describe('the functions', () => {
  let host: LambdaHost
  beforeAll(async () => {
    host = await lambdaHost()
  })
  afterAll(() => host.close())

  test.each(FAULT_POINTS)('$title', async (point) => {
    const run = await faultyRun(host, point)
    run.inject(faultNamed('an error of the service', point.service), LASTING_CALLS)
    const answer = await run.attempt()
    expect(answer.status, `answered ${answer.body}`).toBe(503)
    const error = errorWhileLasting(point, 'an error of the service')
    expect(JSON.parse(answer.body)).toMatchObject({ error })
    const state = stateAfterFailure(point, 'an error of the service')
    expect(await run.problemsAfter(answer, state)).toStrictEqual([])
  })
})
