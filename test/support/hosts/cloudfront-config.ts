/**
 * A distribution as a template has it, read into what decides a request: behaviors, origins, groups and policies.
 *
 * What nobody stands in for throws.
 */

import { type PhysicalNames, resolved, resourcesOf, type Template } from '../aws/template.ts'

export interface EdgeBehavior {
  /** `undefined`: the default one. */
  readonly pattern: string | undefined
  readonly methods: readonly string[]
  /** Origins in their order; those behind the first are asked for these statuses alone. */
  readonly origins: readonly EdgeOrigin[]
  readonly failoverStatuses: readonly number[]
  readonly forwards: 'nothing' | 'all but the host'
  /** Code of the function that sees requests first. */
  readonly viewerRequest: string | undefined
  readonly answerHeaders: EdgeAnswerHeaders | undefined
}

export interface EdgeOrigin {
  readonly id: string
  readonly domain: string
  readonly path: string
  readonly type: 'http' | 's3'
  /** For what the distribution signs requests; `undefined`: they are not signed. */
  readonly signedFor: string | undefined
  /** The longest that it is waited for: every attempt to connect, and one answer. */
  readonly secondsMax: number
}

export interface EdgeAnswerHeaders {
  /** Only where the request has an `Origin`. */
  readonly cors: Readonly<Record<string, string>>
  readonly always: Readonly<Record<string, string>>
  readonly replaces: boolean
}

export interface EdgeConfig {
  readonly aliases: readonly string[]
  /** As the distribution tries them, the default one last. */
  readonly behaviors: readonly EdgeBehavior[]
}

type Properties = Readonly<Record<string, unknown>>

/** AWS's own policies. CloudFront developer guide, "Use managed cache policies" and "... origin request policies". */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac'

export function edgeConfig(template: Template, names: PhysicalNames): EdgeConfig {
  const [[, resource] = [], ...more] = resourcesOf(template, 'AWS::CloudFront::Distribution')
  if (resource === undefined || more.length > 0) {
    throw new TypeError('there is not one distribution')
  }
  const config = resolved(resource.Properties?.['DistributionConfig'], names) as Properties
  const origins = listOf(config['Origins']).map((origin) => originOf(origin, { template, names }))
  const groups = new Map(itemsOf(config['OriginGroups']).map((group) => [group['Id'], group]))
  const behaviorOf = (behavior: Properties): EdgeBehavior => {
    const target = behavior['TargetOriginId']
    const group = groups.get(target)
    const ids =
      group === undefined ? [target] : itemsOf(group['Members']).map((each) => each['OriginId'])
    const failover = group?.['FailoverCriteria'] as
      | { readonly StatusCodes: { readonly Items: number[] } }
      | undefined
    return {
      pattern: behavior['PathPattern'] as string | undefined,
      methods: (behavior['AllowedMethods'] ?? ['GET', 'HEAD']) as string[],
      origins: ids.map((id) => originNamed(origins, id)),
      failoverStatuses: failover?.StatusCodes.Items ?? [],
      forwards: forwardedBy(behavior, { template, names }),
      viewerRequest: codeOf(behavior, { template, names }),
      answerHeaders: answerHeadersOf(behavior, { template, names }),
    }
  }
  return {
    aliases: config['Aliases'] as string[],
    behaviors: [
      ...listOf(config['CacheBehaviors']).map(behaviorOf),
      behaviorOf({ ...(config['DefaultCacheBehavior'] as Properties), PathPattern: undefined }),
    ],
  }
}

interface Source {
  readonly template: Template
  readonly names: PhysicalNames
}

function listOf(value: unknown): Properties[] {
  return (value ?? []) as Properties[]
}

function itemsOf(value: unknown): Properties[] {
  return listOf((value as { readonly Items?: unknown } | undefined)?.Items)
}

function originNamed(origins: readonly EdgeOrigin[], id: unknown): EdgeOrigin {
  const found = origins.find((origin) => origin.id === id)
  if (found === undefined) throw new TypeError(`there is no origin ${String(id)}`)
  return found
}

function originOf(origin: Properties, source: Source): EdgeOrigin {
  const { Id, DomainName, OriginPath = '', OriginAccessControlId: accessControl } = origin
  const custom = origin['CustomOriginConfig'] as Properties | undefined
  const s3 = origin['S3OriginConfig'] as Properties | undefined
  const { ConnectionAttempts = 3, ConnectionTimeout = 10 } = origin
  const readSeconds = Number((custom ?? s3)?.['OriginReadTimeout'] ?? 30)
  return {
    id: String(Id),
    domain: String(DomainName),
    path: String(OriginPath),
    type: custom === undefined ? 's3' : 'http',
    signedFor: accessControl === undefined ? undefined : signedFor(accessControl as string, source),
    secondsMax: Number(ConnectionAttempts) * Number(ConnectionTimeout) + readSeconds,
  }
}

