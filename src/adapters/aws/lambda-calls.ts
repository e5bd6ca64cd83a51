/**
 * Invoking a Lambda function and waiting for its answer. One call of one operation: not worth the SDK's client, which every
 * cold start would parse.
 */

import { isErrorName } from '../../errors.ts'
import { awsEndpoint } from './aws-endpoint.ts'
import {
  type AwsAnswer,
  type AwsCredentials,
  type SignedPost,
  signedPost,
  UnusableCredentials,
} from './signed-post.ts'

export interface LambdaCallsOptions {
  readonly region: string
  readonly credentials: AwsCredentials
  /** @default the region's own */
  readonly endpoint?: string | undefined
  /** @default that of the runtime */
  readonly fetch?: typeof fetch
}

/** Resolves to what the function returned, as JSON. Rejects with `LambdaError`. */
export type InvokeFunction = (
  functionName: string,
  payload: string,
  signal: AbortSignal,
) => Promise<string>

/** Has the name of the service's error, or ours for what is none of it, and never a message. */
export class LambdaError extends Error {
  override readonly name = 'LambdaError'
  readonly awsName: string

  constructor(awsName: string) {
    super(`AWS Lambda answered ${awsName}`)
    this.awsName = awsName
  }
}

/** The longest answer is a sweep of a deleted issuer: some 200 bytes of each key that it had. */
const ANSWER_BYTES_MAX = 262_144
/**
 * Asked once more where too many were asking, so that nothing was done. Where no answer came the function may be at it, and a
 * second run beside it would make a second key.
 */
const ATTEMPTS_MAX = 2
const THROTTLED_STATUS = 429

export function lambdaInvoker(options: LambdaCallsOptions): InvokeFunction {
  const { region, credentials, endpoint = awsEndpoint('lambda', region) } = options
  const post = signedPost({
    service: 'lambda',
    region,
    credentials,
    answerBytesMax: ANSWER_BYTES_MAX,
    fetch: options.fetch,
  })
  return async (functionName, payload, signal) => {
    const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`
    const request = {
      url: new URL(path, endpoint).href,
      headers: { 'Content-Type': 'application/json', 'X-Amz-Invocation-Type': 'RequestResponse' },
      body: payload,
      signal,
    }
    for (let attempt = 1; ; attempt += 1) {
      const answer = await answerTo(post, request)
      if (answer.status !== THROTTLED_STATUS || attempt === ATTEMPTS_MAX) return returnedOf(answer)
    }
  }
}

async function answerTo(post: SignedPost, request: Parameters<SignedPost>[0]): Promise<AwsAnswer> {
  try {
    return await post(request)
  } catch (error) {
    if (error instanceof UnusableCredentials) throw new LambdaError(error.name)
    throw new LambdaError(request.signal.aborted ? 'AbortError' : 'ConnectionError')
  }
}

function returnedOf(answer: AwsAnswer): string {
  const { status, headers, text } = answer
  if (status !== 200) throw new LambdaError(errorNameOf(answer))
  // What it said is for its own log.
  if (headers.get('x-amz-function-error') !== null) throw new LambdaError('FunctionError')
  return text ?? ''
}

function errorNameOf({ status, headers }: AwsAnswer): string {
  const [name = ''] = (headers.get('x-amzn-errortype') ?? '').split(':')
  return isErrorName(name) ? name : `status ${status}`
}
