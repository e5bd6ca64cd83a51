/**
 * Bearers of an issuer's tokens as the CDK's principal, so that a role has the very statement that was counted.
 */

import { aws_iam as iam } from 'aws-cdk-lib'
import { type TrustedTokens, trustStatement } from './trust-policy.ts'

export class WebIdentity extends iam.FederatedPrincipal {
  readonly #tokens: TrustedTokens

  constructor(tokens: TrustedTokens) {
    const { Condition } = trustStatement(tokens)
    super(tokens.providerArn, { ...Condition }, 'sts:AssumeRoleWithWebIdentity')
    this.#tokens = tokens
  }

  /** One statement for every action: the CDK would repeat it for each. */
  override addToAssumeRolePolicy(document: iam.PolicyDocument): void {
    document.addStatements(iam.PolicyStatement.fromJson(trustStatement(this.#tokens)))
  }
}