/** The resource of this type whose `Ref` or `Id` this is. */
function named(type: string, id: string, { template, names }: Source): Properties | undefined {
  const found = resourcesOf(template, type).find(
    ([logicalId]) => names.ref(logicalId) === id || names.attribute(logicalId, 'Id') === id,
  )
  return found && (resolved(found[1].Properties, names) as Properties)
}

function signedFor(id: string, source: Source): string | undefined {
  const control = named('AWS::CloudFront::OriginAccessControl', id, source)
  const config = control?.['OriginAccessControlConfig'] as Properties | undefined
  return config?.['SigningBehavior'] === 'always'
    ? String(config['OriginAccessControlOriginType'])
    : undefined
}

function forwardedBy(behavior: Properties, source: Source): EdgeBehavior['forwards'] {
  const { CachePolicyId: cache, OriginRequestPolicyId: policy } = behavior
  if (cache === CACHING_DISABLED && policy === ALL_VIEWER_EXCEPT_HOST) return 'all but the host'
  if (policy !== undefined) throw new TypeError('nobody stands in for this origin request policy')
  const own = named('AWS::CloudFront::CachePolicy', String(cache), source)?.[
    'CachePolicyConfig'
  ] as Properties | undefined
  const key = own?.['ParametersInCacheKeyAndForwardedToOrigin'] as Properties | undefined
  const parts = [
    'CookiesConfig.CookieBehavior',
    'HeadersConfig.HeaderBehavior',
    'QueryStringsConfig.QueryStringBehavior',
  ]
  for (const part of parts) {
    const [config = '', kind = ''] = part.split('.')
    const chosen = (key?.[config] as Properties | undefined)?.[kind]
    if (chosen !== 'none') throw new TypeError(`nobody stands in for ${part} ${String(chosen)}`)
  }
  return 'nothing'
}

function codeOf(behavior: Properties, source: Source): string | undefined {
  const [association, ...more] = listOf(behavior['FunctionAssociations'])
  if (association === undefined) return undefined
  if (more.length > 0 || association['EventType'] !== 'viewer-request') {
    throw new TypeError('nobody stands in for functions but those of viewer requests')
  }
  const found = resourcesOf(source.template, 'AWS::CloudFront::Function').find(
    ([id]) => source.names.attribute(id, 'FunctionARN') === association['FunctionARN'],
  )
  const { FunctionCode, AutoPublish } = resolved(found?.[1].Properties, source.names) as Properties
  if (AutoPublish !== true) throw new TypeError('the function is not published')
  return String(FunctionCode)
}

interface CorsConfig {
  readonly AccessControlAllowCredentials: boolean
  readonly AccessControlAllowOrigins: { readonly Items: readonly string[] }
  readonly AccessControlExposeHeaders?: { readonly Items: readonly string[] }
  readonly OriginOverride: boolean
}

function answerHeadersOf(behavior: Properties, source: Source): EdgeAnswerHeaders | undefined {
  const id = behavior['ResponseHeadersPolicyId']
  if (id === undefined) return undefined
  const policy = named('AWS::CloudFront::ResponseHeadersPolicy', id as string, source)
  const config = (policy?.['ResponseHeadersPolicyConfig'] ?? {}) as Properties
  const { Name: _name, Comment: _comment, CorsConfig, SecurityHeadersConfig, ...others } = config
  if (Object.keys(others).length > 0) {
    throw new TypeError(`nobody stands in for ${Object.keys(others).join()}`)
  }
  const { ContentTypeOptions, ...more } = SecurityHeadersConfig as Readonly<
    Record<string, { readonly Override: boolean }>
  >
  if (Object.keys(more).length > 0) {
    throw new TypeError(`nobody stands in for ${Object.keys(more).join()}`)
  }
  const cors = CorsConfig as CorsConfig
  const [origin = '', ...moreOrigins] = cors.AccessControlAllowOrigins.Items
  if (
    moreOrigins.length > 0 ||
    cors.AccessControlAllowCredentials ||
    cors.OriginOverride !== ContentTypeOptions?.Override
  ) {
    throw new TypeError('nobody stands in for these headers')
  }
  return {
    cors: {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': cors.AccessControlExposeHeaders?.Items.join(', ') ?? '',
    },
    always: { 'x-content-type-options': 'nosniff' },
    replaces: cors.OriginOverride,
  }
}
