/**
 * What IAM decides by the policies of a caller and of what it calls, within one account.
 *
 * AWS IAM user guide, "Policy evaluation logic": whatever is denied anywhere is denied; what nobody allows is, too.
 */

import {
  conditionsHold,
  type IamConditions,
  type IamContext,
  matchesPattern,
} from './iam-conditions.ts'

/** As CloudFormation and KMS have it, with every intrinsic function resolved. */
export interface IamStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  /** Missing in trust policies alone. */
  readonly Resource?: string | readonly string[]
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>
  readonly Condition?: IamConditions
}

export interface IamPolicy {
  readonly Statement: readonly IamStatement[]
}

export interface IamCall {
  /** Such as `s3:GetObject`. */
  readonly action: string
  /** An ARN, or `*` of an action without resources. */
  readonly resource: string
  readonly context: IamContext
}

/** Who calls: a role, or a service of AWS. */
export type IamPrincipal =
  | { readonly type: 'role'; readonly arn: string; readonly account: string }
  /** `source`: ARN of the resource in whose name it calls. */
  | { readonly type: 'service'; readonly name: string; readonly source: string }

const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Action',
  'Resource',
  'Principal',
  'Condition',
])

/** The statements that speak of this call, whoever calls. Throws for a statement that has more than is judged here. */
function statementsFor(policies: readonly IamPolicy[], call: IamCall): IamStatement[] {
  return policies
    .flatMap(({ Statement }) => [Statement].flat())
    .filter((each) => speaks(each, call))
}

function speaks(statement: IamStatement, { action, resource, context }: IamCall): boolean {
  const odd = Object.keys(statement).find((name) => !KNOWN_MEMBERS.has(name))
  if (odd !== undefined) throw new TypeError(`no fake judges the member ${odd} of a statement`)
  const { Action, Resource, Condition = {} } = statement
  // Actions are in any case; resources are not.
  const isAction = [Action]
    .flat()
    .some((each) => matchesPattern(action.toLowerCase(), each.toLowerCase()))
  if (!isAction) return false
  if (Resource === undefined) {
    throw new TypeError('a statement without a resource trusts, and grants nothing')
  }
  const isResource = [Resource]
    .flat()
    .some((each) => each === '*' || matchesPattern(resource, each))
  return isResource && conditionsHold(Condition, context)
}

/** `principal`: the caller itself is named. `account`: its account is, which leaves it to IAM. */
export type Named = 'principal' | 'account' | 'nobody'

/** How a statement of a resource's policy names who calls. */
function namedIn({ Principal }: IamStatement, caller: IamPrincipal): Named {
  if (Principal === undefined) throw new TypeError('the policy of a resource says who is meant')
  if (Principal === '*') return 'principal'
  for (const [type, names] of Object.entries(Principal)) {
    if (type !== 'AWS' && type !== 'Service') {
      throw new TypeError(`no fake judges principals ${type}`)
    }
    const named = [names].flat()
    if (type === 'Service') {
      if (caller.type === 'service' && named.includes(caller.name)) return 'principal'
      continue
    }
    if (named.includes('*')) return 'principal'
    if (caller.type !== 'role') continue
    if (named.includes(caller.arn)) return 'principal'
    const isRoot = (each: string) =>
      each === caller.account || each.endsWith(`::${caller.account}:root`)
    if (named.some(isRoot)) return 'account'
  }
  return 'nobody'
}

export interface ResourcePolicy {
  readonly policies: readonly IamPolicy[]
  /** KMS developer guide, "Key policies": IAM counts for a key where its policy leaves it to the account, else not. */
  readonly needed: boolean
}

export interface IamJudgement {
  readonly allowed: boolean
  /** Of the caller's own policies, those that allow this. */
  readonly granting: readonly IamStatement[]
  /** Of the resource's policy, those that name the caller and allow this. */
  readonly opening: readonly IamStatement[]
  readonly denying: readonly IamStatement[]
}

export function judge(
  call: IamCall,
  caller: { readonly principal: IamPrincipal; readonly policies: readonly IamPolicy[] },
  resource: ResourcePolicy = { policies: [], needed: false },
): IamJudgement {
  const own = statementsFor(caller.policies, call)
  const its = statementsFor(resource.policies, call).map((statement) => ({
    statement,
    named: namedIn(statement, caller.principal),
  }))
  const granting = own.filter(({ Effect }) => Effect === 'Allow')
  const allowing = its.filter(({ statement }) => statement.Effect === 'Allow')
  const opening = allowing.flatMap(({ statement, named }) =>
    named === 'principal' ? [statement] : [],
  )
  const denying = [
    ...own.filter(({ Effect }) => Effect === 'Deny'),
    ...its.flatMap(({ statement, named }) =>
      statement.Effect === 'Deny' && named !== 'nobody' ? [statement] : [],
    ),
  ]
  const leftToIam = !resource.needed || allowing.some(({ named }) => named === 'account')
  const isGranted = opening.length > 0 || (leftToIam && granting.length > 0)
  return { allowed: isGranted && denying.length === 0, granting, opening, denying }
}
