/**
 * What one entry makes of a subject token: each question and its answer, and the tokens that it would be exchanged for.
 */

import { issuedTtlSeconds } from '../../exchange/issued-lifetime.ts'
import { ownAudiences } from '../../issuers/own-audiences.ts'
import { TOKEN_TTL_MIN_SECONDS } from '../../limits.ts'
import type { CompiledEntry } from '../../policies/compiled-policy.ts'
import { decideExchange } from '../../policies/decide-exchange.ts'
import type { DecidedToken } from '../../policies/decision.ts'
import { shown } from '../../printable.ts'
import type { SubjectToken } from '../../subject-tokens/compact-token.ts'
import {
  audienceProblem,
  sourceProblem,
  timeProblem,
} from '../../subject-tokens/subject-conditions.ts'
import { typeProblem } from '../../subject-tokens/subject-header.ts'
import type { SubjectProblem } from '../../subject-tokens/subject-refusal.ts'
import type { SubjectTokenType } from '../../subject-tokens/subject-verification.ts'
import { buildClaims } from '../../tokens/claims.ts'
import { formatDuration } from '../moments.ts'
import type { Answer, Check, CheckName, EntryExplanation, WouldBeToken } from './explanation.ts'

export interface EntryRequest {
  readonly issuer: string | undefined
  readonly audience: string | undefined
  readonly subjectTokenType: SubjectTokenType
  /** Of the whole policy. */
  readonly entryCount: number
}

interface Shown {
  readonly token: SubjectToken
  /** `undefined` where no key was looked for. */
  readonly key: Check | undefined
}

const SHOWN_URL_CHARS_MAX = 300

export function explainEntry(
  entry: CompiledEntry,
  { token, key }: Shown,
  request: EntryRequest,
  now: number,
): EntryExplanation {
  const { name, issuer, algorithms, token: template } = entry
  const isOfIssuer = issuer === token.issuer
  if (!isOfIssuer) {
    const detail = `the iss is ${whole(token.issuer)}, and the entry trusts ${whole(issuer)}`
    const checks = [{ what: 'issuer', answer: 'no', detail }] as const
    return { entry: name, accepts: 'no', checks, tokens: [] }
  }
  const isPinned = algorithms.includes(token.alg)
  const audiences = request.audience === undefined ? template.audiences : [request.audience]
  const checks: Check[] = [
    { what: 'issuer', answer: 'yes', detail: issuer },
    {
      what: 'algorithm',
      answer: isPinned ? 'yes' : 'no',
      detail: isPinned
        ? token.alg
        : `the alg is ${token.alg}, and the entry has ${algorithms.join(', ')}`,
    },
    ...(key === undefined ? [] : [key]),
    answered('type', typeProblem(token.typ, request.subjectTokenType), token.typ ?? 'none'),
    audienceCheck(entry, token, request.issuer),
    answered('times', timeProblem(token, now), `${formatDuration(token.expiresAt - now)} left`),
    ageCheck(entry, token, now),
    conditionCheck(entry, token, { ...request, audiences }),
  ]
  const given = worst(checks.map(({ answer }) => answer))
  if (given === 'no') return { entry: name, accepts: 'no', checks, tokens: [] }
  const tokens = audiences.map((audience) => wouldBe(entry, token, { ...request, audience }, now))
  const accepts = tokens.some((each) => 'claims' in each) ? given : 'no'
  return { entry: name, accepts, checks, tokens }
}

function whole(url: string): string {
  return shown(url, SHOWN_URL_CHARS_MAX)
}

function answered(what: CheckName, problem: SubjectProblem | undefined, detail: string): Check {
  if (problem === undefined) return { what, answer: 'yes', detail }
  return { what, answer: 'no', detail: problem.detail }
}

function worst(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no'
  return answers.includes('unknown') ? 'unknown' : 'yes'
}

