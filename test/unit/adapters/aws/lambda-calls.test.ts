import { describe, expect, onTestFinished, test } from 'vitest'
import { lambdaInvoker } from '../../../../src/adapters/aws/lambda-calls.ts'
import {
  type FakeAnswer,
  type FakeFault,
  type FakeRequest,
  type FakeService,
  startFakeService,
} from '../../../support/aws/fake-service.ts'

const QUESTION = '{"version":1,"issuer":"prod"}'
const unaborted = () => new AbortController().signal

const CREDENTIALS = { accessKeyId: 'AKIDMARKED', secretAccessKey: 'marked-secret' }

/** A Lambda that answers so, and what it was asked. */
async function lambda(answer: FakeAnswer) {
  const requests: FakeRequest[] = []
  const service = await startFakeService({
    operationOf: () => 'Invoke',
    perform: (_operation, request) => {
      requests.push(request)
      return answer
    },
  })
  onTestFinished(() => service.close())
  return { service, requests, invoke: invokerAt(service) }
}

function invokerAt({ url }: FakeService) {
  return lambdaInvoker({ region: 'eu-central-1', endpoint: url, credentials: CREDENTIALS })
}

async function errorOf(work: Promise<unknown>): Promise<Error> {
  const outcome: unknown = await work.then(
    () => 'it worked',
    (error: unknown) => error,
  )
  if (outcome instanceof Error) return outcome
  throw new Error('an error was expected', { cause: outcome })
}

test('asks the function for its answer, and waits for it', async () => {
  const { requests, invoke } = await lambda({ status: 200, body: '{"status":"done"}' })
  expect(await invoke('signet-rotate', QUESTION, unaborted())).toBe('{"status":"done"}')
  expect(requests.map(({ method, target, body }) => [method, target, body.toString()])).toEqual([
    ['POST', '/2015-03-31/functions/signet-rotate/invocations', QUESTION],
  ])
  expect(requests[0]?.headers).toMatchObject({ 'x-amz-invocation-type': 'RequestResponse' })
})

test('takes a function by its ARN', async () => {
  const { requests, invoke } = await lambda({ status: 200, body: '{}' })
  await invoke('arn:aws:lambda:eu-central-1:999988887777:function:x', QUESTION, unaborted())
  expect(decodeURIComponent(requests[0]?.target ?? '')).toContain(':function:x/invocations')
})

test('gives an empty answer as it is', async () => {
  const { invoke } = await lambda({ status: 200 })
  expect(await invoke('signet-rotate', QUESTION, unaborted())).toBe('')
})

test.each(['Unhandled', 'Handled'])(
  'rejects when the function threw (%s), without its words',
  async (kind) => {
    const { invoke } = await lambda({
      status: 200,
      headers: { 'x-amz-function-error': kind },
      body: '{"errorType":"Error","errorMessage":"marked"}',
    })
    const error = await errorOf(invoke('signet-rotate', QUESTION, unaborted()))
    expect(error).toMatchObject({
      awsName: 'FunctionError',
      message: 'AWS Lambda answered FunctionError',
    })
  },
)

describe('rejects with the name of what Lambda answered', () => {
  test.each([
    ['AccessDeniedException', 403],
    ['ResourceNotFoundException', 404],
    ['InvalidRequestContentException', 400],
  ])('%s', async (name, status) => {
    const headers = { 'x-amzn-errortype': name, 'content-type': 'application/json' }
    const { invoke } = await lambda({ status, headers, body: '{"Message":"marked"}' })
    expect(await errorOf(invoke('signet-rotate', QUESTION, unaborted()))).toMatchObject({
      awsName: name,
    })
  })
})

test('ends when it is aborted while no answer comes', async () => {
  const { service, invoke } = await lambda({ status: 200 })
  service.inject('Invoke', { type: 'no_answer' })
  const aborting = new AbortController()
  const error = errorOf(invoke('signet-rotate', QUESTION, aborting.signal))
  await expect.poll(() => service.calls).toEqual(['Invoke'])
  aborting.abort()
  expect(await error).toMatchObject({ awsName: 'AbortError' })
})

test('asks once more where there were too many calls, and no more than that', async () => {
  const { service, invoke } = await lambda({ status: 200, body: '{"status":"done"}' })
  const throttled: FakeFault = { type: 'answer', answer: { status: 429 } }
  service.inject('Invoke', throttled)
  expect(await invoke('signet-rotate', QUESTION, unaborted())).toBe('{"status":"done"}')
  service.inject('Invoke', throttled, 2)
  await errorOf(invoke('signet-rotate', QUESTION, unaborted()))
  expect(service.calls).toHaveLength(4)
})

test.each<[string, FakeFault, string]>([
  ['there was no answer', { type: 'reset' }, 'ConnectionError'],
  ['the answer was lost', { type: 'lost_answer' }, 'ConnectionError'],
  ['Lambda failed', { type: 'answer', answer: { status: 500 } }, 'status 500'],
])('does not ask twice where %s: the function may be at it', async (_, fault, awsName) => {
  const { service, invoke } = await lambda({ status: 200, body: '{"status":"done"}' })
  service.inject('Invoke', fault)
  const error = await errorOf(invoke('signet-rotate', QUESTION, unaborted()))
  expect(error).toMatchObject({ awsName })
  expect(service.calls).toHaveLength(1)
})

test.each([
  ['an odd name', { 'x-amzn-errortype': 'arn:aws:lambda:marked' }, 'status 403'],
  [
    'a name with its address',
    { 'x-amzn-errortype': 'AccessDeniedException:http://x/' },
    'AccessDeniedException',
  ],
  ['no name', {}, 'status 403'],
])('tells %s without the rest', async (_, headers, awsName) => {
  const { invoke } = await lambda({ status: 403, headers, body: 'marked' })
  expect(await errorOf(invoke('signet-rotate', QUESTION, unaborted()))).toMatchObject({ awsName })
})

test('sends nothing with credentials that no header can hold', async () => {
  const { service } = await lambda({ status: 200 })
  const credentials = { accessKeyId: 'marked\nkey', secretAccessKey: 'marked' }
  const invoke = lambdaInvoker({ region: 'eu-central-1', endpoint: service.url, credentials })
  const error = await errorOf(invoke('signet-rotate', QUESTION, unaborted()))
  expect(error).toMatchObject({ awsName: 'CredentialsError' })
  expect(error.message).not.toContain('marked')
  expect(service.calls).toEqual([])
})
