/**
 * Signet's functions on AWS in this process, without runtime and entrance: for tests that hold the end of calls in their
 * hands, which in a runtime are real seconds.
 */

import { lambdaInvoker } from '../../../src/adapters/aws/lambda-calls.ts'
import { lambdaRotation } from '../../../src/adapters/rotation/lambda-rotation.ts'
import { kmsKeyManagers } from '../../../src/adapters/signers/kms-key-managers.ts'
import { parseHostConfig } from '../../../src/config/host-config.ts'
import type { Deadline } from '../../../src/deadline.ts'
import { createControlHost } from '../../../src/host/control-side.ts'
import { createPublicHost } from '../../../src/host/public-side.ts'
import { jsonLog } from '../../../src/log.ts'
import { publicIssuersFromDocuments } from '../../../src/reading/public-issuers.ts'
import { FAKE_REGION } from '../aws/kms-fake.ts'
import { FAKE_CREDENTIALS } from '../aws/kms-managers.ts'
import { BASE_URL, requestOf, START_SECONDS, type TestClock } from './in-process.ts'
import {
  LAMBDA_DEPLOYMENT,
  LAMBDA_TRAITS,
  type LambdaServices,
  ROTATE_FUNCTION,
  startLambdaServices,
} from './lambda-services.ts'
import type { TestHost } from './test-host.ts'

export interface LambdaInProcess extends TestHost, Pick<LambdaServices, 's3' | 'kms' | 'lambda'> {
  readonly clock: TestClock
}

/**
 * `deadline`: of every call to a service. Credentials for Lambda are those of the environment, which a test sets. Everyone
 * is let in to the control API.
 */
export async function lambdaInProcess(deadline: Deadline): Promise<LambdaInProcess> {
  const clock = { seconds: START_SECONDS }
  const services = await startLambdaServices({ clock, deadline })
  const { documents } = services
  const problems: string[] = []
  const config = parseHostConfig({ PUBLIC_URL: BASE_URL, DEPLOYMENT: LAMBDA_DEPLOYMENT }, problems)
  if (config === undefined) throw new TypeError(problems.join('; '))
  const lines: string[] = []
  const common = {
    config,
    clock: { now: () => clock.seconds },
    log: jsonLog((_level, line) => lines.push(line)),
    deadline,
  }
  const http = createPublicHost({
    ...common,
    publicIssuers: publicIssuersFromDocuments(documents),
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
      deadline,
    }),
    guard: async (_context, next) => next(),
  })
  return {
    ...services,
    name: 'lambda in process',
    baseUrl: BASE_URL,
    controlSecret: 'nobody asks for it',
    traits: LAMBDA_TRAITS,
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
    logLines: () => [...lines, ...services.rotationLines],
    breakIssuer: (id) => services.breakDocument(id),
  }
}