function audienceCheck(
  entry: CompiledEntry,
  token: SubjectToken,
  issuer: string | undefined,
): Check {
  const pinned = entry.audience === undefined ? undefined : [entry.audience]
  const audiences = pinned ?? (issuer === undefined ? undefined : ownAudiences(issuer))
  const given = token.audience ?? ''
  if (audiences !== undefined || token.audience === undefined) {
    const wanted = audiences ?? ['that of the issuer', 'of its token endpoint']
    return answered('audience', audienceProblem(token, wanted), given)
  }
  return {
    what: 'audience',
    answer: 'unknown',
    detail: `the aud is ${whole(given)}, and must be the URL of the issuer that has this policy or of its token endpoint: name the issuer with --issuer`,
  }
}

function ageCheck(entry: CompiledEntry, token: SubjectToken, now: number): Check {
  const { maxAgeSeconds } = entry
  const age = Math.max(0, Math.floor(now - token.issuedAt))
  return answered(
    'age',
    sourceProblem(token, { ...entry, audience: undefined }, now),
    `${formatDuration(age)}, and ${formatDuration(maxAgeSeconds)} at most`,
  )
}

/** It may ask for the audience, so it may be true for one of them alone. */
function conditionCheck(
  { name, issuer, condition }: CompiledEntry,
  token: SubjectToken,
  {
    audiences,
    subjectTokenType,
  }: Pick<EntryRequest, 'subjectTokenType'> & { readonly audiences: readonly string[] },
): Check {
  const results = audiences.map((audience) => {
    const request = { audience, subjectTokenType }
    const evaluation = condition.evaluate({
      claims: token.claims,
      entry: { name, issuer },
      request,
    })
    if (!evaluation.ok) return { audience, isMet: false, said: `fails: ${evaluation.problem}` }
    const isMet = evaluation.value === true
    return { audience, isMet, said: isMet ? 'true' : 'not true' }
  })
  const answer = results.some(({ isMet }) => isMet) ? 'yes' : 'no'
  const said = [...new Set(results.map((result) => result.said))]
  const detail =
    said.length === 1
      ? said.join('')
      : results.map((result) => `${result.said} for ${shown(result.audience)}`).join(', ')
  return { what: 'condition', answer, detail }
}

function wouldBe(
  entry: CompiledEntry,
  { claims, expiresAt }: SubjectToken,
  { issuer, audience, subjectTokenType, entryCount }: EntryRequest & { readonly audience: string },
  now: number,
): WouldBeToken {
  const decision = decideExchange(entry, {
    claims,
    request: { audience, subjectTokenType },
    entryCount,
    isOwnUrl: (url) => issuer !== undefined && ownAudiences(issuer).includes(url),
  })
  if (!decision.ok) return { audience, reason: decision.reason, detail: decision.detail }
  return issuedFor(decision.token, { issuer, expiresAt }, now)
}

function issuedFor(
  { subject, audience, claims, ttl, mayOutliveSubject }: DecidedToken,
  { issuer, expiresAt }: { readonly issuer: string | undefined; readonly expiresAt: number },
  now: number,
): WouldBeToken {
  const subjectExpiresAt = mayOutliveSubject ? undefined : expiresAt
  const ttlSeconds = issuedTtlSeconds({ ttl, ttlMaxSeconds: Infinity, subjectExpiresAt }, now)
  if (ttlSeconds === undefined) {
    return {
      audience,
      reason: 'lifetime_too_short',
      detail: `a token that expires with the subject token would live less than ${TOKEN_TTL_MIN_SECONDS} s: get a new one first`,
    }
  }
  const request = { subject: { type: 'plain', subject }, audience, ttlSeconds, claims } as const
  const { sub, aud, iat, nbf, exp } = buildClaims(issuer ?? '', request, '', now)
  const iss = issuer === undefined ? {} : { iss: issuer }
  return { audience, claims: { ...iss, sub, aud, iat, nbf, exp, ...claims } }
}
