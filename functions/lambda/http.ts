/**
 * Signet on AWS Lambda, what everyone may ask for: wiring alone. Its role may read documents and sign, and write nothing.
 */

import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { lazyS3 } from '../../src/adapters/aws/s3-calls.ts'
import { lambdaHandler } from '../../src/adapters/lambda/lambda-handler.ts'
import { kmsKeyManagers } from '../../src/adapters/signers/kms-key-managers.ts'
import { s3Store } from '../../src/adapters/storage/s3.ts'
import { misconfiguredHost } from '../../src/host/misconfigured-host.ts'
import { createPublicHost } from '../../src/host/public-side.ts'
import type { Host } from '../../src/host/host.ts'
import { publicIssuersFromDocuments } from '../../src/reading/public-issuers.ts'
import { parseHttpConfig, type PublicConfig } from './lambda-config.ts'
import { log } from './log.ts'
import { nodeSha256 } from './node-sha256.ts'
import { publicFetch } from './public-fetch.ts'

function hostOf({ host: config, region, bucket, prefix, wrappingKey }: PublicConfig): Host {
  const documents = s3Store({ calls: lazyS3({ region }), bucket, prefix })
  const keyManagers = kmsKeyManagers({
    kms: retryingKms(kmsOverSdk({ region }), { log }),
    deployment: config.deployment,
    signers: undefined,
    wrappingKey,
    // No key is made here.
    defaultCustody: 'kms',
  })
  return createPublicHost({
    config,
    publicIssuers: publicIssuersFromDocuments(documents),
    exchange: { documents, keyManagers, fetch: publicFetch, sha256: nodeSha256 },
    log,
  })
}

const parsed = parseHttpConfig(process.env)
const host = parsed.ok ? hostOf(parsed.config) : misconfiguredHost(parsed.problems, log)

export const handler = lambdaHandler({
  fetch: (request, keepAlive) => host.fetch(request, keepAlive),
  log,
  hostSource: parsed.ok && parsed.config.hostInPath ? 'path' : 'event',
})
