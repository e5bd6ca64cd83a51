/**
 * Signet on AWS: the bundles of the functions that are deployed, each in a runtime of its own; those that answer requests
 * behind an entrance of AWS.
 *
 * What goes to the control API passes an IAM authorizer, which here knows its callers by the secret that the tests have:
 * the function sees none of that, and only what the authorizer says.
 */

import { LAMBDA_BUNDLES, type LambdaName } from '../../../functions/bundle.ts'
import type { LambdaAnswer } from '../../../src/adapters/lambda/event-answer.ts'
import { MEMORY_COPY_SECONDS } from '../../../src/limits.ts'
import { FAKE_REGION } from '../aws/kms-fake.ts'
import { FAKE_CREDENTIALS, SIGNERS } from '../aws/kms-managers.ts'
import { START_SECONDS, type TestClock } from './in-process.ts'
import { functionUrlEvent, httpApiEvent, type LambdaRequest } from './lambda-events.ts'
import { type LambdaRuntime, startLambda } from './lambda-runtime.ts'
import {
  LAMBDA_DEPLOYMENT,
  LAMBDA_TRAITS,
  type LambdaServices,
  ROTATE_FUNCTION,
  startLambdaServices,
} from './lambda-services.ts'
import { openEntrance, type PublicEntrance } from './public-entrance.ts'
import {
  answerHeaders,
  newControlSecret,
  type TestHost,
  type TestRequest,
  type TestResponse,
} from './test-host.ts'

export interface LambdaHostOptions {
  /** What stands before the functions. Default: a Function URL. */
  readonly entrance?: LambdaEntrance
  /** Whether the public documents have static copies. Default: none. */
  readonly staticCopies?: boolean
}

/** A stage that is not `$default` stands in every path. */
type LambdaEntrance =
  | { readonly type: 'http-api'; readonly stage: string }
  | { readonly type: 'function-url' }

export interface LambdaHost
  extends TestHost, Pick<LambdaServices, 's3' | 'kms' | 'lambda' | 'rotating'> {
  /** Of all functions. */
  readonly clock: TestClock
  /** An event as it is, to one of the functions that answer requests. */
  invoke(name: AnsweringLambda, event: unknown): Promise<LambdaAnswer>
  /** Where everyone reads the public documents: the host's own URL leads there. */
  readonly entrance: Pick<PublicEntrance, 'asked' | 'lead'>
}

export type AnsweringLambda = Exclude<LambdaName, 'rotate'>

/** What the signature of a caller looks like, who is let in by it before the function. */
const CALLER_SIGNATURE = `AWS4-HMAC-SHA256 Credential=AKIAMARKEDCALLER/20270115/${FAKE_REGION}/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0a'.repeat(32)}`

export async function lambdaHost({
  entrance: itsEntrance = { type: 'function-url' },
  staticCopies = false,
}: LambdaHostOptions = {}): Promise<LambdaHost> {
  const controlSecret = newControlSecret()
  const clock = { seconds: START_SECONDS }
  const entrance = await openEntrance()
  const { url: baseUrl } = entrance
  const services = await startLambdaServices({
    rotating: (its) => {
      const env = {
        ...settingsFor(baseUrl, its),
        ...copiesSettings(its, staticCopies),
        KMS_SIGNERS: SIGNERS.join(),
      }
      return startLambda<unknown>({ bundle: LAMBDA_BUNDLES.rotate, env, clock })
    },
  })
  const { rotating } = services
  const env = {
    ...settingsFor(baseUrl, services),
    ...copiesSettings(services, staticCopies),
    ROTATE_FUNCTION,
    AWS_ENDPOINT_URL_LAMBDA: services.lambda.url,
  }
  const [http, control] = await Promise.all([
    startLambda({ bundle: LAMBDA_BUNDLES.http, env, clock }),
    startLambda({ bundle: LAMBDA_BUNDLES.control, env, clock }),
  ])
  const functions: Record<AnsweringLambda, LambdaRuntime<LambdaAnswer>> = { http, control }

  /** The public function has copies of what was. After each change their time is over, since the clock is ours. */
  function forgetCopies(): void {
    clock.seconds += MEMORY_COPY_SECONDS
  }

  async function request(
    method: string,
    rawPath: string,
    init: TestRequest = {},
  ): Promise<TestResponse> {
    const asked = { method, rawPath, ...received(init, baseUrl) }
    const name = isForControl(rawPath, itsEntrance) ? 'control' : 'http'
    const authorized = name === 'control' ? authorizedBy(controlSecret, asked) : asked
    const answer = await functions[name].invoke(eventFor(itsEntrance, authorized))
    if (name === 'control' && method !== 'GET' && answer.statusCode < 300) forgetCopies()
    return responseOf(answer)
  }

  entrance.lead((method, rawPath) => request(method, rawPath))
  return {
    ...services,
    name: 'lambda',
    baseUrl,
    controlSecret,
    traits: {
      ...LAMBDA_TRAITS,
      pathEscapes: itsEntrance.type === 'http-api' ? 'decoded' : 'kept',
    },
    clock,
    request,
    entrance,
    invoke: (name, event) => functions[name].invoke(event),
    logLines: () => [http, control, rotating].flatMap((each) => each.logLines()),
    breakIssuer: async (id) => {
      await services.breakDocument(id)
      forgetCopies()
    },
    close: async () => {
      await Promise.all([http.close(), control.close()])
      await services.close()
      await entrance[Symbol.asyncDispose]()
    },
  }
}

