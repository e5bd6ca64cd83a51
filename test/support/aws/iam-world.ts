/**
 * Who may call what of the fakes, and what came of it: callers by their access keys, every permission that was used, and
 * every call that was denied.
 */

import type { IamContext } from './iam-conditions.ts'
import { matchesPattern } from './iam-conditions.ts'
import {
  type IamCall,
  type IamJudgement,
  type IamPolicy,
  type IamPrincipal,
  type IamStatement,
  judge,
  type ResourcePolicy,
} from './iam-policy.ts'

export interface IamCaller {
  /** As tests call it. */
  readonly name: string
  readonly principal: IamPrincipal
  readonly policies: readonly IamPolicy[]
}

/** One action on one kind of resource that a caller may do. */
export interface Permission {
  readonly caller: string
  readonly action: string
  readonly resource: string
}

export interface Denial {
  readonly caller: string
  readonly action: string
  readonly resource: string
}

export interface IamWorld {
  /** Whether this caller may; one that is not known may nothing. */
  may(caller: IamCaller | undefined, call: IamCall, resource?: ResourcePolicy): boolean
  /** As `may`, and nothing of it is on record: for what a service asks itself. */
  would(caller: IamCaller | undefined, call: IamCall, resource?: ResourcePolicy): boolean
  /** By the access key in the signature of a request. */
  callerOf(authorization: string | undefined): IamCaller | undefined
  /** What the callers' policies grant and nobody has used. */
  unused(): Permission[]
  readonly denials: readonly Denial[]
  forget(): void
}

const CREDENTIAL = /^AWS4-HMAC-SHA256 Credential=([^/]+)\//

/** `callers`: by access key. */
export function iamWorld(callers: ReadonlyMap<string, IamCaller>): IamWorld {
  const denials: Denial[] = []
  const used = new Set<string>()

  function judgementOf(caller: IamCaller, call: IamCall, resource?: ResourcePolicy): IamJudgement {
    return judge({ ...call, context: contextOf(caller, call.context) }, caller, resource)
  }

  function note(caller: IamCaller, { action, resource }: IamCall, its: readonly IamStatement[]) {
    for (const permission of permissionsIn(caller.name, its)) {
      const isThis =
        matchesPattern(action.toLowerCase(), permission.action.toLowerCase()) &&
        matchesPattern(resource, permission.resource)
      if (isThis) used.add(textOf(permission))
    }
  }

  return {
    may: (caller, call, resource) => {
      const judgement = caller && judgementOf(caller, call, resource)
      if (caller !== undefined && judgement?.allowed === true) {
        note(caller, call, judgement.granting)
        return true
      }
      const { action, resource: onWhat } = call
      denials.push({ caller: caller?.name ?? 'nobody', action, resource: onWhat })
      return false
    },
    would: (caller, call, resource) =>
      caller !== undefined && judgementOf(caller, call, resource).allowed,
    callerOf: (authorization = '') => callers.get(CREDENTIAL.exec(authorization)?.[1] ?? ''),
    unused: () =>
      [...callers.values()]
        .flatMap(({ name, policies }) =>
          permissionsIn(
            name,
            policies.flatMap(({ Statement }) => Statement),
          ),
        )
        .filter((permission) => !used.has(textOf(permission))),
    denials,
    forget: () => {
      denials.length = 0
    },
  }
}

function permissionsIn(caller: string, statements: readonly IamStatement[]): Permission[] {
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource = [] }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource) => ({ caller, action, resource }) as const),
        ),
    )
}

function textOf({ caller, action, resource }: Permission): string {
  return JSON.stringify([caller, action, resource])
}

/** What every request has, whatever it asks. AWS IAM user guide, "AWS global condition context keys". */
function contextOf({ principal }: IamCaller, context: IamContext): IamContext {
  return (key) => {
    switch (key) {
      case 'aws:securetransport':
        return ['true']
      case 'aws:principalarn':
        return principal.type === 'role' ? [principal.arn] : undefined
      case 'aws:principalaccount':
        return principal.type === 'role' ? [principal.account] : undefined
      case 'aws:sourcearn':
        return principal.type === 'service' ? [principal.source] : undefined
      case 'aws:sourceaccount':
        return principal.type === 'service' ? principal.source.split(':').slice(4, 5) : undefined
      case 'aws:principalisawsservice':
        return [String(principal.type === 'service')]
      default:
        return context(key)
    }
  }
}
