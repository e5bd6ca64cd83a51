import { describe, expect, test } from 'vitest'
import type { InvokeFunction } from '../../../../src/adapters/aws/lambda-calls.ts'
import {
  lambdaRotation,
  ROTATION_MS_MAX,
} from '../../../../src/adapters/rotation/lambda-rotation.ts'
import { S3_CALL_MS_MAX } from '../../../../src/adapters/storage/s3-calling.ts'
import { Fault, FAULT_CODES } from '../../../../src/errors.ts'
import type { Rotation } from '../../../../src/keyring/rotation.ts'
import { anIssuer, aRing, NOW } from '../../../support/fixtures.ts'
import { aRotationReport, aSweepReport } from '../../../support/rotation-reports.ts'
import { heldDeadlines } from '../../../support/workerd/held-deadlines.ts'

const FUNCTION = 'arn:aws:lambda:eu-central-1:999988887777:function:marked'
/** API Gateway ends a request after 30 s. */
const ROTATION_MS = ROTATION_MS_MAX
/** After that API Gateway answers by itself. */
const GATEWAY_MS = 30_000
/** An issuer is created by four calls of S3 beside its rotation: its id, its location, its document, and the result. */
const STORE_CALLS = 4

function rotationWith(end: () => Promise<string>) {
  const invoked: [string, string][] = []
  const signals: AbortSignal[] = []
  const held = heldDeadlines()
  const invoke: InvokeFunction = async (functionName, payload, signal) => {
    invoked.push([functionName, payload])
    signals.push(signal)
    return end()
  }
  const rotation = lambdaRotation({ invoke, functionName: FUNCTION, deadline: held.deadline })
  return { rotation, invoked, signals, held }
}

async function faultOf(run: Promise<unknown>): Promise<Fault> {
  const outcome: unknown = await run.then(
    () => 'it was done',
    (error: unknown) => error,
  )
  if (outcome instanceof Fault) return outcome
  throw new Error('a fault was expected', { cause: outcome })
}

const done = (report: unknown) => async () => JSON.stringify({ status: 'done', report })

/** All questions, by what they are called in messages. */
const QUESTIONS: [what: string, ask: (rotation: Rotation) => Promise<unknown>][] = [
  ['rotation', (rotation) => rotation.run('prod')],
  ['sweep', (rotation) => rotation.sweep('prod')],
  ['publication', (rotation) => rotation.publish('prod')],
]

function named(name: string): Error {
  return Object.assign(new Error(`${FUNCTION} is not there`), { name })
}

test('prepares nothing: this function may not make keys', async () => {
  const { rotation, invoked } = rotationWith(done(null))
  const document = anIssuer({ ring: aRing({ keys: [] }) })
  expect(await rotation.prepare(document, NOW)).toBe(document)
  expect(invoked).toEqual([])
})

test('asks the function once for a rotation, waits for it, and hands on what it reports', async () => {
  const report = aRotationReport({ actions: [{ type: 'settle', seenAt: NOW }] })
  const { rotation, invoked, signals, held } = rotationWith(done(report))
  const observation = { at: NOW, ringVersion: 6, keys: [] }
  expect(await rotation.run('prod', { dryRun: true, observation })).toEqual(report)
  const seen = '{"ringVersion":6,"jwks":{"keys":[]}}'
  expect(invoked).toEqual([
    [FUNCTION, `{"version":1,"issuer":"prod","dryRun":true,"observation":${seen}}`],
  ])
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  expect(held.pass(ROTATION_MS)).toBe(0)
})

test('asks the function once for a sweep, and hands on what it reports', async () => {
  const report = aSweepReport({ dryRun: true })
  const { rotation, invoked } = rotationWith(done(report))
  const options = { dryRun: true, windowDays: 7, takeBack: 'slot-a' }
  expect(await rotation.sweep('prod', options)).toEqual(report)
  const asked = '{"version":1,"sweep":"prod","dryRun":true,"windowDays":7,"takeBack":"slot-a"}'
  expect(invoked).toEqual([[FUNCTION, asked]])
})

test('asks the function once for copies, and is done when they are', async () => {
  const { rotation, invoked } = rotationWith(async () => '{"status":"done"}')
  expect(await rotation.publish('prod')).toBeUndefined()
  expect(invoked).toEqual([[FUNCTION, '{"version":1,"publish":"prod"}']])
})

test.each(QUESTIONS.slice(0, 2))(
  'a %s resolves to nothing where there is no such issuer',
  async (_what, ask) => {
    const { rotation } = rotationWith(done(null))
    expect(await ask(rotation)).toBeUndefined()
  },
)

describe.each(QUESTIONS)('a %s', (what, ask) => {
  test.each(FAULT_CODES)('fails as the function says: %s', async (code) => {
    const { rotation } = rotationWith(async () => JSON.stringify({ status: 'failed', code }))
    expect(await faultOf(ask(rotation))).toMatchObject({
      code,
      message: `the ${what} of issuer prod failed: see the log of the function that rotates`,
    })
  })

  test.each([
    '',
    'null',
    '{"status":"Done"}',
    '{"status":"done","reports":null}',
    '{"status":"done","report":{"id":"prod"}}',
    JSON.stringify({ status: 'done', report: aRotationReport({ id: 'marked' }) }),
    JSON.stringify({ status: 'done', report: aSweepReport({ id: 'marked' }) }),
    '{"status":"failed","code":"marked"}',
    '{"errorType":"Error","errorMessage":"marked"}',
    '<html>marked</html>',
  ])('fails when the answer is %j, and tells nothing of it', async (text) => {
    const { rotation } = rotationWith(async () => text)
    expect(await faultOf(ask(rotation))).toMatchObject({
      code: 'rotation_unavailable',
      message: `the ${what} of issuer prod failed: the function gave no answer of ours`,
    })
  })

  test.each([
    'FunctionError',
    'AccessDeniedException',
    'ResourceNotFoundException',
    'TooManyRequestsException',
    'ECONNREFUSED',
  ])('that cannot be asked for is a fault with the name of why alone: %s', async (name) => {
    const { rotation } = rotationWith(() => Promise.reject(named(name)))
    const fault = await faultOf(ask(rotation))
    expect(fault).toMatchObject({
      code: 'rotation_unavailable',
      message: `the ${what} of issuer prod failed: AWS Lambda was asked, which ended in ${name}`,
    })
    expect(fault.cause).toBeUndefined()
  })

  test('that ends in what is no error is a fault too', async () => {
    const { rotation } = rotationWith(() => {
      // oxlint-disable-next-line typescript/only-throw-error -- whatever the SDK may throw
      throw FUNCTION
    })
    expect((await faultOf(ask(rotation))).message).not.toContain('arn:')
  })

  test('ends at its deadline, and the call with it', async () => {
    const call = Promise.withResolvers<string>()
    const { rotation, signals, held } = rotationWith(() => call.promise)
    const fault = faultOf(ask(rotation))
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    expect(held.pass(ROTATION_MS)).toBe(1)
    expect(await fault).toMatchObject({
      code: 'rotation_unavailable',
      message: `the ${what} of issuer prod failed: AWS Lambda was asked, which ended in TimeoutError`,
    })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    // What comes later is not heard, and fails nothing.
    call.reject(named('AbortError'))
    await expect(call.promise).rejects.toThrow('is not there')
  })
})

test('leaves time for its answer before API Gateway gives up', () => {
  expect(STORE_CALLS * S3_CALL_MS_MAX + ROTATION_MS_MAX).toBeLessThan(GATEWAY_MS)
})
