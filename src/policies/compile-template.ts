/**
 * What the issued token says, compiled; and what can be said of it before there is a subject token: the names in it, and
 * values that are constant.
 */

import { firstFew, shown } from '../printable.ts'
import { claimProblems } from '../tokens/extra-claims.ts'
import { compileMember, type Report } from './compile-member.ts'
import type { CompiledTemplate } from './compiled-policy.ts'
import type { TokenTemplate } from './exchange-policy.ts'
import type { CompiledExpression } from './expression.ts'
import type { PolicyProblem } from './policy-problem.ts'
import { AWS_CLAIMS } from './session-tags.ts'
import {
  googleSubjectProblem,
  sourceIdentityProblem,
  subjectProblem,
  tagKeyIdentity,
  tagKeyProblem,
  tagValueProblem,
  type TextRule,
} from './token-texts.ts'

type Path = PolicyProblem['path']

/** `undefined` after a report. `template`: of the right form. */
export function compileTemplate(
  template: TokenTemplate,
  path: Path,
  report: Report,
): CompiledTemplate | undefined {
  const subject = compileText(template.subject, [...path, 'subject'], subjectProblem, report)
  reportGoogleSubject(subject, template, path, report)
  const tags = compileTags(template, path, report)
  const sourceIdentity =
    template.sourceIdentity === undefined
      ? undefined
      : compileText(
          template.sourceIdentity,
          [...path, 'sourceIdentity'],
          sourceIdentityProblem,
          report,
        )
  const claims = compileClaims(template, [...path, 'claims'], report)
  if (subject === undefined) return undefined
  const { transitiveTags = [], audiences, ttl, mayOutliveSubject = false } = template
  return {
    subject,
    tags,
    transitiveTags,
    sourceIdentity,
    claims,
    audiences,
    ttl,
    mayOutliveSubject,
  }
}

/** An expression for a text that keeps to a rule, which a constant one must do now. */
function compileText(
  source: string,
  path: Path,
  rule: TextRule,
  report: Report,
): CompiledExpression | undefined {
  const expression = compileMember(source, path, 'string', report)
  const constant = expression?.constant
  const problem = constant === undefined ? undefined : rule(constant.value)
  if (problem !== undefined) report({ path, message: problem.message })
  return expression
}

function reportGoogleSubject(
  subject: CompiledExpression | undefined,
  { audiences }: TokenTemplate,
  path: Path,
  report: Report,
): void {
  const constant = subject?.constant?.value
  if (typeof constant !== 'string') return
  const problem = audiences
    .map((audience) => googleSubjectProblem(constant, audience))
    .find((found) => found !== undefined)
  if (problem !== undefined) report({ path: [...path, 'subject'], message: problem.message })
}

function compileTags(
  { tags = {}, transitiveTags = [] }: TokenTemplate,
  path: Path,
  report: Report,
): CompiledTemplate['tags'] {
  const known = new Set<string>()
  const compiled = Object.entries(tags).flatMap(([key, source]) => {
    const place = [...path, 'tags', key]
    const problem = tagKeyProblem(key)
    if (problem !== undefined) report({ path: place, message: problem })
    if (known.has(tagKeyIdentity(key))) {
      report({
        path: place,
        message:
          'has the key of another tag but for its case, and AWS takes them for one: leave one out',
      })
    }
    known.add(tagKeyIdentity(key))
    const value = compileText(source, place, tagValueProblem, report)
    return value === undefined ? [] : [[key, value] as const]
  })
  for (const [index, key] of transitiveTags.entries()) {
    if (!Object.hasOwn(tags, key)) {
      report({
        path: [...path, 'transitiveTags', index],
        message: `must be a key of tags in its own spelling, got another: ${keysOf(tags)}`,
      })
    }
  }
  return compiled
}

function keysOf(tags: Readonly<Record<string, string>>): string {
  const keys = Object.keys(tags)
  return keys.length === 0
    ? 'there are no tags'
    : `known are ${firstFew(
        keys.map((key) => shown(key)),
        ', ',
      )}`
}

function compileClaims(
  { claims = {} }: TokenTemplate,
  path: Path,
  report: Report,
): CompiledTemplate['claims'] {
  return Object.entries(claims).flatMap(([name, source]) => {
    const place = [...path, name]
    if (AWS_CLAIMS.includes(name)) {
      report({ path: place, message: 'must not be given: write tags and sourceIdentity instead' })
    }
    const expression = compileMember(source, place, 'any', report)
    const example = { [name]: expression?.constant?.value ?? null }
    for (const { message } of claimProblems(example)) report({ path: place, message })
    return expression === undefined ? [] : [[name, expression] as const]
  })
}
