/**
 * A token exchange (RFC 8693): from what is asked for to the issued token, or to the reason why there is none.
 *
 * Every step may refuse, and signing is the last one: nothing is signed for a request that is refused.
 */

import type { ExchangeFacts } from '../audit/audit-record.ts'
import { millisecondsSince } from '../audit/duration.ts'
import type { Clock } from '../clock.ts'
import type { Sha256 } from '../crypto/digest.ts'
import { Fault } from '../errors.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { ownAudiences } from '../issuers/own-audiences.ts'
import { mintedTtlMaxSeconds } from '../issuers/policy-in-force.ts'
import { TOKEN_TTL_MIN_SECONDS } from '../limits.ts'
import type { Log } from '../log.ts'
import type { CompiledEntry, CompiledPolicy } from '../policies/compiled-policy.ts'
import { decideExchange } from '../policies/decide-exchange.ts'
import type { DecidedToken } from '../policies/decision.ts'
import type { ExchangeCopies, ExchangeCopy } from '../reading/exchange-copies.ts'
import type { KeepAlive } from '../reading/storage-flights.ts'
import type { RefusalReason } from '../refusal.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import { runtimeStopwatch, type Stopwatch } from '../stopwatch.ts'
import { adoptedVerificationKeys } from '../subject-tokens/adopted-verification-keys.ts'
import { ownFingerprints } from '../subject-tokens/own-fingerprints.ts'
import type { ClaimedSubject } from '../subject-tokens/subject-refusal.ts'
import type { SubjectVerifier, VerifiedSubject } from '../subject-tokens/subject-verification.ts'
import { type MintedToken, mintToken } from '../tokens/mint.ts'
import type { ExchangeRefusal, ExchangeRefusalReason } from './exchange-refusal.ts'
import { issuedTtlSeconds } from './issued-lifetime.ts'
import {
  ISSUER_DELETED,
  ISSUER_NOT_FOUND,
  ISSUER_PUBLISH_ONLY,
  ISSUER_WITHOUT_POLICY,
} from './issuer-refusals.ts'
import type { SourceLimit } from './source-limit.ts'
import type { TokenRequestParameters } from './token-request.ts'

/** What a host issues tokens with. */
export interface ExchangeDeps {
  readonly copies: ExchangeCopies
  readonly verifier: SubjectVerifier
  readonly keyManagers: KeyManagers
  /** Whether a URL is on a host of this installation, which no issued token may be for. */
  readonly isOwnUrl: (url: string) => boolean
  /** Default: whoever asks is admitted. */
  readonly sourceLimit?: SourceLimit | undefined
  readonly clock: Clock
  readonly log: Log
  /** Default: that of the runtime. */
  readonly stopwatch?: Stopwatch | undefined
  /** Of tokens, for their records. Default: WebCrypto's. */
  readonly sha256?: Sha256 | undefined
}

export interface AskedExchange {
  /** Id of the issuer. */
  readonly id: string
  readonly parameters: TokenRequestParameters
  /** Hears of what becomes known on the way, whatever it comes to. */
  readonly note: (facts: ExchangeFacts) => void
  /** Of the request: has the runtime finish reads that others wait for too. */
  readonly keepAlive?: KeepAlive | undefined
}

export interface IssuedToken extends MintedToken {
  readonly expiresInSeconds: number
}

export type Exchanged =
  | { readonly ok: true; readonly token: IssuedToken }
  | { readonly ok: false; readonly refusal: ExchangeRefusal }

type Deps = Pick<
  ExchangeDeps,
  'copies' | 'verifier' | 'keyManagers' | 'isOwnUrl' | 'clock' | 'stopwatch'
>

/** Rejects with the faults of `ExchangeCopies` and of keys. */
export async function exchangeToken(deps: Deps, asked: AskedExchange): Promise<Exchanged> {
  try {
    return await exchangeByCopy(deps, asked)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'key_disabled') throw error
    // The copy may be older than what was done to its key; the policy may have changed with it.
    deps.copies.forget(asked.id)
    return exchangeByCopy(deps, asked)
  }
}

async function exchangeByCopy(deps: Deps, asked: AskedExchange): Promise<Exchanged> {
  const first = await decide(deps, asked)
  if (!first.ok) return first
  if (deps.clock.now() === first.now) return issue(deps, asked, first, first.now)
  // Keys of a subject issuer took their time: policy and ring may be others since. The keys are in memory by now.
  const second = await decide(deps, asked)
  return second.ok ? issue(deps, asked, second, deps.clock.now()) : second
}

type Decided =
  | ({ readonly ok: true; readonly now: number } & Issuing)
  | { readonly ok: false; readonly refusal: ExchangeRefusal }