function settingsFor(
  publicUrl: string,
  { s3, kms, keys }: Pick<LambdaServices, 's3' | 'kms' | 'keys'>,
): Record<string, string> {
  return {
    PUBLIC_URL: publicUrl,
    DEPLOYMENT: LAMBDA_DEPLOYMENT,
    DOCUMENTS_BUCKET: s3.bucket,
    KMS_WRAPPING_KEY: keys.wrappingKey ?? '',
    AWS_REGION: FAKE_REGION,
    AWS_ACCESS_KEY_ID: FAKE_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: FAKE_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_KMS: kms.url,
  }
}

function copiesSettings(
  { s3 }: Pick<LambdaServices, 's3'>,
  isThere: boolean,
): Readonly<Record<string, string>> {
  return isThere ? { STATIC_COPIES_BUCKET: s3.copiesBucket } : {}
}

/** Each function has an entrance of its own; whoever sends a request goes by where its path leads there. */
function isForControl(rawPath: string, entrance: LambdaEntrance): boolean {
  const request = { rawPath }
  const { rawPath: path } =
    entrance.type === 'function-url' ? functionUrlEvent(request) : httpApiEvent(request)
  const { pathname = '' } = URL.parse(`http://host.example${path}`) ?? {}
  return /^\/(?:c|%63)ontrol(?:[/?#]|$)/.test(pathname)
}

function eventFor(entrance: LambdaEntrance, request: LambdaRequest) {
  const kept = { ...request, port: 'kept' } as const
  return entrance.type === 'function-url'
    ? functionUrlEvent(kept)
    : httpApiEvent({ ...kept, stage: entrance.stage })
}

function received({ headers = {}, body }: TestRequest, baseUrl: string) {
  const host = new Headers(headers).get('Host') ?? new URL(baseUrl).host
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host')
  const whole = typeof body === 'string' || body instanceof Uint8Array ? body : body?.join('')
  return {
    headers: { Host: host, ...Object.fromEntries(others) },
    ...(whole === undefined ? {} : { body: whole }),
  }
}

/** As an IAM authorizer: the function hears that a caller was let in, and has the caller's signature instead of the secret. */
function authorizedBy<Asked extends Pick<LambdaRequest, 'headers'>>(
  secret: string,
  asked: Asked,
): Asked & LambdaRequest {
  const headers = new Headers(asked.headers as Record<string, string>)
  const [, presented] = /^Bearer +(\S+)$/i.exec(headers.get('Authorization') ?? '') ?? []
  if (presented !== secret) return asked
  headers.set('Authorization', CALLER_SIGNATURE)
  return { ...asked, headers: Object.fromEntries(headers), iam: 'authenticated' }
}

function responseOf({
  statusCode: status,
  headers,
  cookies = [],
  body,
  isBase64Encoded,
}: LambdaAnswer): TestResponse {
  const set = cookies.map((cookie) => ['set-cookie', cookie] as const)
  return {
    status,
    headers: answerHeaders([...Object.entries(headers), ...set]),
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  }
}
