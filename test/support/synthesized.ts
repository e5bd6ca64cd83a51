/**
 * The template of the app's stack and what it points at, synthesized in this process, once for each that asks.
 *
 * The bundles of the functions must be there (`support/bundle-once.ts`).
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LambdaName } from '../../functions/bundle.ts'
import { signetApp } from '../../infra/signet-app.ts'
import { parseSettings } from '../../infra/settings.ts'
import type { IamStatement } from './aws/iam-policy.ts'
import { resourcesOf, type Template, type TemplateResource } from './aws/template.ts'

export interface Synthesized {
  readonly template: Template
  /** Where the code of a function is, by its logical id or by the name of its entry point. */
  readonly assetDirectory: (functionNamed: string) => string
  readonly functionNamed: (name: LambdaName) => FunctionResource
  /** All that the role of a function may do, intrinsic functions as they are. */
  readonly roleStatements: (name: LambdaName) => readonly IamStatement[]
}

export interface FunctionResource {
  readonly logicalId: string
  /** Unresolved. */
  readonly environment: Readonly<Record<string, unknown>>
  /** Logical id. */
  readonly role: string
}

/** A settings file as a deployment has it. */
export const TEST_SETTINGS = {
  domainNames: ['oidc.signet.internal'],
  certificateArn:
    'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
} as const

let shared: Promise<Synthesized> | undefined

/** One for all who ask without settings of their own. */
export function synthesized(settings?: object): Promise<Synthesized> {
  if (settings !== undefined) return synthesize(settings)
  shared ??= synthesize(TEST_SETTINGS)
  return shared
}

async function synthesize(given: object): Promise<Synthesized> {
  const parsed = parseSettings(given)
  if (!parsed.ok) throw new TypeError(parsed.problems.join('; '))
  const outdir = mkdtempSync(join(tmpdir(), 'signet-cdk-'))
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }))
  const { app, stack } = signetApp(parsed.config, { outdir })
  const assembly = app.synth()
  const template = assembly.getStackByName(stack.stackName).template as Template
  const assets = assetsIn(join(outdir, `${stack.artifactId}.assets.json`))

  function functionNamed(name: LambdaName): FunctionResource {
    const [[logicalId, resource] = [], ...more] = resourcesOf(
      template,
      'AWS::Lambda::Function',
    ).filter(([id]) => new RegExp(`${name}[0-9A-F]{8}$`, 'i').test(id))
    if (logicalId === undefined || resource === undefined || more.length > 0) {
      throw new TypeError(`there is not one function ${name}`)
    }
    const { Environment, Role } = propertiesOf<FunctionProperties>(resource)
    return { logicalId, environment: Environment.Variables, role: Role['Fn::GetAtt'][0] }
  }

  function assetDirectory(named: string): string {
    const id = named in template.Resources ? named : functionNamed(named as LambdaName).logicalId
    const resource = template.Resources[id]
    if (resource === undefined) throw new TypeError(`there is no function ${named}`)
    const { S3Key } = propertiesOf<FunctionProperties>(resource).Code
    const path = assets.get(S3Key.replace(/\.zip$/, ''))
    if (path === undefined) throw new TypeError(`the code of ${named} is no asset`)
    return join(outdir, path)
  }

  return {
    template,
    assetDirectory,
    functionNamed,
    roleStatements: (name) => statementsOfRole(template, functionNamed(name).role),
  }
}

interface FunctionProperties {
  readonly Code: { readonly S3Key: string }
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> }
  readonly Role: { readonly 'Fn::GetAtt': readonly [id: string, attribute: string] }
}

/** Unchecked: the tests that use it fail where it is not so. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the caller expects
function propertiesOf<Properties>({ Properties: properties = {} }: TemplateResource): Properties {
  return properties as Properties
}

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>
}

/** By its hash, where an asset is below the output directory. */
function assetsIn(manifest: string): Map<string, string> {
  const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as AssetManifest
  return new Map(Object.entries(files).map(([hash, { source }]) => [hash, source.path]))
}

interface PolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly IamStatement[] }
  readonly Roles?: readonly { readonly Ref: string }[]
}

interface RoleProperties {
  readonly ManagedPolicyArns?: readonly unknown[]
  readonly Policies?: readonly PolicyProperties[]
}

/** Those of the role itself and of the policies that are attached to it. Throws where a policy of AWS is. */
export function statementsOfRole(template: Template, role: string): IamStatement[] {
  const resource = template.Resources[role]
  if (resource?.Type !== 'AWS::IAM::Role') throw new TypeError(`there is no role ${role}`)
  const { ManagedPolicyArns = [], Policies = [] } = propertiesOf<RoleProperties>(resource)
  if (ManagedPolicyArns.length > 0) throw new TypeError(`${role} has policies that are not here`)
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => resourcesOf(template, type))
    .map(([, policy]) => propertiesOf<PolicyProperties>(policy))
    .filter(({ Roles = [] }) => Roles.some(({ Ref }) => Ref === role))
  return [...Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
}
