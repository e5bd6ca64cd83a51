import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import { describe, expect, test } from 'vitest'
import { standInSettings } from '../../infra/deploy/stand-in-settings.ts'
import { PodReadsBucket } from '../../infra/examples/pod-reads-bucket.ts'
import { acknowledgeFindings, nagExceptions } from '../../infra/issuer-host/nag-exceptions.ts'
import { signetApp } from '../../infra/signet-app.ts'

/** `path finding` of each, of warnings too. */
function findingsIn(app: IConstruct): string[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app)
  return violations
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${constructPath ?? ''} ${ruleName}`),
    )
    .toSorted()
}

describe('the app', () => {
  test('every finding is an exception, and every exception is found', () => {
    const { app, stack } = signetApp(standInSettings())
    const exceptions = nagExceptions(stack.host).map(
      ({ path, finding }) => `${stack.host.node.path}/${path} ${finding}`,
    )
    expect(findingsIn(app)).toEqual(exceptions.toSorted())
  })

  test.each(['signet', 'eu-2'])(
    'nothing is found beside the exceptions of deployment %s',
    (name) => {
      const { app, stack } = signetApp({ ...standInSettings(), deployment: name })
      acknowledgeFindings(stack.host, name)
      expect(findingsIn(app)).toEqual([])
    },
  )

  test('an exception is about one construct, and never about all that is below another', () => {
    const { stack } = signetApp(standInSettings())
    acknowledgeFindings(stack.host)
    const acknowledged = stack.node
      .findAll()
      .filter(({ node }) => node.metadata.some(({ type }) => type === ACKNOWLEDGED))
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(acknowledged.filter(({ node }) => node.findAll().length > 1)).toEqual([])
  })

  test('each exception has a reason of its own kind, in a sentence', () => {
    const { stack } = signetApp(standInSettings())
    const reasons = nagExceptions(stack.host).map(({ reason }) => reason)
    expect(reasons.filter((reason) => !/^[A-Za-z].{30,}\.$/.test(reason))).toEqual([])
  })
})

const ACKNOWLEDGED = Validations.ACKNOWLEDGED_RULES_METADATA_KEY

describe('the example', () => {
  const READER = 'PodReadsBucket/Trust/Reader/DefaultPolicy/Resource'
  const GRANT_READ =
    'What grantRead of the CDK gives: an example uses the words that its reader knows.'
  const EXCEPTIONS: Readonly<Record<string, string>> = {
    'PodReadsBucket/Reports/Resource AwsSolutions-S1':
      'It is an example: where logs of access go is for its reader to say.',
    [`${READER} AwsSolutions-IAM5[Action::s3:GetBucket*]`]: GRANT_READ,
    [`${READER} AwsSolutions-IAM5[Action::s3:GetObject*]`]: GRANT_READ,
    [`${READER} AwsSolutions-IAM5[Action::s3:List*]`]: GRANT_READ,
    [`${READER} AwsSolutions-IAM5[Resource::<Reports65402A0A.Arn>/*]`]:
      'The pod reads the whole bucket, which is what the example is about.',
  }

  test('nothing is found but what reading a whole bucket is, and that it logs nothing', () => {
    const stack = new PodReadsBucket(new App(), 'PodReadsBucket')
    expect(findingsIn(stack)).toEqual(Object.keys(EXCEPTIONS).toSorted())
  })
})
