/**
 * The trust policy of a role that tokens of one issuer may assume, as plain JSON, and its size as IAM counts it.
 *
 * IAM compares `aud` and `sub` and can compare nothing else of a token; every value is compared whole.
 */

export interface TrustedTokens {
  /** The issuer identifier. */
  readonly issuerUrl: string
  /** Of the provider, in the role's own account. */
  readonly providerArn: string
  readonly audience: string
  readonly subjects: readonly string[]
  /** What tokens may ask for besides: names of STS. */
  readonly actions: readonly string[]
}

export interface TrustStatement {
  readonly Effect: 'Allow'
  readonly Principal: { readonly Federated: string }
  readonly Action: string | readonly string[]
  readonly Condition: { readonly StringEquals: Readonly<Record<string, string | string[]>> }
}

/** What IAM names an issuer by, in the provider's ARN and in conditions: its URL without the scheme, path included. */
export function providerName(issuerUrl: string): string {
  return issuerUrl.replace(/^https:\/\//, '')
}

export function trustStatement(tokens: TrustedTokens): TrustStatement {
  const { issuerUrl, providerArn, audience, subjects, actions } = tokens
  const provider = providerName(issuerUrl)
  return {
    Effect: 'Allow',
    Principal: { Federated: providerArn },
    Action: oneOrAll(['sts:AssumeRoleWithWebIdentity', ...actions]),
    Condition: {
      StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: oneOrAll(subjects) },
    },
  }
}

/** White space does not count, wherever it stands. `tokens`: without anything that is known only later. */
export function trustPolicyChars(tokens: TrustedTokens): number {
  const policy = { Version: '2012-10-17', Statement: [trustStatement(tokens)] }
  return JSON.stringify(policy).replaceAll(/\s/g, '').length
}

/** IAM takes both, and a list of one is two characters longer. */
function oneOrAll(values: readonly string[]): string | string[] {
  const [first, ...others] = values
  return first !== undefined && others.length === 0 ? first : [...values]
}
