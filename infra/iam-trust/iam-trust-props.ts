/**
 * What an issuer's trust and its roles are made of.
 */

import type { aws_iam as iam } from 'aws-cdk-lib'
import type { TrustedServiceAccount } from './role-problems.ts'

export interface SignetIamTrustProps {
  /**
   * The issuer identifier, exactly as tokens have it in `iss`: https, at most 255 characters, without a port, a query and a
   * slash at the end. Its documents have to be reachable from the internet when the provider is made, since IAM asks for them.
   */
  readonly issuerUrl: string
  /**
   * Audiences whose tokens AWS takes at all, 1 to 100.
   * @default ['sts.amazonaws.com']
   */
  readonly clientIds?: readonly string[]
  /**
   * SHA-1 fingerprints of certificates, at most five. Only where the issuer's certificate comes from no authority that AWS
   * knows, which those of CloudFront, Cloudflare and Let's Encrypt do.
   * @default - none: IAM goes by the authorities that it knows
   */
  readonly thumbprints?: readonly string[]
  /**
   * Tags of the provider, at most 50.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>
  /**
   * The issuer's provider where the account has one: there is one of each issuer in an account. `clientIds` are then those
   * that it has, and are only compared with `audience`.
   * @default - a provider is made
   */
  readonly existingProviderArn?: string
  /**
   * The account's quota of characters of a role's trust policy (L-C07B4B0D), of which white space is none.
   * @default 2048, which is that of every account
   */
  readonly trustPolicyCharsMax?: number
}

/** At least one of `serviceAccounts` and `subjects`. Whatever else a role has is the CDK's own. */
export interface TrustedRoleProps extends Pick<
  iam.RoleProps,
  | 'description'
  | 'inlinePolicies'
  | 'managedPolicies'
  | 'maxSessionDuration'
  | 'path'
  | 'permissionsBoundary'
  | 'roleName'
> {
  /**
   * Kubernetes service accounts whose pods may assume the role, each by its whole name.
   * @default - none
   */
  readonly serviceAccounts?: readonly TrustedServiceAccount[]
  /**
   * Subjects (`sub`) of other tokens, each as it stands in the token.
   * @default - none
   */
  readonly subjects?: readonly string[]
  /**
   * The audience (`aud`) of the tokens: one of the provider's `clientIds`.
   * @default - the provider's client id where it has one; where it has several, one has to be named
   */
  readonly audience?: string
  /**
   * Whether tokens may bring session tags (`https://aws.amazon.com/tags`): whoever may have tokens minted then chooses them.
   * @default false: STS refuses a token that has some
   */
  readonly allowSessionTags?: boolean
  /**
   * Whether tokens may set the source identity (`https://aws.amazon.com/source_identity`).
   * @default false: STS refuses a token that has one
   */
  readonly allowSourceIdentity?: boolean
}
