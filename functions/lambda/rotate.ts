/**
 * Signet on AWS Lambda, what makes and destroys keys: wiring alone. On a schedule for all issuers, and for one of
 * them when the function of operators asks. Its role is the only one that may do so.
 */

import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { lazyS3 } from '../../src/adapters/aws/s3-calls.ts'
import {
  type JobHandler,
  jobHandler,
  misconfiguredJobHandler,
} from '../../src/adapters/lambda/job-handler.ts'
import { kmsKeyManagers } from '../../src/adapters/signers/kms-key-managers.ts'
import { s3StaticCopies } from '../../src/adapters/storage/s3-static-copies.ts'
import { s3Store } from '../../src/adapters/storage/s3.ts'
import { systemClock as clock } from '../../src/clock.ts'
import { timerDeadline as deadline } from '../../src/deadline.ts'
import { ownRotation } from '../../src/host/own-rotation.ts'
import { runJob } from '../../src/jobs/run-job.ts'
import { parseRotateConfig, type RotateConfig } from './lambda-config.ts'
import { log } from './log.ts'

function handlerOf(config: RotateConfig): JobHandler {
  const { host, region, bucket, prefix, copiesBucket } = config
  const calls = lazyS3({ region })
  const documents = s3Store({ calls, bucket, prefix })
  const { rotation } = ownRotation({
    documents,
    publicIssuers: documents,
    staticCopies:
      copiesBucket === undefined ? undefined : s3StaticCopies({ calls, bucket: copiesBucket }),
    keyManagers: kmsKeyManagers({
      ...config,
      kms: retryingKms(kmsOverSdk({ region }), { log }),
      deployment: host.deployment,
    }),
    log,
    clock,
    deadline,
  })
  const deps = { documents, rotation, clock, log }
  return jobHandler({ rotation, runJob: (name) => runJob(deps, name), clock, log })
}

const parsed = parseRotateConfig(process.env)

export const handler = parsed.ok
  ? handlerOf(parsed.config)
  : misconfiguredJobHandler(parsed.problems, log)
