/**
 * Signet on AWS Lambda, what everyone may ask for: wiring alone. Its role may read documents and write nothing.
 */

import { lazyS3 } from '../../src/adapters/aws/s3-calls.ts'
import { lambdaHandler } from '../../src/adapters/lambda/lambda-handler.ts'
import { s3Store } from '../../src/adapters/storage/s3.ts'
import { misconfiguredHost } from '../../src/host/misconfigured-host.ts'
import { createPublicHost } from '../../src/host/public-side.ts'
import type { Host } from '../../src/host/host.ts'
import { publicIssuersFromDocuments } from '../../src/reading/public-issuers.ts'
import { type HttpConfig, parseHttpConfig } from './lambda-config.ts'
import { log } from '../log.ts'

function hostOf({ host: config, region, bucket, prefix }: HttpConfig): Host {
  const documents = s3Store({ calls: lazyS3({ region }), bucket, prefix })
  return createPublicHost({ config, publicIssuers: publicIssuersFromDocuments(documents), log })
}

const parsed = parseHttpConfig(process.env)
const host = parsed.ok ? hostOf(parsed.config) : misconfiguredHost(parsed.problems, log)

export const handler = lambdaHandler({
  fetch: (request, keepAlive) => host.fetch(request, keepAlive),
  log,
})
