/**
 * AWS Lambda as far as functions call one another: Invoke, waited for, over one function that a test gives.
 *
 * A comment names the Lambda API reference for what is answered. Errors have messages as telling as Lambda's own.
 */

import { parseJson } from '../../../src/json.ts'
import {
  type FakeAnswer,
  type FakeFault,
  type FakeRequest,
  type FakeService,
  type Guard,
  startFakeService,
} from './fake-service.ts'

export type LambdaFake = FakeService

export interface LambdaFakeOptions {
  readonly functionName: string
  /** The function: from an event to what it returns, both as JSON has them. What it throws is told, as Lambda does. */
  readonly run: (event: unknown) => Promise<unknown>
  /** Who may invoke it. @default everyone */
  readonly guard?: Guard
}

const INVOKE = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/
const SIGNATURE = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/eu-central-1\/lambda\/aws4_request,/
const ARN = 'arn:aws:lambda:eu-central-1:999988887777:function:'

export async function startLambdaFake(options: LambdaFakeOptions): Promise<LambdaFake> {
  return startFakeService({
    operationOf: ({ method, target }) =>
      method === 'POST' && INVOKE.test(target) ? 'Invoke' : `${method} ${target}`,
    perform: (operation, request) =>
      operation === 'Invoke' ? invoke(request, options) : errorAnswer(404, 'UnknownOperation'),
    guard: options.guard,
  })
}

async function invoke(
  { target, headers, body }: FakeRequest,
  { functionName, run }: LambdaFakeOptions,
): Promise<FakeAnswer> {
  if (!SIGNATURE.test(headers['authorization'] ?? '')) {
    return errorAnswer(403, 'MissingAuthenticationTokenException')
  }
  const name = decodeURIComponent(INVOKE.exec(target)?.[1] ?? '')
  // Lambda API reference, Invoke, FunctionName: a name or an ARN.
  if (name !== functionName && name !== `${ARN}${functionName}`) {
    return errorAnswer(404, 'ResourceNotFoundException', `Function not found: ${ARN}${name}`)
  }
  // Lambda API reference, Invoke, InvocationType: without `RequestResponse` nobody would hear of the answer.
  if (headers['x-amz-invocation-type'] !== 'RequestResponse') {
    return errorAnswer(400, 'InvalidParameterValueException')
  }
  const event = parseJson(body.toString())
  if (event === undefined) return errorAnswer(400, 'InvalidRequestContentException')
  try {
    return answered((await run(event)) ?? null)
  } catch (error) {
    return thrown(error)
  }
}

/** Lambda API reference, Invoke, response syntax: the payload is the body, and the status 200 also where it failed. */
function answered(payload: unknown, headers: Readonly<Record<string, string>> = {}): FakeAnswer {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...headers,
    },
    body: JSON.stringify(payload),
  }
}

/** Lambda developer guide, "Function errors": `Unhandled`, with type, message and stack. */
function thrown(error: unknown): FakeAnswer {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const payload = {
    errorType: name,
    errorMessage: `${message} marked-message ${ARN}rotate`,
    trace: [`${name}: marked-message at ${ARN}rotate`],
  }
  return answered(payload, { 'x-amz-function-error': 'Unhandled' })
}

/** Lambda API reference, "Common errors": the type is in a header. */
function errorAnswer(status: number, type: string, message = ''): FakeAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: JSON.stringify({
      Type: 'User',
      message: `${message} marked-message ${ARN}rotate`.trim(),
    }),
  }
}

const errorFault = (...error: Parameters<typeof errorAnswer>): FakeFault => ({
  type: 'answer',
  answer: errorAnswer(...error),
})

/** Faults to inject, as Lambda answers them. Lambda API reference, Invoke, errors. */
export const lambdaErrors = {
  throttled: errorFault(429, 'TooManyRequestsException', 'Rate exceeded'),
  internal: errorFault(500, 'ServiceException', 'The service encountered an internal error.'),
  /** IAM names the caller and the function. */
  denied: errorFault(
    403,
    'AccessDeniedException',
    'User: arn:aws:sts::999988887777:assumed-role/signet/control is not authorized to perform: lambda:InvokeFunction',
  ),
  /** The function threw, timed out or ran out of memory. */
  functionFailed: {
    type: 'answer',
    answer: thrown(new Error('Task timed out after 30.00 seconds')),
  },
} as const satisfies Record<string, FakeFault>
