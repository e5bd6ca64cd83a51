/**
 * What of a policy depends on the issuer that it is for, and on the installation that has it.
 *
 * A token that this installation issued, or would accept, must never buy another one here: so its own URLs are neither a
 * source nor an audience, and its own keys verify nothing.
 */

import { ownAudiences } from '../issuers/own-audiences.ts'
import { ISSUER_IDENTIFIER_CHARS_MAX, TOKEN_TTL_MIN_SECONDS } from '../limits.ts'
import { shown } from '../printable.ts'
import type { CompiledEntry, CompiledPolicy } from './compiled-policy.ts'
import type { ExchangePolicy, PolicyEntry } from './exchange-policy.ts'
import type { PolicyProblem } from './policy-problem.ts'
import { placeOf } from './subject-issuer.ts'

/** Whole: with `/token` behind it. */
const SHOWN_URL_CHARS_MAX = 2 * ISSUER_IDENTIFIER_CHARS_MAX

export interface PolicyContext {
  /** The identifier of the issuer that the policy is for. */
  readonly issuer: string
  readonly tokenTtlMaxSeconds: number
  /** Whether the issuer publishes adopted keys now. */
  readonly hasAdoptedKeys: boolean
  /** Of the issuer's own keys, those of former times too. */
  readonly ownFingerprints: ReadonlySet<string>
  /** Whether http for loopback hosts is taken. */
  readonly isDevelopment: boolean
  /** Whether a URL, however it is spelled, is of this installation. Asked for any issuer and audience. */
  isOwnUrl(url: string): boolean
}

/** `compiled`: of this very policy. */
export function policyRuleProblems(
  policy: ExchangePolicy,
  compiled: CompiledPolicy,
  context: PolicyContext,
): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  for (const [index, entry] of policy.entries.entries()) {
    const report = (path: PolicyProblem['path'], message: string): void => {
      problems.push({ path: ['entries', index, ...path], message })
    }
    reportSource(entry, context, report)
    reportAudiences(entry, context, report)
    reportTtl(entry, context, report)
    reportOwnKeys(compiled.entries[index], context, report)
  }
  return problems
}

type EntryReport = (path: PolicyProblem['path'], message: string) => void

function reportSource(
  { issuer, keys, audience }: PolicyEntry,
  context: PolicyContext,
  report: EntryReport,
): void {
  if (!context.isDevelopment && /^http:/i.test(issuer)) {
    report(['issuer'], 'must use https, got http, which is for local development alone')
  }
  if (context.hasAdoptedKeys && !('adopted' in keys)) {
    report(
      ['keys'],
      'must be {"adopted": true}, since this issuer has adopted keys, which speak for the whole of it: give other sources an issuer of their own, or drop the adopted keys first',
    )
  }
  if ('discovery' in keys) {
    if (isOwn(issuer, context)) {
      report(
        ['issuer'],
        'must not be an issuer of this installation, whose tokens are never exchanged here: name whoever issued the first token',
      )
    }
    if (keys.jwksHost !== undefined && isOwn(`https://${keys.jwksHost}`, context)) {
      report(['keys', 'jwksHost'], 'must not be a host of this installation')
    }
  }
  const own = ownAudiences(context.issuer)
  if (audience !== undefined && !own.includes(audience)) {
    report(
      ['audience'],
      `must be the identifier of this issuer or its token endpoint (${own.map((url) => shown(url, SHOWN_URL_CHARS_MAX)).join(' or ')}), got ${shown(audience)}: a token for somebody else is not for this`,
    )
  }
}

function reportAudiences(
  { token }: PolicyEntry,
  context: PolicyContext,
  report: EntryReport,
): void {
  for (const [index, audience] of token.audiences.entries()) {
    if (isOwn(audience, context)) {
      report(
        ['token', 'audiences', index],
        'must not be a URL of this installation, which would take the token for another one: name the relying party',
      )
    }
  }
}

function reportTtl({ token }: PolicyEntry, context: PolicyContext, report: EntryReport): void {
  const { ttl } = token
  const max = context.tokenTtlMaxSeconds
  if (ttl === undefined || (ttl >= TOKEN_TTL_MIN_SECONDS && ttl <= max)) return
  report(
    ['token', 'ttl'],
    `must be from ${TOKEN_TTL_MIN_SECONDS} to ${max} seconds (tokenTtlMaxSeconds of this issuer), got ${ttl}`,
  )
}

function reportOwnKeys(
  entry: CompiledEntry | undefined,
  { ownFingerprints }: PolicyContext,
  report: EntryReport,
): void {
  const keys = entry?.keys.type === 'jwks' ? entry.keys.keys : []
  for (const [index, { fingerprint }] of keys.entries()) {
    if (ownFingerprints.has(fingerprint)) {
      report(
        ['keys', 'jwks', 'keys', index],
        "is or was this issuer's own key, whose tokens are never exchanged here: leave it out",
      )
    }
  }
}

/** The issuer's own URL may lie at a host that the installation has for it alone. */
function isOwn(url: string, context: PolicyContext): boolean {
  if (context.isOwnUrl(url)) return true
  const place = placeOf(url)
  return place !== undefined && ownAudiences(context.issuer).some((own) => placeOf(own) === place)
}
