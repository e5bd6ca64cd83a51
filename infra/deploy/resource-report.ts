/**
 * What a template makes, for whoever is about to deploy it: its resources, what each role may do, who may do what with each
 * resource that has a policy of its own, and its outputs.
 */

import { isJsonObject } from '../../src/json.ts'
import { policyLines } from './policy-text.ts'
import { templateText } from './template-text.ts'

type Properties = Readonly<Record<string, unknown>>

interface Resource {
  readonly id: string
  readonly type: string
  readonly properties: Properties
  readonly isRetained: boolean
}

/** Of a resource that is about another: where its document is, and which property names the other. */
const RESOURCE_POLICIES: Readonly<Record<string, readonly [document: string, about: string]>> = {
  'AWS::S3::BucketPolicy': ['PolicyDocument', 'Bucket'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument', 'Queues'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument', 'Topics'],
  'AWS::KMS::Key': ['KeyPolicy', ''],
}

/** `template`: parsed JSON. */
export function resourceReport(template: unknown): string {
  const resources = resourcesOf(template)
  return [
    `${resources.length} resources`,
    ...resources.map(({ id, type, isRetained }) => {
      return `  ${type.padEnd(40)} ${id}${isRetained ? '  (kept when the stack is deleted)' : ''}`
    }),
    '',
    'What each role may do',
    ...resources.filter(isRole).flatMap((role) => roleLines(role, resources)),
    'Who may do what, by policies of resources',
    ...resources.flatMap(resourcePolicyLines),
    ...resources.flatMap(permissionLines),
    'Outputs',
    ...outputLines(template),
  ].join('\n')
}

function resourcesOf(template: unknown): Resource[] {
  const resources = isJsonObject(template) ? template['Resources'] : undefined
  return Object.entries(isJsonObject(resources) ? resources : {})
    .map(([id, resource]) => resourceOf(id, isJsonObject(resource) ? resource : {}))
    .toSorted((one, other) => one.type.localeCompare(other.type) || one.id.localeCompare(other.id))
}

function resourceOf(id: string, { Type, Properties, DeletionPolicy }: Properties): Resource {
  return {
    id,
    type: templateText(Type),
    properties: isJsonObject(Properties) ? Properties : {},
    isRetained: typeof DeletionPolicy === 'string' && DeletionPolicy.startsWith('Retain'),
  }
}

function isRole({ type }: Resource): boolean {
  return type === 'AWS::IAM::Role'
}

function roleLines(role: Resource, resources: readonly Resource[]): string[] {
  const { AssumeRolePolicyDocument, ManagedPolicyArns, Policies } = role.properties
  const inline = Array.isArray(Policies) ? Policies.filter(isJsonObject) : []
  const attached = resources.filter(({ properties }) => refersTo(properties['Roles'], role.id))
  return [
    `  ${role.id}`,
    ...indented(policyLines(AssumeRolePolicyDocument), '    '),
    ...(Array.isArray(ManagedPolicyArns) ? ManagedPolicyArns : []).map(
      (arn) => `    managed policy ${templateText(arn)}`,
    ),
    ...inline.flatMap(({ PolicyDocument }) => indented(policyLines(PolicyDocument), '    ')),
    ...attached.flatMap(({ properties }) => {
      return indented(policyLines(properties['PolicyDocument']), '    ')
    }),
    '',
  ]
}

function refersTo(list: unknown, id: string): boolean {
  return Array.isArray(list) && list.some((item) => isJsonObject(item) && item['Ref'] === id)
}

function resourcePolicyLines({ id, type, properties }: Resource): string[] {
  const [document, about] = RESOURCE_POLICIES[type] ?? []
  if (document === undefined || about === undefined) return []
  const name = about === '' ? id : templateText(properties[about]).replaceAll(/[{}]/g, '')
  return [`  ${name}`, ...indented(policyLines(properties[document]), '    '), '']
}

/** A Lambda function has no policy in the template but a resource for each of its statements. */
function permissionLines({ id, type, properties }: Resource): string[] {
  if (type !== 'AWS::Lambda::Permission') return []
  const { Action, FunctionName, Principal, SourceArn } = properties
  const from = SourceArn === undefined ? [] : [`      if   source is ${templateText(SourceArn)}`]
  return [
    `  ${id}`,
    '    allow',
    `      who  ${templateText(Principal)}`,
    `      do   ${templateText(Action)}`,
    `      on   ${templateText(FunctionName)}`,
    ...from,
    '',
  ]
}

function outputLines(template: unknown): string[] {
  const outputs = isJsonObject(template) ? template['Outputs'] : undefined
  return Object.entries(isJsonObject(outputs) ? outputs : {}).map(([name, output]) => {
    const { Value, Description } = isJsonObject(output) ? output : {}
    const meaning = Description === undefined ? '' : `  (${templateText(Description)})`
    return `  ${name.padEnd(24)} ${templateText(Value)}${meaning}`
  })
}

function indented(lines: readonly string[], indent: string): string[] {
  return lines.map((line) => `${indent}${line}`)
}
