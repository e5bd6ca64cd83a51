/**
 * What is wrong with a role that tokens may assume, before IAM is asked: a sentence each.
 */

import type { Duration } from 'aws-cdk-lib'
import { isDnsLabel, isDnsSubdomain } from '../../src/dns-names.ts'
import { SUBJECT_CHARS_MAX } from '../../src/limits.ts'
import { shown } from '../../src/printable.ts'
import { type ServiceAccount, serviceAccountSubject } from '../../src/tokens/service-account.ts'
import { comparedProblem, unknownProblem } from './compared-text.ts'

export type TrustedServiceAccount = Pick<ServiceAccount, 'namespace' | 'name'>

export interface RoleSettings {
  readonly serviceAccounts?: readonly TrustedServiceAccount[]
  readonly subjects?: readonly string[]
  readonly audience?: string
  readonly maxSessionDuration?: Duration
}

/** Of a role: STS gives no session that is shorter or longer. */
const SESSION_HOURS = { min: 1, max: 12 } as const

export function subjectsOf({ serviceAccounts = [], subjects = [] }: RoleSettings): string[] {
  return [...serviceAccounts.map(serviceAccountSubject), ...subjects]
}

/** `clientIds`: of the provider. */
export function roleProblems(
  settings: RoleSettings,
  clientIds: readonly string[],
): readonly string[] {
  const { serviceAccounts = [], subjects = [] } = settings
  return [
    ...serviceAccounts.flatMap(accountProblems),
    ...subjects.map((subject) => comparedProblem('subjects', subject, SUBJECT_CHARS_MAX)),
    ...trusteeProblems(subjectsOf(settings)),
    audienceProblem(settings.audience, clientIds),
    durationProblem(settings.maxSessionDuration),
  ].filter((problem) => problem !== undefined)
}

function accountProblems(account: TrustedServiceAccount): readonly (string | undefined)[] {
  const { namespace, name } = account
  const unknown =
    unknownProblem('serviceAccounts', namespace) ?? unknownProblem('serviceAccounts', name)
  if (unknown !== undefined) return [unknown]
  return [
    isDnsLabel(namespace)
      ? undefined
      : `serviceAccounts must have a namespace as Kubernetes names it (1 to 63 lower-case letters, digits and inner hyphens), got ${shown(namespace)}: name one, since no pattern is trusted`,
    isDnsSubdomain(name)
      ? undefined
      : `serviceAccounts must have a name as Kubernetes has it (at most 253 lower-case letters, digits, dots and hyphens), got ${shown(name)}: name one, since no pattern is trusted`,
  ]
}

function trusteeProblems(subjects: readonly string[]): readonly string[] {
  if (subjects.length === 0) {
    return [
      'serviceAccounts or subjects must name somebody, got nobody: without a subject every token of the issuer could assume the role',
    ]
  }
  const twice = subjects.find((subject, index) => subjects.indexOf(subject) !== index)
  if (twice === undefined) return []
  return [`subjects must be named once, got ${shown(twice)} twice: leave one out`]
}

function audienceProblem(
  audience: string | undefined,
  clientIds: readonly string[],
): string | undefined {
  if (audience === undefined) {
    if (clientIds.length <= 1) return undefined
    return `audience must be one of the ${clientIds.length} clientIds where there are several, got nothing: name that of the role's tokens`
  }
  if (clientIds.includes(audience)) return undefined
  const unknown = unknownProblem('audience', audience)
  if (unknown !== undefined) return unknown
  return `audience must be one of the clientIds (IAM refuses tokens for others), got ${shown(audience)}: add it there or name one of them`
}

function durationProblem(duration: Duration | undefined): string | undefined {
  if (duration === undefined || duration.isUnresolved()) return undefined
  const seconds = duration.toSeconds()
  const { min, max } = SESSION_HOURS
  if (seconds >= min * 3600 && seconds <= max * 3600) return undefined
  return `maxSessionDuration must be from ${min} to ${max} hours, got ${seconds} seconds: STS gives no other sessions`
}
