/**
 * What cdk-nag's rules for solutions find in an issuer host that is so on purpose: the construct, the finding, and why.
 *
 * Each is about one construct, by its path below the host, so that the same finding elsewhere is still one.
 */

import { type CfnResource, Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { ISSUER_HOST_DEFAULTS } from './issuer-host-props.ts'
import type { SignetIssuerHost } from './issuer-host.ts'

export interface NagException {
  /** Of the construct, below the host. */
  readonly path: string
  readonly finding: string
  /** A sentence. */
  readonly reason: string
}

const ROUTES = ['Post', 'Get', 'Head', 'Options', 'Other']

const OF_KEYS =
  'Keys are made while the host runs, so none has a name here: conditions on usage, specification and the tag of this deployment take its place, but where tags are read, which is how its keys are found.'

/** `deployment`: of the host's props. */
export function nagExceptions(
  host: SignetIssuerHost,
  deployment: string = ISSUER_HOST_DEFAULTS.deployment,
): NagException[] {
  return [...ofStorage(), ...ofPublicSide(), ...ofRoles(host, deployment)]
}

/** Says so to cdk-nag. Throws where a construct is not there any more. */
export function acknowledgeFindings(host: SignetIssuerHost, deployment?: string): void {
  for (const { path, finding, reason } of nagExceptions(host, deployment)) {
    Validations.of(constructAt(host, path)).acknowledge({ id: finding, reason })
  }
}

function constructAt(host: IConstruct, path: string): IConstruct {
  let found = host
  for (const id of path.split('/')) found = found.node.findChild(id)
  return found
}

function ofStorage(): NagException[] {
  return [
    {
      path: 'Documents/Bucket/Resource',
      finding: 'AwsSolutions-S1',
      reason:
        'Only the three functions may use it, and who changed what is in the audit records of the control API; whoever wants reads too turns on data events of CloudTrail.',
    },
    {
      path: 'StaticCopies/Bucket/Resource',
      finding: 'AwsSolutions-S1',
      reason: 'It holds public documents, which one function writes and CloudFront alone reads.',
    },
    {
      path: 'DeadLetters/Resource',
      finding: 'AwsSolutions-SQS3',
      reason:
        'It is the dead-letter queue of the schedules and of the function that they invoke, which the rule does not look at.',
    },
  ]
}

function ofPublicSide(): NagException[] {
  return [
    ...ROUTES.map((route) => ({
      path: `PublicApi/Throttled/${route}`,
      finding: 'AwsSolutions-APIG4',
      reason:
        'Documents are for everyone, and who asks for a token proves itself by the token that it exchanges, which the function verifies.',
    })),
    {
      path: 'PublicApi/Throttled/Stage',
      finding: 'AwsSolutions-APIG1',
      reason:
        'What was issued and what was refused is in the log of the function, without credentials; a line for each read of a public document would be most of the bill.',
    },
    {
      path: 'Cdn/Distribution/Resource',
      finding: 'AwsSolutions-CFR1',
      reason: 'Relying parties verify tokens wherever they are.',
    },
    {
      path: 'Cdn/Distribution/Resource',
      finding: 'AwsSolutions-CFR2',
      reason:
        'The API throttles and the function refuses before it signs; whoever wants AWS WAF, which is paid for each request, gives webAclArn.',
    },
    {
      path: 'Cdn/Distribution/Resource',
      finding: 'AwsSolutions-CFR3',
      reason: 'It serves public documents; whoever wants to know who reads them gives accessLogs.',
    },
  ]
}

function ofRoles(host: SignetIssuerHost, deployment: string): NagException[] {
  const keys = 'arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*'
  const documents = `<${logicalId(host.documents)}.Arn>/${deployment}`
  const copies = `<${logicalId(host.staticCopies)}.Arn>/*/.well-known/*`
  const prefixes = { Http: ALL_PREFIXES, Control: ALL_PREFIXES, Rotate: ['issuers'] }
  return [
    ...Object.entries(prefixes).flatMap(([role, names]) => [
      ...names.map((name) =>
        wildcard(role, `${documents}/${name}/*`, 'There is an object for each issuer.'),
      ),
      wildcard(role, keys, OF_KEYS),
      wildcard(role, ownLog(host, role), 'Lambda names the streams of the function’s own log.'),
    ]),
    wildcard('Rotate', copies, 'There are copies for each issuer, called after its URL.'),
    wildcard(
      'Rotate',
      '*',
      'kms:CreateKey and kms:ListKeys are about no key that is there; what may be made is bound by conditions.',
    ),
  ]
}

const ALL_PREFIXES = ['issuers', 'locations', 'policies']

function wildcard(role: string, resource: string, reason: string): NagException {
  return {
    path: `Permissions/${role}`,
    finding: `AwsSolutions-IAM5[Resource::${resource}]`,
    reason,
  }
}

function ownLog(host: SignetIssuerHost, role: string): string {
  const { http, control, rotate } = host.logGroups
  const group = { Http: http, Control: control, Rotate: rotate }[role]
  if (group === undefined) throw new TypeError(`there is no function ${role}`)
  return `arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<${logicalId(group)}>:*`
}

/** Findings name resources as the template does. */
function logicalId(construct: IConstruct): string {
  const { defaultChild } = construct.node
  return Stack.of(construct).resolve((defaultChild as CfnResource).logicalId) as string
}
