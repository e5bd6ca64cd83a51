/**
 * The one stack of a deployment to AWS: an issuer host, where its alarms go, and what its operator needs to know of it.
 *
 * Termination protection is on: what is in it are issuers that others trust. What holds state outlives the stack.
 */

import {
  Aws,
  aws_iam as iam,
  aws_route53 as route53,
  aws_sns as sns,
  aws_sns_subscriptions as subscriptions,
  CfnOutput,
  Stack,
  type StackProps,
  Tags,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { SignetIssuerHost } from './issuer-host/issuer-host.ts'
import type { SignetIssuerHostProps } from './issuer-host/issuer-host-props.ts'

export interface SignetStackProps extends StackProps {
  readonly host: Omit<SignetIssuerHostProps, 'hostedZone' | 'alarmTopic'>
  /**
   * The public zone of the domain names.
   * @default none: make their records elsewhere
   */
  readonly hostedZone?: HostedZone | undefined
  /**
   * Hears of alarms, once its owner has confirmed that.
   * @default none: subscribe to the topic otherwise
   */
  readonly alarmEmail?: string | undefined
}

export interface HostedZone {
  readonly id: string
  readonly name: string
}

export class SignetStack extends Stack {
  readonly host: SignetIssuerHost
  readonly alarmTopic: sns.Topic

  constructor(scope: Construct, id: string, props: SignetStackProps) {
    const { host, hostedZone, alarmEmail, ...stackProps } = props
    super(scope, id, {
      description: 'Signet: OpenID Connect issuers',
      terminationProtection: true,
      analyticsReporting: false,
      ...stackProps,
    })
    this.alarmTopic = alarmTopic(this, alarmEmail)
    this.host = new SignetIssuerHost(this, 'Host', {
      ...host,
      alarmTopic: this.alarmTopic,
      hostedZone: hostedZone && zoneOf(this, hostedZone),
    })
    // Never `signet:deployment`: by that tag the function that rotates knows the keys it may destroy.
    Tags.of(this).add('application', 'signet')
    this.tell()
  }

  /** No ARNs: they have the account in them, and outputs are printed. */
  private tell(): void {
    const { publicUrl, controlUrl, distribution, documents, staticCopies } = this.host
    const { functions, logGroups } = this.host
    const outputs = {
      PublicUrl: [publicUrl, 'Below which new issuers are made'],
      ControlUrl: [controlUrl, 'Of the control API, for callers whom IAM allows it'],
      DistributionDomain: [
        distribution.distributionDomainName,
        'What the domain names must be aliases or CNAMEs of',
      ],
      DistributionId: [
        distribution.distributionId,
        'Of CloudFront, to invalidate what it has cached',
      ],
      DocumentsBucket: [documents.bucketName, 'Where the state is'],
      StaticCopiesBucket: [staticCopies.bucketName, 'What CloudFront falls back to'],
      RotateFunction: [functions.rotate.functionName, 'What rotates, to be stopped or started'],
      RotateLog: [logGroups.rotate.logGroupName, 'Log group of what it did'],
      AlarmTopic: [this.alarmTopic.topicName, 'What hears of alarms'],
    } as const
    for (const [name, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value, description })
    }
  }
}

/** Not encrypted by KMS: alarms about KMS must not need it, and they tell no secrets. */
function alarmTopic(scope: Construct, email: string | undefined): sns.Topic {
  const topic = new sns.Topic(scope, 'Alarms', { displayName: 'Signet', enforceSSL: true })
  // A policy takes the place of the default one, by which alarms of the account may publish.
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsPublish',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  )
  if (email !== undefined) topic.addSubscription(new subscriptions.EmailSubscription(email))
  return topic
}

function zoneOf(scope: Construct, { id, name }: HostedZone): route53.IHostedZone {
  return route53.HostedZone.fromHostedZoneAttributes(scope, 'Zone', {
    hostedZoneId: id,
    zoneName: name,
  })
}
