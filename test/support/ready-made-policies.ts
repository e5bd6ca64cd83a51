/**
 * The ready-made policies of `docs/policies`, taken as a host takes them, and claims of tokens such as they are for.
 */

import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import type { JsonObject } from '../../src/json.ts'
import { compilePolicy } from '../../src/policies/compile-policy.ts'
import type { CompiledPolicy } from '../../src/policies/compiled-policy.ts'
import { decideExchange } from '../../src/policies/decide-exchange.ts'
import type { Decision } from '../../src/policies/decision.ts'
import { parsePolicy } from '../../src/policies/parse-policy.ts'
import { policyRuleProblems } from '../../src/policies/policy-rules.ts'

export const FOLDER = new URL('../../docs/policies/', import.meta.url)
const CLAIMS = new URL('../fixtures/subject-claims/', import.meta.url)
export const AWS = 'https://sts.amazonaws.com/'

/** Each with the issuer that it is written for. */
export const ISSUERS = {
  aws: 'https://oidc.example.com/aws',
  'cluster-adopted': 'https://oidc.example.com/prod',
  'cluster-inline': 'https://oidc.example.com/team',
  fleet: 'https://oidc.example.com/fleet',
  'github-actions': 'https://oidc.example.com/ci',
} as const
export type ReadyMade = keyof typeof ISSUERS

/** As the host takes it: through every check. */
export async function readyMadePolicy(name: ReadyMade): Promise<CompiledPolicy> {
  const document = parseDocument(readYaml(name), { strict: true, uniqueKeys: true })
  const [remark] = [...document.errors, ...document.warnings]
  if (remark !== undefined) throw remark
  const parsed = parsePolicy(document.toJS())
  if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.problems))
  const compilation = await compilePolicy(parsed.policy)
  if (!compilation.ok) throw new TypeError(JSON.stringify(compilation.problems))
  const problems = policyRuleProblems(parsed.policy, compilation.policy, {
    issuer: ISSUERS[name],
    tokenTtlMaxSeconds: 3600,
    hasAdoptedKeys: name === 'cluster-adopted',
    ownFingerprints: new Set(),
    isDevelopment: false,
    isOwnUrl: (url) => url.startsWith('https://oidc.example.com/'),
  })
  if (problems.length > 0) throw new TypeError(JSON.stringify(problems))
  return compilation.policy
}

export function readYaml(name: ReadyMade): string {
  return readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8')
}

function claimsOf(fixture: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${fixture}.json`, CLAIMS), 'utf8')) as JsonObject
}

export const POD = claimsOf('kubernetes-service-account')
export const JOB = claimsOf('github-actions')
export const ROLE = claimsOf('aws-web-identity')

/** The claims of a pod in another namespace. */
export function podIn(namespace: string): JsonObject {
  const kubernetes = POD['kubernetes.io'] as JsonObject
  return {
    ...POD,
    sub: `system:serviceaccount:${namespace}:ledger`,
    'kubernetes.io': { ...kubernetes, namespace },
  }
}

export function roleWith(changes: JsonObject): JsonObject {
  return { ...ROLE, [AWS]: { ...(ROLE[AWS] as JsonObject), ...changes } }
}

/** `undefined` leaves a claim out. */
export function jobWith(changes: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify({ ...JOB, ...changes })) as JsonObject
}

/** What an entry of the policy makes of the claims; `audience` by default the first that it lists. */
export async function decisionOn(
  name: ReadyMade,
  entryName: string,
  claims: JsonObject,
  asked?: string,
): Promise<Decision> {
  const { entries } = await readyMadePolicy(name)
  const entry = entries.find((each) => each.name === entryName)
  if (entry === undefined) throw new TypeError(`no entry ${entryName}`)
  return decideExchange(entry, {
    claims,
    request: {
      audience: asked ?? entry.token.audiences[0] ?? '',
      subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
    },
    entryCount: entries.length,
    isOwnUrl: () => false,
  })
}
