/**
 * Signet's functions on AWS in this process, without runtime and entrance: for tests that hold the end of calls in their
 * hands, which in a runtime are real seconds.
 */

import { jobHandler } from '../../../src/adapters/lambda/job-handler.ts'
import { lambdaInvoker } from '../../../src/adapters/aws/lambda-calls.ts'
import { lambdaRotation } from '../../../src/adapters/rotation/lambda-rotation.ts'
import { kmsKeyManagers } from '../../../src/adapters/signers/kms-key-managers.ts'
import { parseHostConfig } from '../../../src/config/host-config.ts'
import type { Deadline } from '../../../src/deadline.ts'
import { createControlHost } from '../../../src/host/control-side.ts'
import { ownRotation } from '../../../src/host/own-rotation.ts'
import { createPublicHost } from '../../../src/host/public-side.ts'
import { runJob } from '../../../src/jobs/run-job.ts'
import { jsonLog } from '../../../src/log.ts'
import { publicIssuersFromDocuments } from '../../../src/reading/public-issuers.ts'
import { FAKE_REGION } from '../aws/kms-fake.ts'
import { FAKE_CREDENTIALS } from '../aws/kms-managers.ts'
import { BASE_URL, fetchFrom, requestOf, START_SECONDS, type TestClock } from './in-process.ts'
import {
  LAMBDA_DEPLOYMENT,
  LAMBDA_TRAITS,
  type LambdaServices,
  ROTATE_FUNCTION,
  startLambdaServices,
} from './lambda-services.ts'
import type { TestHost } from './test-host.ts'

export interface LambdaInProcess
  extends TestHost, Pick<LambdaServices, 's3' | 'kms' | 'lambda' | 'rotating'> {
  readonly clock: TestClock
}

/**
 * `deadlines`: of the calls to each service. Credentials for Lambda are those of the environment, which a test sets. Everyone
 * is let in to the control API.
 */
export async function lambdaInProcess(
  deadlines: Readonly<Record<'s3' | 'kms' | 'lambda', Deadline>>,
): Promise<LambdaInProcess> {
  const clock = { seconds: START_SECONDS }
  const problems: string[] = []
  const config = parseHostConfig({ PUBLIC_URL: BASE_URL, DEPLOYMENT: LAMBDA_DEPLOYMENT }, problems)
  if (config === undefined) throw new TypeError(problems.join('; '))
  const lines: string[] = []
  const log = jsonLog((_level, line) => lines.push(line))
  // What hosts wait for by themselves is storage.
  const common = { config, clock: { now: () => clock.seconds }, log, deadline: deadlines.s3 }
  const services = await startLambdaServices({
    deadlines,
    rotating: async ({ documents, keys }) => {
      const { rotation } = ownRotation({
        ...common,
        documents,
        publicIssuers: documents,
        keyManagers: kmsKeyManagers(keys),
        fetch: fetchFrom((request) => http.fetch(request)),
      })
      const deps = { ...common, documents, rotation }
      const invoke = jobHandler({
        rotation,
        runJob: (name) => runJob(deps, name),
        clock: common.clock,
        log,
      })
      return { invoke, logLines: () => [], close: async () => {} }
    },
  })
  const { documents } = services
  const http = createPublicHost({
    ...common,
    publicIssuers: publicIssuersFromDocuments(documents),
    exchange: {
      documents,
      keyManagers: kmsKeyManagers({ ...services.keys, signers: undefined }),
      fetch: fetchFrom((request) => http.fetch(request)),
    },
  })
  const control = createControlHost({
    ...common,
    documents,
    publicIssuers: documents,
    keyManagers: kmsKeyManagers(services.keys),
    rotation: lambdaRotation({
      invoke: lambdaInvoker({
        region: FAKE_REGION,
        endpoint: services.lambda.url,
        credentials: FAKE_CREDENTIALS,
      }),
      functionName: ROTATE_FUNCTION,
      deadline: deadlines.lambda,
    }),
    guard: async (_context, next) => next(),
  })
  return {
    ...services,
    name: 'lambda in process',
    baseUrl: BASE_URL,
    controlSecret: 'nobody asks for it',
    traits: { ...LAMBDA_TRAITS, subjectIssuersHere: 'asked' },
    clock,
    request: (method, rawPath, init) => {
      const host = rawPath.startsWith('/control') ? control : http
      return requestOf(async (request) => host.fetch(request), {
        baseUrl: BASE_URL,
        method,
        rawPath,
        init,
      })
    },
    logLines: () => lines,
    breakIssuer: (id) => services.breakDocument(id),
  }
}
