/**
 * The three functions, each with a role and a log group of its own, and what each is configured with.
 *
 * Nothing in an environment is secret: what is, KMS keeps.
 */

import {
  type aws_iam as iam,
  aws_lambda as lambda,
  type aws_logs as logs,
  Duration,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { dirname } from 'node:path'
import { LAMBDA_BUNDLES, type LambdaName } from '../../functions/bundle.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'
import { constructId, type OfEachFunction, ofEachFunction } from './each-function.ts'
import { FUNCTION_DEFAULTS, type SignetIssuerHostProps } from './issuer-host-props.ts'
import { keptLog } from './kept-log.ts'

/** What functions are told of the rest of the host. */
export interface HostFacts {
  readonly publicUrl: string
  readonly deployment: string
  readonly documentsBucket: string
  readonly staticCopiesBucket: string
  /** `undefined` without custody `kms-wrapped`. */
  readonly wrappingKeyArn: string | undefined
  /** `undefined`: as the functions see fit. */
  readonly defaultCustody: KeyCustody | undefined
}

export interface HostFunctionsProps extends Pick<
  SignetIssuerHostProps,
  'bundles' | 'functions' | 'logRetention'
> {
  readonly roles: OfEachFunction<iam.Role>
  readonly facts: HostFacts
}

type Environment = Readonly<Record<string, string | undefined>>

export class HostFunctions extends Construct {
  readonly functions: OfEachFunction<lambda.Function>
  readonly logGroups: OfEachFunction<logs.LogGroup>

  constructor(scope: Construct, id: string, props: HostFunctionsProps) {
    super(scope, id)
    const { roles, facts, logRetention } = props
    this.logGroups = ofEachFunction((name) =>
      keptLog(this, `${constructId(name)}Log`, logRetention),
    )
    const make = (name: LambdaName, environment: Environment) =>
      new lambda.Function(this, constructId(name), {
        ...sizeOf(name, props),
        description: DESCRIPTIONS[name],
        runtime: lambda.Runtime.NODEJS_24_X,
        architecture: lambda.Architecture.ARM_64,
        handler: 'index.handler',
        code: props.bundles?.[name] ?? lambda.Code.fromAsset(dirname(LAMBDA_BUNDLES[name])),
        // As it is: what it may do is said in one place, and by no grant of a construct.
        role: roles[name].withoutPolicyUpdates(),
        logGroup: this.logGroups[name],
        // Said, since an account may have another default: AWS's JSON would wrap each of our lines into a text, and nothing
        // would be found in its fields.
        loggingFormat: lambda.LoggingFormat.TEXT,
        environment: given(environment),
      })
    const rotate = make('rotate', rotateEnvironment(facts, roles))
    this.functions = {
      http: make('http', httpEnvironment(facts)),
      control: make('control', controlEnvironment(facts, rotate.functionName)),
      rotate,
    }
  }
}

const DESCRIPTIONS: OfEachFunction<string> = {
  http: 'Signet: public documents and token exchange',
  control: 'Signet: control API, for callers whom IAM allows it',
  rotate: 'Signet: rotation of key rings, and sweeps',
}

function sizeOf(
  name: LambdaName,
  { functions }: HostFunctionsProps,
): Pick<
  lambda.FunctionProps,
  'functionName' | 'memorySize' | 'timeout' | 'reservedConcurrentExecutions'
> {
  const { memoryMb, timeoutSeconds } = FUNCTION_DEFAULTS[name]
  const chosen = functions?.[name] ?? {}
  return {
    memorySize: chosen.memoryMb ?? memoryMb,
    timeout: Duration.seconds(chosen.timeoutSeconds ?? timeoutSeconds),
    ...(chosen.name !== undefined && { functionName: chosen.name }),
    ...(chosen.concurrency !== undefined && { reservedConcurrentExecutions: chosen.concurrency }),
  }
}

function commonEnvironment(facts: HostFacts): Environment {
  return {
    PUBLIC_URL: facts.publicUrl,
    DEPLOYMENT: facts.deployment,
    DOCUMENTS_BUCKET: facts.documentsBucket,
    KMS_WRAPPING_KEY: facts.wrappingKeyArn,
  }
}

function httpEnvironment(facts: HostFacts): Environment {
  // As the viewer-request function of the CDN rewrites paths.
  return { ...commonEnvironment(facts), HOST_IN_PATH: 'true' }
}

function controlEnvironment(facts: HostFacts, rotateFunction: string): Environment {
  return {
    ...commonEnvironment(facts),
    DEFAULT_CUSTODY: facts.defaultCustody,
    ROTATE_FUNCTION: rotateFunction,
    STATIC_COPIES_BUCKET: facts.staticCopiesBucket,
  }
}

function rotateEnvironment(facts: HostFacts, roles: OfEachFunction<iam.Role>): Environment {
  const signers = [roles.http, roles.control, roles.rotate].map(({ roleArn }) => roleArn)
  return {
    ...commonEnvironment(facts),
    KMS_SIGNERS: signers.join(','),
    STATIC_COPIES_BUCKET: facts.staticCopiesBucket,
  }
}

function given(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}
