/**
 * The roles of the three functions, each with its statements and no others.
 *
 * Keys of KMS name the roles that may sign with them, and KMS remembers a role and not its name: one that is replaced is
 * locked out of every key made before. So roles are made first, depend on nothing, outlive the stack, and keep their logical
 * ids; what they may do comes later, as resources of its own.
 */

import { Aws, aws_iam as iam, RemovalPolicy } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import {
  controlStatements,
  httpStatements,
  rotateStatements,
} from '../../src/adapters/aws/permissions/function-roles.ts'
import {
  type IamStatement,
  policyDocument,
} from '../../src/adapters/aws/permissions/iam-statement.ts'
import { constructId, type OfEachFunction, ofEachFunction } from './each-function.ts'

export class FunctionRoles extends Construct {
  readonly roles: OfEachFunction<iam.Role>

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.roles = ofEachFunction((name) => {
      const role = new iam.Role(this, constructId(name), {
        assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
        description: DESCRIPTIONS[name],
      })
      role.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
      return role
    })
  }
}

const DESCRIPTIONS: OfEachFunction<string> = {
  http: 'Signet: reads documents and signs tokens',
  control: 'Signet: writes documents, signs tokens for operators, asks for rotations',
  rotate: 'Signet: makes, disables and destroys its own keys, and writes static copies',
}

export interface RolePermissionsProps {
  readonly roles: OfEachFunction<iam.Role>
  readonly deployment: string
  readonly documentsBucketArn: string
  readonly staticCopiesBucketArn: string
  readonly wrappingKeyArn: string | undefined
  readonly logGroupNames: OfEachFunction<string>
  readonly rotateFunctionArn: string
  readonly deadLetterQueueArn: string
}

export class RolePermissions extends Construct {
  readonly policies: OfEachFunction<iam.CfnPolicy>

  constructor(scope: Construct, id: string, props: RolePermissionsProps) {
    super(scope, id)
    const statements = statementsOf(props)
    this.policies = ofEachFunction(
      (name) =>
        // Not the construct of the CDK, which merges statements as it sees fit.
        new iam.CfnPolicy(this, constructId(name), {
          policyName: `signet-${name}`,
          policyDocument: policyDocument(statements[name]),
          roles: [props.roles[name].roleName],
        }),
    )
  }
}

function statementsOf(props: RolePermissionsProps): OfEachFunction<readonly IamStatement[]> {
  const { deployment, logGroupNames, rotateFunctionArn } = props
  const { staticCopiesBucketArn, deadLetterQueueArn } = props
  const common = {
    place: {
      partition: Aws.PARTITION,
      region: Aws.REGION,
      account: Aws.ACCOUNT_ID,
      deployment,
    },
    documentsBucketArn: props.documentsBucketArn,
    wrappingKeyArn: props.wrappingKeyArn,
  }
  const { http, control, rotate } = logGroupNames
  return {
    http: httpStatements({ ...common, logGroupName: http }),
    control: controlStatements({ ...common, logGroupName: control, rotateFunctionArn }),
    rotate: rotateStatements({
      ...common,
      logGroupName: rotate,
      staticCopiesBucketArn,
      deadLetterQueueArn,
    }),
  }
}
