/**
 * IAM statements of a template as text: who may do what, with what, under which conditions.
 */

import { isJsonObject, type JsonObject } from '../../src/json.ts'
import { templateText } from './template-text.ts'

const INDENT = '    '
const WORDED = [
  'Sid',
  'Effect',
  'Principal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

/** Lines of each statement of a policy document, without more of an indent than they have among themselves. */
export function policyLines(document: unknown): string[] {
  const statements = isJsonObject(document) ? document['Statement'] : undefined
  return listed(statements).flatMap(statementLines)
}

function statementLines(statement: unknown): string[] {
  if (!isJsonObject(statement)) return [templateText(statement)]
  const { Sid, Effect, Principal, Condition } = statement
  const name = Sid === undefined ? '' : ` (${templateText(Sid)})`
  const except = (member: string): unknown[] => listed(statement[`Not${member}`])
  return [
    `${templateText(Effect).toLowerCase()}${name}`,
    ...(Principal === undefined ? [] : principalLines(Principal)),
    ...each('do', listed(statement['Action'])),
    ...each('do anything but', except('Action')),
    ...each('on', listed(statement['Resource'])),
    ...each('on anything but', except('Resource')),
    ...conditionLines(Condition),
    ...otherLines(statement),
  ]
}

/** What has no words here is there all the same: a report that leaves something out is worse than an ugly one. */
function otherLines(statement: JsonObject): string[] {
  return Object.entries(statement)
    .filter(([member]) => !WORDED.includes(member))
    .map(([member, value]) => `${INDENT}and  ${member} ${templateText(value)}`)
}

function principalLines(principal: unknown): string[] {
  if (!isJsonObject(principal)) return [`${INDENT}who  ${templateText(principal)}`]
  return Object.entries(principal).flatMap(([kind, who]) => each(`who  ${kind}`, listed(who)))
}

function conditionLines(condition: unknown): string[] {
  if (!isJsonObject(condition)) return []
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(isJsonObject(keys) ? keys : {}).map(
      ([key, value]) => `${INDENT}if   ${key} ${operator} ${templateText(value)}`,
    ),
  )
}

function each(word: string, values: readonly unknown[]): string[] {
  return values.map((value) => `${INDENT}${word.padEnd(4)} ${templateText(value)}`)
}

/** What may be one or several, as IAM has it. */
function listed(value: unknown): unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
