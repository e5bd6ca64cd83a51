/**
 * Signet on AWS Lambda, what operators ask for: wiring alone. Its role may read and write documents and sign; keys are made,
 * disabled and destroyed by the function that rotates.
 */

import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { lambdaInvoker } from '../../src/adapters/aws/lambda-calls.ts'
import { lazyS3 } from '../../src/adapters/aws/s3-calls.ts'
import { hasIamCaller } from '../../src/adapters/lambda/iam-caller.ts'
import { lambdaHandler } from '../../src/adapters/lambda/lambda-handler.ts'
import { lambdaRotation } from '../../src/adapters/rotation/lambda-rotation.ts'
import { kmsKeyManagers } from '../../src/adapters/signers/kms-key-managers.ts'
import { s3Store } from '../../src/adapters/storage/s3.ts'
import { iamGuard } from '../../src/control-access/control-guard.ts'
import { createControlHost } from '../../src/host/control-side.ts'
import type { Host } from '../../src/host/host.ts'
import { misconfiguredHost } from '../../src/host/misconfigured-host.ts'
import { type ControlConfig, parseControlConfig } from './lambda-config.ts'
import { log } from './log.ts'

function hostOf(config: ControlConfig): Host {
  const { host, region, bucket, prefix, rotateFunction, lambda } = config
  const documents = s3Store({ calls: lazyS3({ region }), bucket, prefix })
  return createControlHost({
    config: host,
    documents,
    publicIssuers: documents,
    keyManagers: kmsKeyManagers({
      ...config,
      kms: retryingKms(kmsOverSdk({ region }), { log }),
      deployment: host.deployment,
      signers: undefined,
    }),
    rotation: lambdaRotation({ invoke: lambdaInvoker(lambda), functionName: rotateFunction }),
    hasStaticCopies: config.hasStaticCopies,
    // IAM has decided: `admit` takes no event that lacks its word.
    guard: iamGuard,
    log,
  })
}

const parsed = parseControlConfig(process.env)
const host = parsed.ok ? hostOf(parsed.config) : misconfiguredHost(parsed.problems, log)

export const handler = lambdaHandler({
  fetch: (request, keepAlive) => host.fetch(request, keepAlive),
  log,
  admit: hasIamCaller,
})
