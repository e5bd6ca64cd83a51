/**
 * What an entry makes of a verified subject token: the token to issue, or why there is none. No I/O and no clock.
 *
 * In this order: audience, condition, subject, tags, source identity, further claims. Only `true` lets in; an expression that
 * fails is a refusal, and so is a value that does not fit: nothing is left out and nothing is cut.
 */

import type { JsonObject } from '../json.ts'
import type { ExtraClaims } from '../tokens/claims.ts'
import { claimProblems } from '../tokens/extra-claims.ts'
import type { CompiledEntry } from './compiled-policy.ts'
import type { Decision, PolicyRefusalReason } from './decision.ts'
import type { CompiledExpression, ExpressionInput } from './expression.ts'
import {
  type SessionTag,
  SESSION_TAGS_CLAIM,
  sessionTags,
  SOURCE_IDENTITY_CLAIM,
} from './session-tags.ts'
import {
  googleSubjectProblem,
  hasEntryPrefix,
  sourceIdentityProblem,
  subjectProblem,
  tagValueProblem,
  type TextProblem,
  type TextRule,
} from './token-texts.ts'

export interface ExchangeInput {
  /** Of the verified subject token. */
  readonly claims: JsonObject
  readonly request: ExpressionInput['request']
  /** Of the whole policy: with more than one, `sub` begins with the entry's name. */
  readonly entryCount: number
  /** Whether a URL, however it is spelled, is of this installation. Asked for any audience. */
  isOwnUrl(url: string): boolean
}

type Refused = Extract<Decision, { readonly ok: false }>
type Step<T> = { readonly ok: true; readonly value: T } | Refused

export function decideExchange(entry: CompiledEntry, input: ExchangeInput): Decision {
  const { ttl, mayOutliveSubject, audiences } = entry.token
  const { audience } = input.request
  if (!audiences.includes(audience)) {
    return refuse('audience_not_allowed', 'the audience is none of those that the entry lists')
  }
  if (input.isOwnUrl(audience)) {
    return refuse('audience_not_allowed', 'the audience is a URL of this installation')
  }
  const values: ExpressionInput = {
    claims: input.claims,
    entry: { name: entry.name, issuer: entry.issuer },
    request: input.request,
  }
  const condition = evaluate('condition', entry.condition, values)
  if (!condition.ok) return condition
  if (condition.value !== true) {
    return refuse('condition_not_met', 'the condition is not true')
  }
  const subject = subjectOf(entry, values, input.entryCount)
  if (!subject.ok) return subject
  const claims = claimsOf(entry, values)
  if (!claims.ok) return claims
  return {
    ok: true,
    token: { subject: subject.value, audience, claims: claims.value, ttl, mayOutliveSubject },
  }
}

function subjectOf(
  { name, token }: CompiledEntry,
  values: ExpressionInput,
  entryCount: number,
): Step<string> {
  const subject = textOf('token.subject', token.subject, values, subjectProblem)
  if (!subject.ok) return subject
  if (entryCount > 1 && !hasEntryPrefix(subject.value, name)) {
    return refuse(
      'subject_not_prefixed',
      'token.subject must begin with the name of the entry and : or /, since the policy has more entries',
    )
  }
  const problem = googleSubjectProblem(subject.value, values.request.audience)
  return problem === undefined ? subject : refuseText('token.subject', problem)
}

function claimsOf({ token }: CompiledEntry, values: ExpressionInput): Step<ExtraClaims> {
  const tags = tagsOf(token, values)
  if (!tags.ok) return tags
  const identity =
    token.sourceIdentity === undefined
      ? undefined
      : textOf('token.sourceIdentity', token.sourceIdentity, values, sourceIdentityProblem)
  if (identity?.ok === false) return identity
  const further = furtherClaims(token, values)
  if (!further.ok) return further
  return {
    ok: true,
    value: {
      ...further.value,
      ...(tags.value === undefined ? {} : { [SESSION_TAGS_CLAIM]: tags.value }),
      ...(identity === undefined ? {} : { [SOURCE_IDENTITY_CLAIM]: identity.value }),
    },
  }
}

function tagsOf(token: CompiledEntry['token'], values: ExpressionInput): Step<object | undefined> {
  const tags: SessionTag[] = []
  for (const [key, expression] of token.tags) {
    const value = textOf(`token.tags.${key}`, expression, values, tagValueProblem)
    if (!value.ok) return value
    tags.push([key, value.value])
  }
  return { ok: true, value: sessionTags(tags, token.transitiveTags) }
}

function furtherClaims(token: CompiledEntry['token'], values: ExpressionInput): Step<ExtraClaims> {
  const claims: [string, unknown][] = []
  for (const [name, expression] of token.claims) {
    const value = evaluate(`token.claims.${name}`, expression, values)
    if (!value.ok) return value
    claims.push([name, value.value])
  }
  const further = Object.fromEntries(claims)
  for (const { path, message } of claimProblems(further)) {
    return refuse(
      'expression_failed',
      `token.claims.${path[0] ?? ''} ${message}, got another value`,
    )
  }
  return { ok: true, value: further }
}

/** A text that keeps to a rule. */
function textOf(
  place: string,
  expression: CompiledExpression,
  values: ExpressionInput,
  rule: TextRule,
): Step<string> {
  const evaluated = evaluate(place, expression, values)
  if (!evaluated.ok) return evaluated
  const problem = rule(evaluated.value)
  if (problem !== undefined) return refuseText(place, problem)
  return { ok: true, value: evaluated.value as string }
}

function evaluate(
  place: string,
  expression: CompiledExpression,
  values: ExpressionInput,
): Step<unknown> {
  const evaluation = expression.evaluate(values)
  return evaluation.ok ? evaluation : refuse('expression_failed', `${place}: ${evaluation.problem}`)
}

function refuseText(place: string, { reason, message }: TextProblem): Refused {
  return refuse(reason, `${place} ${message}`)
}

function refuse(reason: PolicyRefusalReason, detail: string): Refused {
  return { ok: false, reason, detail }
}
