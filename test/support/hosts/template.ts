/**
 * Signet as its CloudFormation template deploys it: the bundles that the functions of the template point at, with the very
 * environment it gives them, behind the distribution and the APIs that it describes, over fakes that apply its IAM.
 *
 * Of the machine comes what Lambda gives by itself: region, credentials of the function's role, and where the fakes are.
 */

import type { LambdaName } from '../../../functions/bundle.ts'
import type { LambdaAnswer } from '../../../src/adapters/lambda/event-answer.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import { MEMORY_COPY_SECONDS } from '../../../src/limits.ts'
import { type Synthesized, synthesized, TEST_SETTINGS } from '../synthesized.ts'
import { FAKE_CREDENTIALS } from '../aws/kms-managers.ts'
import { storeOver } from '../aws/s3-stores.ts'
import { type PhysicalNames, resourcesOf } from '../aws/template.ts'
import { type HttpApi, httpApi } from './api-gateway.ts'
import { edge, type OriginRequest } from './cloudfront.ts'
import { type EdgeOrigin, edgeConfig } from './cloudfront-config.ts'
import { START_SECONDS, type TestClock } from './in-process.ts'
import { openEntrance } from './public-entrance.ts'
import {
  type FunctionFault,
  startTemplateFunction,
  type TemplateFunction,
} from './template-functions.ts'
import { askS3 } from './template-origins.ts'
import { runSchedule } from './template-schedules.ts'
import { startTemplateServices, type TemplateServices } from './template-services.ts'
import { TEMPLATE_TRAITS } from './template-traits.ts'
import {
  newControlSecret,
  NO_DOCUMENT,
  type TestHost,
  type TestRequest,
  type TestResponse,
} from './test-host.ts'

export interface TemplateHost
  extends TestHost, Pick<TemplateServices, 'iam' | 's3' | 'kms' | 'lambda' | 'interpose'> {
  readonly clock: TestClock
  /** From then on, until the host is mended, the clock is moved by the test alone: what instances have in memory stays there. */
  leaveClock(): void
  /** As the schedule of the template does. Rejects when the function does. */
  runSchedule(job: 'rotate' | 'sweep'): Promise<unknown>
  /** What becomes of the function's events from then on; `undefined`: it runs. */
  setFault(name: LambdaName, fault: FunctionFault | undefined): void
  /** Whatever was broken is whole again. */
  mend(): void
  /** The documents, below the prefix of the installation, as they are stored. */
  documents(): Readonly<Record<string, string>>
}

type Functions = Readonly<Record<LambdaName, TemplateFunction>>

const [HOST] = TEST_SETTINGS.domainNames

export async function templateHost(): Promise<TemplateHost> {
  const [its, entrance] = await Promise.all([synthesized(), openEntrance()])
  const { template } = its
  const clock = { seconds: START_SECONDS }
  const controlSecret = newControlSecret()
  let functions: Functions | undefined
  const services = await startTemplateServices({
    template,
    invoked: its.functionNamed('rotate').logicalId,
    run: async (event) => functions?.rotate.invoke(event),
  })
  const { names, iam, s3, kms, lambda } = services
  const made = await startFunctions({ its, services, clock, entrance: entrance.url })
  functions = made
  const { publicApi, controlApi } = apisOf(its, names, made)
  const cdn = edge({
    config: edgeConfig(template, names),
    // The suite has issuers at hosts of their own, as a deployment of more domain names has.
    furtherAliases: ['*.example', 'oidc.eks.*.amazonaws.com'],
    ask: (origin, asked) => askOrigin(origin, asked, { publicApi, s3 }),
  })

  let isClockLeft = false

  /** The public function has copies of what was. After each change their time is over, unless a test is about them. */
  function forgetCopies(): void {
    if (!isClockLeft) clock.seconds += MEMORY_COPY_SECONDS
  }

  async function request(
    method: string,
    rawPath: string,
    init: TestRequest = {},
  ): Promise<TestResponse> {
    const asked = receivedOf(init)
    if (!isForControl(rawPath)) return cdn.answer({ method, rawPath, ...asked })
    const answer = await controlApi.answer({
      method,
      rawPath,
      ...authorizedBy(controlSecret, asked, controlApi.domain),
    })
    if (answer === 'hangs') {
      return { status: 503, headers: {}, body: '{"message":"Service Unavailable"}' }
    }
    if (method !== 'GET' && answer.status < 300) forgetCopies()
    return answer
  }

  entrance.lead((method, rawPath) => request(method, rawPath))
  return {
    name: 'template',
    traits: TEMPLATE_TRAITS,
    baseUrl: `https://${HOST}`,
    controlSecret,
    clock,
    iam,
    s3,
    kms,
    lambda,
    interpose: services.interpose,
    leaveClock: () => {
      isClockLeft = true
    },
    mend: () => {
      isClockLeft = false
      for (const each of Object.values(made)) each.setFault(undefined)
      for (const fake of [s3, kms, lambda]) fake.heal()
      services.interpose(undefined)
    },
    request,
    runSchedule: (job) => runSchedule(job, { its, services, rotate: made.rotate }),
    setFault: (name, fault) => made[name].setFault(fault),
    documents: () => s3.objects(),
    logLines: () => Object.values(made).flatMap((each) => each.logLines()),
    breakIssuer: async (id) => {
      await breakDocument(s3, id)
      forgetCopies()
    },
    close: async () => {
      await Promise.all(Object.values(made).map((each) => each.close()))
      await services.close()
      await entrance[Symbol.asyncDispose]()
    },
  }
}

