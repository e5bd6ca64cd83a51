/**
 * What a stack of the released template is told: CloudFormation's parameters, each with what it takes and what it means.
 */

import { CfnParameter, type CfnParameterProps, Intrinsic, type Stack, Token } from 'aws-cdk-lib'
import { CERTIFICATE_ARN_PATTERN, HOST_NAME_PATTERN, LOG_RETENTION_DAYS } from '../aws-rules.ts'

export const RELEASE_PARAMETERS = {
  DomainNames: {
    type: 'CommaDelimitedList',
    description:
      'Host names with commas between them. Issuers are called after the first for ever; the others go on serving older issuers',
    allowedPattern: HOST_NAME_PATTERN,
    constraintDescription: 'must be host names in lower case, without scheme or port',
  },
  CertificateArn: {
    type: 'String',
    description:
      'ARN of a certificate of AWS Certificate Manager for all of DomainNames, in us-east-1',
    allowedPattern: CERTIFICATE_ARN_PATTERN,
    constraintDescription: 'must be the ARN of a certificate in us-east-1',
  },
  CodeBucket: {
    type: 'String',
    description:
      'S3 bucket of the region of the stack that the archives in functions/ were copied to',
    allowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
    constraintDescription: 'must be the name of a bucket',
  },
  CodePrefix: {
    type: 'String',
    description:
      'What stands before the names of the archives in CodeBucket; empty, or with a slash at its end',
    default: 'signet/',
    allowedPattern: String.raw`([\w.-]+/)*`,
    constraintDescription: 'must be empty or end with a slash',
  },
  Deployment: {
    type: 'String',
    description:
      'Names this installation inside its keys and documents: never change it. Two stacks of one account and region need different ones, since tags of keys and names of alarms have it',
    default: 'signet',
    allowedPattern: '[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?',
    constraintDescription: 'must be 1 to 32 lower-case letters, digits and inner hyphens',
  },
  DefaultCustody: {
    type: 'String',
    description: 'Of new issuers that name none: kms, or kms-wrapped',
    default: 'kms',
    allowedValues: ['kms', 'kms-wrapped'],
  },
  AlarmEmail: {
    type: 'String',
    description: 'Hears of alarms once its owner has confirmed that; empty for none',
    default: '',
    allowedPattern: String.raw`([^\s@]+@[^\s@]+)?`,
    constraintDescription: 'must be empty or one address of e-mail',
  },
  LogRetentionDays: {
    type: 'Number',
    description: 'Days for which logs are kept, in which the audit records are',
    default: 365,
    allowedValues: LOG_RETENTION_DAYS.map(String),
  },
} as const satisfies Readonly<Record<string, CfnParameterProps>>

export type ReleaseParameter = keyof typeof RELEASE_PARAMETERS

/** Needs no stack, so that it can be said before there is one. */
function reference(name: ReleaseParameter): Intrinsic {
  return new Intrinsic({ Ref: name })
}

export function textParameter(name: ReleaseParameter): string {
  return Token.asString(reference(name))
}

export function listParameter(name: ReleaseParameter): string[] {
  return Token.asList(reference(name))
}

export function numberParameter(name: ReleaseParameter): number {
  return Token.asNumber(reference(name))
}

export function declareParameters(stack: Stack): void {
  for (const [name, props] of Object.entries(RELEASE_PARAMETERS)) {
    new CfnParameter(stack, name, props)
  }
}
