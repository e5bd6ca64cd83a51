/**
 * The functions as the synthesized template deploys them: the code that it points at and the environment that it sets, with
 * names for what AWS would name, and with where the services are that stand in for those of AWS.
 */

import { type LambdaName, writeLambdaBundles } from '../../functions/bundle.ts'
import { synthesized, TEST_SETTINGS } from '../../test/support/synthesized.ts'
import { FAKE_REGION } from '../../test/support/aws/kms-fake.ts'
import { FAKE_CREDENTIALS, newWrappingKey } from '../../test/support/aws/kms-managers.ts'
import { namesFor } from '../../test/support/aws/template-names.ts'
import type { S3Fake } from '../../test/support/aws/s3-fake.ts'
import { resolved, resourcesOf, type Template } from '../../test/support/aws/template.ts'
import { type Aws, DEPLOYMENT } from '../aws-seed.ts'
import { HOST_NAME } from '../host-name.ts'

export interface DeployedFunction {
  /** Where its bundle is, `index.mjs`. */
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
}

/** Builds the bundles first, so that what is measured is what is there. */
export async function deployedFunctions({
  s3,
  kms,
}: Pick<Aws, 's3' | 'kms'>): Promise<(name: LambdaName) => DeployedFunction> {
  await writeLambdaBundles()
  const settings = { ...TEST_SETTINGS, domainNames: [HOST_NAME], deployment: DEPLOYMENT }
  const deployed = await synthesized(settings)
  const { template } = deployed
  const wrappingKey = await newWrappingKey(kms.url)
  const names = namesFor(template, {
    buckets: bucketsOf(template, s3),
    keys: new Map(resourcesOf(template, 'AWS::KMS::Key').map(([id]) => [id, wrappingKey])),
  })
  return (name) => ({
    directory: deployed.assetDirectory(name),
    env: {
      ...(resolved(deployed.functionNamed(name).environment, names) as Record<string, string>),
      AWS_REGION: FAKE_REGION,
      AWS_ACCESS_KEY_ID: FAKE_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: FAKE_CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_KMS: kms.url,
    },
  })
}

/** The one that is versioned has the documents. */
function bucketsOf(template: Template, { bucket, copiesBucket }: S3Fake): Record<string, string> {
  const entries = resourcesOf(template, 'AWS::S3::Bucket').map(([id, { Properties = {} }]) => [
    id,
    'VersioningConfiguration' in Properties ? bucket : copiesBucket,
  ])
  return Object.fromEntries(entries) as Record<string, string>
}
