/**
 * A stack with a trust in it, and what CloudFormation would be given of it.
 */

import { App, Aws, Stack, type StackProps } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { SignetIamTrust } from '../../infra/iam-trust/iam-trust.ts'
import type {
  SignetIamTrustProps,
  TrustedRoleProps,
} from '../../infra/iam-trust/iam-trust-props.ts'

export const ISSUER = 'https://oidc.signet.internal/prod'
/** What is known at deployment alone. */
export const LATER = Aws.STACK_NAME

export interface TrustStack {
  readonly stack: Stack
  readonly trust: SignetIamTrust
}

export function trustStack(
  props: Partial<SignetIamTrustProps> = {},
  stackProps: StackProps = {},
): TrustStack {
  const app = new App({ analyticsReporting: false })
  const stack = new Stack(app, 'Stack', stackProps)
  return { stack, trust: new SignetIamTrust(stack, 'Trust', { issuerUrl: ISSUER, ...props }) }
}

export function templateOf({ stack }: TrustStack): Template {
  return Template.fromStack(stack)
}

export interface TrustPolicy {
  readonly Version: string
  readonly Statement: readonly {
    readonly Action: string | readonly string[]
    readonly Principal: { readonly Federated: unknown }
    readonly Condition: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>
  }[]
}

/** Of the only role of a stack that has one. */
export function trustPolicyOf(props: TrustedRoleProps, made = trustStack()): TrustPolicy {
  made.trust.role('Role', props)
  const [role] = Object.values(templateOf(made).findResources('AWS::IAM::Role'))
  return role?.['Properties']?.AssumeRolePolicyDocument as TrustPolicy
}