interface Starting {
  readonly its: Synthesized
  readonly services: TemplateServices
  readonly clock: TestClock
  readonly entrance: string
}

async function startFunctions({ its, services, clock, entrance }: Starting): Promise<Functions> {
  const { names, s3, kms, lambda } = services
  const start = (name: LambdaName) =>
    startTemplateFunction(name, {
      synthesized: its,
      names,
      clock,
      hosts: { [HOST]: entrance },
      endpoints: {
        AWS_ENDPOINT_URL_S3: s3.url,
        AWS_ENDPOINT_URL_KMS: kms.url,
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      },
    })
  const [http, control, rotate] = await Promise.all([
    start('http'),
    start('control'),
    start('rotate'),
  ])
  return { http, control, rotate }
}

/** Each API by the function that it leads to. */
function apisOf(
  { template }: Synthesized,
  names: PhysicalNames,
  functions: Functions,
): Readonly<Record<'publicApi' | 'controlApi', HttpApi>> {
  const all = Object.values(functions)
  const invoke = async (arn: string, event: unknown) => {
    const invoked = all.find((each) => each.arn === arn)
    if (invoked === undefined) throw new TypeError('an API leads to no function')
    return (await invoked.invoke(event)) as LambdaAnswer | 'hangs'
  }
  const apiOf = (pattern: RegExp): HttpApi => {
    const ids = resourcesOf(template, 'AWS::ApiGatewayV2::Api').map(([id]) => id)
    const [api = '', ...more] = ids.filter((id) => pattern.test(id))
    if (api === '' || more.length > 0) throw new TypeError(`there is not one API ${pattern}`)
    return httpApi({ template, names, api, invoke })
  }
  return { publicApi: apiOf(/public/i), controlApi: apiOf(/control/i) }
}

async function askOrigin(
  origin: EdgeOrigin,
  request: OriginRequest,
  { publicApi, s3 }: { readonly publicApi: HttpApi; readonly s3: TemplateServices['s3'] },
): Promise<TestResponse | 'hangs'> {
  if (origin.type === 's3') return askS3(s3, origin, request)
  if (origin.domain !== publicApi.domain) {
    throw new TypeError(`there is no origin at ${origin.domain}`)
  }
  const { body, ...rest } = request
  return publicApi.answer({ ...rest, ...(body !== undefined && { body }) })
}

/** As the administrator of the account could. */
async function breakDocument(s3: TemplateServices['s3'], id: string): Promise<void> {
  const store = storeOver(s3, { prefix: 'signet/' })
  const { etag } = (await store.get(issuerKey(id))) ?? { etag: '' }
  await store.put(issuerKey(id), NO_DOCUMENT, { ifMatch: etag })
}

/** Where a request goes: operators' tools know the address of their API, which is none of the distribution's. */
function isForControl(rawPath: string): boolean {
  const { pathname = '' } = URL.parse(`http://host.example${decoded(rawPath)}`) ?? {}
  return /^\/control(?:\/|$)/.test(pathname)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

type Received = Pick<OriginRequest, 'headers' | 'body'>

function receivedOf({ headers = {}, body }: TestRequest): Received {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const whole = typeof body === 'string' || body instanceof Uint8Array ? body : body?.join('')
  return {
    headers: { host: HOST, ...Object.fromEntries(named) },
    ...(whole !== undefined && { body: whole }),
  }
}

/** As API Gateway knows callers by their signatures: here, by the secret that the tests have. */
function authorizedBy(secret: string, { headers, body }: Received, domain: string) {
  const [, presented] = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? []
  const own = { ...headers, host: domain }
  return {
    headers: presented === secret ? { ...own, authorization: CALLER_SIGNATURE } : own,
    ...(body !== undefined && { body }),
    iam: presented === secret ? ('authenticated' as const) : ('none' as const),
  }
}

const CALLER_SIGNATURE = `AWS4-HMAC-SHA256 Credential=${FAKE_CREDENTIALS.accessKeyId}/20270115/eu-central-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0a'.repeat(32)}`
