/**
 * Statements of IAM policies as data: what a role may do, readable, testable and the same for every tool that makes roles.
 *
 * They allow and never deny: what no statement names, nobody may do.
 */

/** Values by condition key, by operator. All of them have to hold. */
export type IamConditions = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>

export interface IamStatement {
  /** Letters and digits, once in a policy. */
  readonly sid: string
  /** `service:Action`, without wildcards. */
  readonly actions: readonly string[]
  /** ARNs, or patterns of such. */
  readonly resources: readonly string[]
  /** Default: none. */
  readonly conditions?: IamConditions
}

/** A statement in IAM's own form. */
export interface IamStatementJson {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: IamConditions
}

export interface IamPolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly IamStatementJson[]
}

function statementJson(statement: IamStatement): IamStatementJson {
  const { sid, actions, resources, conditions } = statement
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(conditions !== undefined && { Condition: conditions }),
  }
}

export function policyDocument(statements: readonly IamStatement[]): IamPolicyDocument {
  return { Version: '2012-10-17', Statement: statements.map(statementJson) }
}