async function decide(deps: Deps, asked: AskedExchange): Promise<Decided> {
  const found = issuingCopy(await deps.copies.load(asked.id, asked.keepAlive))
  if (!found.ok) return found
  const { document, policy } = found
  const { audience, subjectTokenType } = asked.parameters
  const now = deps.clock.now()
  const verified = await verifySubject(deps, asked, found, now)
  if (!verified.ok) return verified
  const { source, claims, expiresAt } = verified.subject
  const decision = decideExchange(source, {
    claims,
    request: { audience, subjectTokenType },
    entryCount: policy.entries.length,
    // Its own identifier may be on a host of somebody else.
    isOwnUrl: (url) => ownAudiences(document.issuer).includes(url) || deps.isOwnUrl(url),
  })
  if (!decision.ok) return refusedExchange(decision.reason, decision.detail)
  const { token } = decision
  const bound = token.mayOutliveSubject ? undefined : expiresAt
  return { ok: true, now, document, token, bound }
}

type VerifiedHere =
  | { readonly ok: true; readonly subject: VerifiedSubject<CompiledEntry> }
  | { readonly ok: false; readonly refusal: ExchangeRefusal }

async function verifySubject(
  { verifier }: Deps,
  { parameters, note, keepAlive }: AskedExchange,
  { document, policy }: FoundCopy,
  now: number,
): Promise<VerifiedHere> {
  const expected = {
    sources: policy.entries,
    audiences: ownAudiences(document.issuer),
    type: parameters.subjectTokenType,
    adopted: adoptedVerificationKeys(document.ring, now),
    own: ownFingerprints(document.ring),
    keepAlive,
  }
  const answer = await verifier.verify(parameters.subjectToken, expected, now)
  if (!answer.ok) {
    const { claimed, reason, detail } = answer.refusal
    note({ entry: undefined })
    noteSubject(note, claimed, false)
    return refusedExchange(reason, detail)
  }
  const { source, ...its } = answer.verified
  note({ entry: source.name })
  noteSubject(note, { ...its, issuer: source.issuer }, true)
  return { ok: true, subject: answer.verified }
}

interface Issuing {
  readonly document: IssuerDocument
  readonly token: DecidedToken
  /** When the token ends at the latest. */
  readonly bound: number | undefined
}

async function issue(
  { keyManagers, stopwatch = runtimeStopwatch }: Deps,
  { note }: AskedExchange,
  { document, token, bound }: Issuing,
  now: number,
): Promise<Exchanged> {
  const { subject, audience, claims, ttl } = token
  const ttlMaxSeconds = mintedTtlMaxSeconds(document)
  const ttlSeconds = issuedTtlSeconds({ ttl, ttlMaxSeconds, subjectExpiresAt: bound }, now)
  if (ttlSeconds === undefined) {
    return refusedExchange(
      'lifetime_too_short',
      `the subject token expires too soon: a token that ends with it would live less than ${TOKEN_TTL_MIN_SECONDS} seconds, so get a new one first`,
    )
  }
  note({ issuedSubject: subject })
  const request = { subject: { type: 'plain', subject }, audience, ttlSeconds, claims } as const
  const begunAt = stopwatch()
  const minted = await mintToken(document, request, keyManagers, now)
  const signMs = millisecondsSince(begunAt, stopwatch)
  if (!minted.ok) {
    const { reason, message } = minted.refusal
    return refusedExchange(mintRefusalReason(reason), message)
  }
  const { kid, alg, claims: issued } = minted.value
  note({ jti: issued.jti, kid, alg, expiresAt: issued.exp, signMs })
  return { ok: true, token: { ...minted.value, expiresInSeconds: issued.exp - now } }
}

interface FoundCopy {
  readonly ok: true
  readonly document: IssuerDocument
  readonly policy: CompiledPolicy
}

type IssuingCopy = FoundCopy | { readonly ok: false; readonly refusal: ExchangeRefusal }

function issuingCopy(copy: ExchangeCopy | undefined): IssuingCopy {
  if (copy === undefined) return { ok: false, refusal: ISSUER_NOT_FOUND }
  const { stored, policy } = copy
  if (stored.kind === 'tombstone') return { ok: false, refusal: ISSUER_DELETED }
  if (stored.policy.custody === 'none') return { ok: false, refusal: ISSUER_PUBLISH_ONLY }
  if (policy === undefined || policy.entries.length === 0) {
    return { ok: false, refusal: ISSUER_WITHOUT_POLICY }
  }
  return { ok: true, document: stored, policy }
}

function noteSubject(
  note: AskedExchange['note'],
  { issuer, subject, jti, kid }: Partial<Record<keyof ClaimedSubject, string | undefined>>,
  isVerified: boolean,
): void {
  note({
    subjectIssuer: issuer,
    subject,
    subjectJti: jti,
    subjectKid: kid,
    subjectVerified: isVerified,
  })
}

/** What remains for `mintToken` to refuse: that no key signs now, and claims that make too long a token. */
function mintRefusalReason(reason: RefusalReason): ExchangeRefusalReason {
  return reason === 'no_active_key' ? reason : 'issued_token_refused'
}

function refusedExchange(
  reason: ExchangeRefusalReason,
  detail: string,
): { readonly ok: false; readonly refusal: ExchangeRefusal } {
  return { ok: false, refusal: { reason, detail } }
}
