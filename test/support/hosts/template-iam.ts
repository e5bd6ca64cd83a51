/**
 * Who there is in a template: its roles with their access keys, the distribution, and the administrator of the account, who
 * made everything.
 */

import { statementsOfRole } from '../synthesized.ts'
import { FAKE_ACCOUNT } from '../aws/kms-fake-answers.ts'
import { FAKE_CREDENTIALS } from '../aws/kms-managers.ts'
import type { IamPolicy, IamStatement } from '../aws/iam-policy.ts'
import type { IamCaller } from '../aws/iam-world.ts'
import { type PhysicalNames, resolved, resourcesOf, type Template } from '../aws/template.ts'

/** What signs as the distribution does. */
export const DISTRIBUTION_ACCESS_KEY = 'ASIAMARKEDDISTRIBUTION'
/** Of the stores that tests have over the fake. */
const STORE_ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE'
export const ADMINISTRATOR = 'administrator'

/** By access key. */
export function callersIn(template: Template, names: PhysicalNames): Map<string, IamCaller> {
  const roles = resourcesOf(template, 'AWS::IAM::Role').map(([id]) => {
    const arn = names.attribute(id, 'Arn') ?? ''
    const Statement = resolved(statementsOfRole(template, id), names) as IamStatement[]
    const caller: IamCaller = {
      name: id,
      principal: { type: 'role', arn, account: FAKE_ACCOUNT },
      policies: [{ Statement }],
    }
    return [accessKeyOf(id), caller] as const
  })
  return new Map([
    ...roles,
    [FAKE_CREDENTIALS.accessKeyId, administrator()],
    [STORE_ACCESS_KEY, administrator()],
    [DISTRIBUTION_ACCESS_KEY, distributionIn(template, names)],
  ])
}

/** `role`: its logical id. */
export function accessKeyOf(role: string): string {
  return `ASIAMARKED${role.toUpperCase()}`
}

function administrator(): IamCaller {
  const arn = `arn:aws:iam::${FAKE_ACCOUNT}:role/marked-administrator`
  const Statement: IamStatement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }]
  return {
    name: ADMINISTRATOR,
    principal: { type: 'role', arn, account: FAKE_ACCOUNT },
    policies: [{ Statement }],
  }
}

function distributionIn(template: Template, names: PhysicalNames): IamCaller {
  const [id = ''] = resourcesOf(template, 'AWS::CloudFront::Distribution').map(([each]) => each)
  return {
    name: 'distribution',
    principal: {
      type: 'service',
      name: 'cloudfront.amazonaws.com',
      source: `arn:aws:cloudfront::${FAKE_ACCOUNT}:distribution/${names.ref(id)}`,
    },
    policies: [],
  }
}

/** By bucket. */
export function bucketPoliciesIn(
  template: Template,
  names: PhysicalNames,
): Readonly<Record<string, IamPolicy>> {
  const policies = resourcesOf(template, 'AWS::S3::BucketPolicy').map(([, { Properties }]) => {
    const { Bucket, PolicyDocument } = resolved(Properties, names) as {
      readonly Bucket: string
      readonly PolicyDocument: IamPolicy
    }
    return [Bucket, PolicyDocument] as const
  })
  return Object.fromEntries(policies)
}
