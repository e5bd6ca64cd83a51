/**
 * What is wrong with an OIDC provider before IAM is asked: a sentence each.
 *
 * Limits are those of CreateOpenIDConnectProvider. Accounts and ARNs are repeated nowhere.
 */

import { Token } from 'aws-cdk-lib'
import { isLoopbackUrl, ownIdentifierProblem } from '../../src/issuers/issuer-identifier.ts'
import { AUDIENCE_CHARS_MAX } from '../../src/limits.ts'
import { shown } from '../../src/printable.ts'
import { providerName } from './trust-policy.ts'
import { comparedProblem } from './compared-text.ts'

export interface ProviderSettings {
  readonly issuerUrl: string
  readonly clientIds: readonly string[]
  readonly thumbprints?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  readonly existingProviderArn?: string
}

const CLIENT_IDS_MAX = 100
const THUMBPRINTS_MAX = 5
const TAGS_MAX = 50
const TAG_KEY = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u
/** Hex digits of SHA-1. */
const THUMBPRINT = /^[\da-f]{40}$/i
const PROVIDER_ARN = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/(?<name>.+)$/

export function providerProblems(settings: ProviderSettings): readonly string[] {
  const { issuerUrl, clientIds, thumbprints = [], tags = {} } = settings
  return [
    issuerProblem(issuerUrl),
    ...clientIdProblems(clientIds),
    ...thumbprintProblems(thumbprints),
    ...tagProblems(tags),
    ...existingProblems(settings),
  ].filter((problem) => problem !== undefined)
}

function issuerProblem(issuerUrl: string): string | undefined {
  if (Token.isUnresolved(issuerUrl)) {
    return 'issuerUrl must be known when the app is synthesized, got a value of CloudFormation: write the URL out, since IAM has it in the names of conditions'
  }
  const problem = ownIdentifierProblem('issuerUrl', issuerUrl)
  if (problem !== undefined) return problem
  const url = new URL(issuerUrl)
  if (url.protocol !== 'https:' || isLoopbackUrl(url)) {
    return `issuerUrl must be reachable by https from the internet, got ${shown(issuerUrl)}: IAM and STS ask the issuer themselves`
  }
  const { port } = url
  if (port === '') return undefined
  return `issuerUrl must have no port (IAM takes none), got ${shown(issuerUrl)}: serve the issuer at 443`
}

function clientIdProblems(clientIds: readonly string[]): readonly (string | undefined)[] {
  if (clientIds.length === 0 || clientIds.length > CLIENT_IDS_MAX) {
    return [
      `clientIds must be 1 to ${CLIENT_IDS_MAX} (IAM takes no more), got ${clientIds.length}: name the audiences of the tokens`,
    ]
  }
  return [
    ...clientIds.map((id) => comparedProblem('clientIds', id, AUDIENCE_CHARS_MAX)),
    twiceProblem('clientIds', clientIds),
  ]
}

function thumbprintProblems(thumbprints: readonly string[]): readonly (string | undefined)[] {
  const wrong = thumbprints.find((each) => !Token.isUnresolved(each) && !THUMBPRINT.test(each))
  return [
    thumbprints.length > THUMBPRINTS_MAX
      ? `thumbprints must be at most ${THUMBPRINTS_MAX}, got ${thumbprints.length}: leave out those of certificates that are no longer used`
      : undefined,
    wrong === undefined
      ? undefined
      : `thumbprints must be SHA-1 fingerprints of 40 hex digits without colons, got ${shown(wrong)}: compute it from the last certificate of the chain`,
    twiceProblem('thumbprints', thumbprints),
  ]
}

function tagProblems(tags: Readonly<Record<string, string>>): readonly (string | undefined)[] {
  const known = Object.entries(tags).filter((entry) => !entry.some(Token.isUnresolved))
  const wrong = known.find(([key, value]) => !TAG_KEY.test(key) || !TAG_VALUE.test(value))
  const count = Object.keys(tags).length
  return [
    count > TAGS_MAX ? `tags must be at most ${TAGS_MAX}, got ${count}: leave some out` : undefined,
    wrong === undefined
      ? undefined
      : `tags must have keys of 1 to 128 and values of at most 256 letters, digits, spaces and _.:/=+-@, no key beginning with "aws:", got ${shown(wrong[0])}: rename it`,
  ]
}

function existingProblems(settings: ProviderSettings): readonly (string | undefined)[] {
  const { existingProviderArn, issuerUrl, thumbprints, tags } = settings
  if (existingProviderArn === undefined) return []
  return [
    thumbprints === undefined && tags === undefined
      ? undefined
      : 'thumbprints and tags are of a provider that is made here, got them beside existingProviderArn: leave them out',
    Token.isUnresolved(existingProviderArn)
      ? undefined
      : existingArnProblem(existingProviderArn, issuerUrl),
  ]
}

function existingArnProblem(arn: string, issuerUrl: string): string | undefined {
  const name = PROVIDER_ARN.exec(arn)?.groups?.['name']
  if (name === undefined) {
    return `existingProviderArn must be the ARN of an OIDC provider of IAM, got something else: copy it from IAM`
  }
  if (name === providerName(issuerUrl)) return undefined
  return `existingProviderArn must be that of issuerUrl (${shown(providerName(issuerUrl))}), got the provider of another issuer: give both of one issuer`
}

function twiceProblem(name: string, values: readonly string[]): string | undefined {
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice === undefined) return undefined
  return `${name} must name each once, got ${shown(twice)} twice: leave one out`
}
