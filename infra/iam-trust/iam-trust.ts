/**
 * An issuer that an AWS account trusts, and roles for bearers of its tokens.
 *
 * Needs nothing of the issuer's own stack, account or app: the issuer is known by its URL alone. What IAM would refuse, or
 * accept and never match, is refused at synthesis.
 */

import { aws_iam as iam, region_info as regionInfo, Stack, Token } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { providerProblems } from './provider-problems.ts'
import type { SignetIamTrustProps, TrustedRoleProps } from './iam-trust-props.ts'
import { roleProblems, subjectsOf } from './role-problems.ts'
import { providerName, type TrustedTokens, trustPolicyChars } from './trust-policy.ts'
import { WebIdentity } from './web-identity.ts'

const DEFAULT_CLIENT_IDS = ['sts.amazonaws.com']
const TRUST_POLICY_CHARS = { default: 2048, max: 4096 } as const
/** No partition has a longer name: where it is not known yet, the policy is counted as it is at worst. */
const LONGEST_PARTITION = 'aws-us-gov'
/** As long as every account. */
const ANY_ACCOUNT = '0'.repeat(12)

/**
 * ```ts
 * const trust = new SignetIamTrust(this, 'Trust', { issuerUrl: 'https://oidc.your-domain/prod' })
 * const role = trust.role('Reports', { serviceAccounts: [{ namespace: 'reports', name: 'reader' }] })
 * bucket.grantRead(role)
 * ```
 *
 * A pod of a cluster that has this issuer then needs the role's ARN and a token for the audience; every SDK finds both:
 *
 * ```yaml
 * spec:
 *   serviceAccountName: reader
 *   containers:
 *     - name: app
 *       env:
 *         - { name: AWS_ROLE_ARN, value: <role.roleArn> }
 *         - { name: AWS_WEB_IDENTITY_TOKEN_FILE, value: /var/run/secrets/aws/token }
 *       volumeMounts:
 *         - { name: aws-token, mountPath: /var/run/secrets/aws, readOnly: true }
 *   volumes:
 *     - name: aws-token
 *       projected:
 *         sources:
 *           - serviceAccountToken: { path: token, audience: sts.amazonaws.com, expirationSeconds: 3600 }
 * ```
 *
 * Throws `TypeError` with a sentence for each thing that is wrong.
 */
export class SignetIamTrust extends Construct {
  /** Of the provider in IAM. */
  readonly providerArn: string
  /** The issuer's URL without its scheme: what conditions of IAM begin with. */
  readonly providerName: string
  readonly issuerUrl: string
  readonly clientIds: readonly string[]
  readonly #trustPolicyCharsMax: number
  readonly #countedProviderArn: string

  constructor(scope: Construct, id: string, props: SignetIamTrustProps) {
    super(scope, id)
    const { issuerUrl, clientIds = DEFAULT_CLIENT_IDS, existingProviderArn } = props
    const { trustPolicyCharsMax = TRUST_POLICY_CHARS.default } = props
    throwIfWrong(this.node.path, [
      ...providerProblems({ ...props, clientIds }),
      ...quotaProblems(trustPolicyCharsMax),
    ])
    this.issuerUrl = issuerUrl
    this.providerName = providerName(issuerUrl)
    this.clientIds = [...clientIds]
    this.providerArn = existingProviderArn ?? newProvider(this, { ...props, clientIds }).attrArn
    this.#trustPolicyCharsMax = trustPolicyCharsMax
    this.#countedProviderArn = countedArn(this, existingProviderArn, this.providerName)
  }

  /** A role that bearers of the issuer's tokens may assume. `id`: of the construct; any number of them. */
  role(id: string, props: TrustedRoleProps): iam.Role {
    const { audience, allowSessionTags, allowSourceIdentity } = props
    const path = `${this.node.path}/${id}`
    throwIfWrong(path, roleProblems(props, this.clientIds))
    const tokens: TrustedTokens = {
      issuerUrl: this.issuerUrl,
      providerArn: this.providerArn,
      audience: audience ?? this.clientIds[0] ?? '',
      subjects: subjectsOf(props),
      actions: [
        ...(allowSessionTags === true ? ['sts:TagSession'] : []),
        ...(allowSourceIdentity === true ? ['sts:SetSourceIdentity'] : []),
      ],
    }
    this.#throwIfTooLong(path, tokens)
    // Of the rest the CDK takes what it knows.
    return new iam.Role(this, id, { ...props, assumedBy: new WebIdentity(tokens) })
  }

  #throwIfTooLong(path: string, tokens: TrustedTokens): void {
    const chars = trustPolicyChars({ ...tokens, providerArn: this.#countedProviderArn })
    const max = this.#trustPolicyCharsMax
    if (chars <= max) return
    throwIfWrong(path, [
      `the trust policy must have at most ${max} characters as IAM counts them, got ${chars} for ${tokens.subjects.length} subjects: make several roles, or have the quota L-C07B4B0D raised and say so by trustPolicyCharsMax`,
    ])
  }
}

function newProvider(
  scope: Construct,
  { issuerUrl, clientIds = [], thumbprints = [], tags = {} }: SignetIamTrustProps,
): iam.CfnOIDCProvider {
  return new iam.CfnOIDCProvider(scope, 'Provider', {
    url: issuerUrl,
    clientIdList: [...clientIds],
    ...(thumbprints.length > 0 && { thumbprintList: [...thumbprints] }),
    ...(Object.keys(tags).length > 0 && {
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    }),
  })
}

function quotaProblems(charsMax: number): readonly string[] {
  const { default: min, max } = TRUST_POLICY_CHARS
  if (Number.isInteger(charsMax) && charsMax >= min && charsMax <= max) return []
  return [
    `trustPolicyCharsMax must be a whole number from ${min} to ${max} (IAM raises the quota no further), got ${charsMax}`,
  ]
}

/** As long as the ARN will be. */
function countedArn(scope: Construct, existing: string | undefined, name: string): string {
  if (existing !== undefined && !Token.isUnresolved(existing)) return existing
  const { region } = Stack.of(scope)
  const known = Token.isUnresolved(region) ? undefined : regionInfo.RegionInfo.get(region).partition
  return `arn:${known ?? LONGEST_PARTITION}:iam::${ANY_ACCOUNT}:oidc-provider/${name}`
}

function throwIfWrong(path: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new TypeError(`${path}: ${problems.join('; ')}`)
}
