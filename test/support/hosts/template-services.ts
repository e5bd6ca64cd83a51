/**
 * The services that a template is deployed to: fakes of S3, KMS and Lambda that apply its IAM, with its buckets and its
 * wrapping key made.
 */

import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import type { Template } from '../aws/template.ts'
import type { Guard } from '../aws/fake-service.ts'
import { kmsGuard, lambdaGuard, s3Guard } from '../aws/iam-guards.ts'
import { type IamWorld, iamWorld } from '../aws/iam-world.ts'
import { FAKE_ACCOUNT, FAKE_REGION, type KmsFake, startKmsFake } from '../aws/kms-fake.ts'
import { FAKE_CREDENTIALS } from '../aws/kms-managers.ts'
import { type LambdaFake, startLambdaFake } from '../aws/lambda-fake.ts'
import { S3_FAKE_BUCKET, S3_FAKE_COPIES_BUCKET } from '../aws/s3-fake-answers.ts'
import { type S3Fake, startS3Fake } from '../aws/s3-fake.ts'
import { type PhysicalNames, resolved, resourcesOf } from '../aws/template.ts'
import { namesFor } from '../aws/template-names.ts'
import { bucketPoliciesIn, callersIn } from './template-iam.ts'

export interface TemplateServices {
  readonly names: PhysicalNames
  readonly iam: IamWorld
  readonly s3: S3Fake
  readonly kms: KmsFake
  readonly lambda: LambdaFake
  /** Stands before S3 from then on, behind IAM; `undefined`: nothing does. */
  readonly interpose: (guard: Guard | undefined) => void
  close(): Promise<void>
}

export interface TemplateServicesOptions {
  readonly template: Template
  /** Logical id of the one function that may be invoked. */
  readonly invoked: string
  readonly run: (event: unknown) => Promise<unknown>
}

export async function startTemplateServices({
  template,
  invoked,
  run,
}: TemplateServicesOptions): Promise<TemplateServices> {
  const keys = new Map<string, string>()
  const names = namesFor(template, { buckets: bucketsOf(template), keys })
  let guards: Guards | undefined
  let interposed: Guard | undefined
  const late =
    (which: keyof Guards): Guard =>
    (operation, request, perform) =>
      guards?.[which](operation, request, perform) ?? perform()
  const s3Late: Guard = (operation, request, perform) =>
    late('s3')(
      operation,
      request,
      async () => interposed?.(operation, request, perform) ?? perform(),
    )
  const [s3, kms, lambda] = await Promise.all([
    startS3Fake({
      bucket: S3_FAKE_BUCKET,
      copiesBucket: S3_FAKE_COPIES_BUCKET,
      guard: s3Late,
    }),
    startKmsFake({ guard: late('kms') }),
    startLambdaFake({ functionName: names.ref(invoked) ?? '', run, guard: late('lambda') }),
  ])
  await makeKeys(template, { names, keys, url: kms.url })
  const iam = iamWorld(callersIn(template, names))
  guards = guardsOver(iam, { template, names, kms, invoked })
  const close = async () => {
    await Promise.all([s3.close(), kms.close(), lambda.close()])
  }
  const interpose: TemplateServices['interpose'] = (guard) => {
    interposed = guard
  }
  return { names, iam, s3, kms, lambda, interpose, close }
}

type Guards = Readonly<Record<'s3' | 'kms' | 'lambda', Guard>>

interface Guarded extends Pick<TemplateServicesOptions, 'template' | 'invoked'> {
  readonly names: PhysicalNames
  readonly kms: KmsFake
}

function guardsOver(iam: IamWorld, { template, names, kms, invoked }: Guarded): Guards {
  const keyNamed = (name: string) =>
    kms.keys().find(({ arn, keyId }) => arn === name || keyId === name)
  return {
    s3: s3Guard(iam, bucketPoliciesIn(template, names)),
    kms: kmsGuard(iam, { keyNamed, account: `arn:aws:kms:${FAKE_REGION}:${FAKE_ACCOUNT}` }),
    lambda: lambdaGuard(iam, () => names.attribute(invoked, 'Arn') ?? ''),
  }
}

/** The one that is versioned has the documents. */
function bucketsOf(template: Template): Readonly<Record<string, string>> {
  const buckets = resourcesOf(template, 'AWS::S3::Bucket').map(
    ([id, { Properties = {} }]) =>
      [
        id,
        'VersioningConfiguration' in Properties ? S3_FAKE_BUCKET : S3_FAKE_COPIES_BUCKET,
      ] as const,
  )
  const made = new Set(buckets.map(([, name]) => name))
  if (buckets.length !== 2 || made.size !== 2) throw new TypeError('there are not two buckets')
  return Object.fromEntries(buckets)
}

async function makeKeys(
  template: Template,
  made: { readonly names: PhysicalNames; readonly keys: Map<string, string>; readonly url: string },
): Promise<void> {
  const { names, keys, url: endpoint } = made
  const client = new KMSClient({ region: FAKE_REGION, endpoint, credentials: FAKE_CREDENTIALS })
  for (const [id, { Properties = {} }] of resourcesOf(template, 'AWS::KMS::Key')) {
    const { KeyPolicy, Tags = [] } = Properties
    const tags = Tags as readonly { readonly Key: string; readonly Value: string }[]
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Policy: JSON.stringify(resolved(KeyPolicy, names)),
        // CloudFormation acts for an administrator, of whom the fake does not know that the policy lets him change it.
        BypassPolicyLockoutSafetyCheck: true,
        Tags: tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })),
      }),
    )
    keys.set(id, KeyMetadata?.Arn ?? '')
  }
  client.destroy()
}
