/**
 * An issuer host on AWS: documents in S3, three functions with a role each, an API for everyone behind CloudFront, and one for
 * operators that is not.
 *
 * This is how its parts know each other; what each is, it says itself. Roles are made first and policies last: keys and
 * functions name roles, and what roles may do names keys and functions.
 */

import {
  type aws_cloudfront as cloudfront,
  type aws_iam as iam,
  type aws_lambda as lambda,
  type aws_logs as logs,
  type aws_s3 as s3,
  type aws_sqs as sqs,
  Fn,
  Token,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { KeyCustody } from '../../src/signers/key-manager.ts'
import { IssuerAlarms } from './alarms.ts'
import { ControlApi } from './control-api.ts'
import { IssuerDistribution } from './distribution.ts'
import { aliasRecords } from './dns.ts'
import { DocumentsBucket } from './documents-bucket.ts'
import { LAMBDA_NAMES, type OfEachFunction, ofEachFunction } from './each-function.ts'
import { type HostFacts, HostFunctions } from './functions.ts'
import { ISSUER_HOST_DEFAULTS, type SignetIssuerHostProps } from './issuer-host-props.ts'
import { propsProblems } from './props-problems.ts'
import { PublicApi } from './public-api.ts'
import { FunctionRoles, RolePermissions } from './roles.ts'
import { deadLetterQueue, Schedules } from './schedules.ts'
import { StaticCopiesBucket } from './static-copies-bucket.ts'
import { WrappingKey } from './wrapping-key.ts'

export class SignetIssuerHost extends Construct {
  /** Below which new issuers are made. */
  readonly publicUrl: string
  /** Where operators' tools ask, signed for the service `execute-api`. */
  readonly controlUrl: string
  readonly documents: s3.IBucket
  readonly staticCopies: s3.IBucket
  readonly roles: OfEachFunction<iam.Role>
  readonly functions: OfEachFunction<lambda.Function>
  readonly logGroups: OfEachFunction<logs.LogGroup>
  /** `undefined` without custody `kms-wrapped`. */
  readonly wrappingKeyArn: string | undefined
  /** Runs that were given up. */
  readonly deadLetters: sqs.Queue
  readonly publicApi: PublicApi
  readonly controlApi: ControlApi
  readonly distribution: cloudfront.Distribution
  readonly alarms: IssuerAlarms

  /** Throws a `TypeError` that says everything that is wrong with `props`. */
  constructor(scope: Construct, id: string, props: SignetIssuerHostProps) {
    super(scope, id)
    const problems = propsProblems(props)
    if (problems.length > 0) throw new TypeError(problems.join('\n'))
    const {
      deployment = ISSUER_HOST_DEFAULTS.deployment,
      wrappedKeys = ISSUER_HOST_DEFAULTS.wrappedKeys,
      noncurrentDocumentDays = ISSUER_HOST_DEFAULTS.noncurrentDocumentDays,
      rotationMinutes = ISSUER_HOST_DEFAULTS.rotationMinutes,
    } = props
    const { bucketNames, throttle, logRetention } = props

    this.publicUrl = `https://${firstOf(props.domainNames)}`
    const { roles } = new FunctionRoles(this, 'Roles')
    this.roles = roles
    this.documents = new DocumentsBucket(this, 'Documents', {
      deployment,
      noncurrentDocumentDays,
      name: bucketNames?.documents,
    }).bucket
    this.staticCopies = new StaticCopiesBucket(this, 'StaticCopies', {
      name: bucketNames?.staticCopies,
      writerRoleArn: roles.rotate.roleArn,
    }).bucket
    this.wrappingKeyArn = wrappedKeys
      ? new WrappingKey(this, 'WrappingKey', { deployment, roles }).keyArn
      : undefined
    this.deadLetters = deadLetterQueue(this, 'DeadLetters')
    const { functions, logGroups } = new HostFunctions(this, 'Functions', {
      roles,
      bundles: props.bundles,
      functions: props.functions,
      logRetention,
      facts: this.facts(deployment, props.defaultCustody),
    })
    this.functions = functions
    this.logGroups = logGroups
    this.allow(deployment)
    this.publicApi = new PublicApi(this, 'PublicApi', {
      deployment,
      http: functions.http,
      throttle,
    })
    this.controlApi = new ControlApi(this, 'ControlApi', {
      deployment,
      control: functions.control,
      throttle,
      logRetention,
    })
    this.controlUrl = this.controlApi.api.apiEndpoint
    new Schedules(this, 'Schedules', {
      rotate: functions.rotate,
      rotationMinutes,
      deadLetters: this.deadLetters,
    })
    this.distribution = this.publish(props)
    this.alarms = this.watch(deployment, props)
  }

  private facts(deployment: string, defaultCustody: KeyCustody | undefined): HostFacts {
    return {
      publicUrl: this.publicUrl,
      deployment,
      documentsBucket: this.documents.bucketName,
      staticCopiesBucket: this.staticCopies.bucketName,
      wrappingKeyArn: this.wrappingKeyArn,
      defaultCustody,
    }
  }

  private allow(deployment: string): void {
    const { roles, functions, logGroups } = this
    const { policies } = new RolePermissions(this, 'Permissions', {
      roles,
      deployment,
      documentsBucketArn: this.documents.bucketArn,
      staticCopiesBucketArn: this.staticCopies.bucketArn,
      wrappingKeyArn: this.wrappingKeyArn,
      logGroupNames: ofEachFunction((name) => logGroups[name].logGroupName),
      rotateFunctionArn: functions.rotate.functionArn,
      deadLetterQueueArn: this.deadLetters.queueArn,
    })
    // A function that is made or changed runs with what it may do by then.
    for (const name of LAMBDA_NAMES) functions[name].node.addDependency(policies[name])
  }

  private publish(props: SignetIssuerHostProps): cloudfront.Distribution {
    const { domainNames, certificateArn, priceClass, accessLogs, webAclArn, hostedZone } = props
    const { fallbackOnThrottling } = props
    const { distribution } = new IssuerDistribution(this, 'Cdn', {
      domainNames,
      certificateArn,
      publicApiDomain: this.publicApi.domainName,
      staticCopies: this.staticCopies,
      fallbackOnThrottling,
      priceClass,
      accessLogs,
      webAclArn,
    })
    if (hostedZone !== undefined) aliasRecords(this, { distribution, domainNames, hostedZone })
    return distribution
  }

  private watch(deployment: string, props: SignetIssuerHostProps): IssuerAlarms {
    return new IssuerAlarms(this, 'Alarms', {
      deployment,
      functions: this.functions,
      logGroups: this.logGroups,
      publicApi: this.publicApi.api,
      controlApi: this.controlApi.api,
      deadLetters: this.deadLetters,
      topic: props.alarmTopic,
      thresholds: props.alarmThresholds,
    })
  }
}

function firstOf(domainNames: readonly string[]): string {
  // CloudFormation knows the list, and the CDK does not.
  return Token.isUnresolved(domainNames) ? Fn.select(0, [...domainNames]) : (domainNames[0] ?? '')
}
