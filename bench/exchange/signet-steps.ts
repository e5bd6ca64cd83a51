/**
 * The parts of an exchange by themselves, done by the code that does them in Signet, over the same issuers.
 */

import type { ExchangeFacts } from '../../src/audit/audit-record.ts'
import { exchangeRecord } from '../../src/audit/exchange-record.ts'
import { systemClock } from '../../src/clock.ts'
import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import { encodeBase64Url, utf8 } from '../../src/crypto/base64url.ts'
import { nodeSha256 } from '../../functions/lambda/node-sha256.ts'
import { parseFormParameters } from '../../src/exchange/form-parameters.ts'
import { parseTokenRequest, type TokenRequestParameters } from '../../src/exchange/token-request.ts'
import type { HostOptions } from '../../src/host/whole-host.ts'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import { jsonLog } from '../../src/log.ts'
import type { CompiledEntry } from '../../src/policies/compiled-policy.ts'
import { decideExchange } from '../../src/policies/decide-exchange.ts'
import type { DecidedToken } from '../../src/policies/decision.ts'
import { exchangeCopies } from '../../src/reading/stored-exchange-copies.ts'
import type { KeyManagers } from '../../src/signers/key-managers.ts'
import { parseSubjectToken, type SubjectToken } from '../../src/subject-tokens/compact-token.ts'
import { signatureVerifier } from '../../src/subject-tokens/verify-signature.ts'
import { type MintedToken, mintToken } from '../../src/tokens/mint.ts'
import type { AskedPost } from '../load/messages.ts'
import { signetIssuerId } from './signet-exchange.ts'
import type { Step } from './works.ts'

/** One of them, by the number of the turn. */
type Act = (turn: number) => unknown

const TTL_SECONDS = 3600

export async function exchangeSteps(
  { documents, keyManagers }: Pick<HostOptions, 'documents' | 'keyManagers'>,
  alg: SigningAlgorithm,
  posts: readonly AskedPost[],
): Promise<Readonly<Record<Step, Act>>> {
  const { document, policy } = await copyOf(documents, alg)
  const requests = posts.map(({ body }) => requestIn(body))
  const subjects = requests.map(({ subjectToken }) => parsed(subjectToken))
  const { entry, key } = verifying(policy, at(subjects, 0))
  const decide: Act = (turn) =>
    decided(entry, policy.length, at(subjects, turn), at(requests, turn))
  const tokens = requests.map((_, turn) => decide(turn) as DecidedToken)
  const verifies = signatureVerifier()
  const mint = (turn: number): Promise<MintedToken> =>
    minted(document, at(tokens, turn), keyManagers)
  const issued = await mint(0)
  const audit = auditor(entry.name, issued)
  return {
    form: (turn) => requestIn(at(posts, turn).body),
    parse: (turn) => parsed(at(requests, turn).subjectToken),
    verify: async (turn) => {
      if (!(await verifies(key, at(subjects, turn)))) throw new Error('a signature is wrong')
    },
    policy: decide,
    sign: mint,
    audit: (turn) => audit(at(requests, turn), at(subjects, turn)),
  }
}

async function copyOf(
  documents: HostOptions['documents'],
  alg: SigningAlgorithm,
): Promise<{ readonly document: IssuerDocument; readonly policy: readonly CompiledEntry[] }> {
  const copy = await exchangeCopies({ documents, clock: systemClock }).load(signetIssuerId(alg))
  if (copy?.stored.kind !== 'issuer' || copy.policy === undefined) {
    throw new TypeError(`no issuer of ${alg} tokens`)
  }
  return { document: copy.stored, policy: copy.policy.entries }
}

function requestIn(body: string): TokenRequestParameters {
  const form = parseFormParameters(body)
  const request = form.ok ? parseTokenRequest(form.value) : form
  if (!request.ok) throw new TypeError(request.refusal.detail)
  return request.value
}

function parsed(text: string): SubjectToken {
  const token = parseSubjectToken(text)
  if (!token.ok) throw new TypeError(token.detail)
  return token.token
}

function verifying(policy: readonly CompiledEntry[], { kid }: SubjectToken) {
  for (const entry of policy) {
    const key =
      entry.keys.type === 'jwks' ? entry.keys.keys.find((one) => one.kid === kid) : undefined
    if (key !== undefined) return { entry, key }
  }
  throw new TypeError('no entry has the key of the subject tokens')
}

function decided(
  entry: CompiledEntry,
  entryCount: number,
  { claims }: SubjectToken,
  { audience, subjectTokenType }: TokenRequestParameters,
): DecidedToken {
  const request = { audience, subjectTokenType }
  const decision = decideExchange(entry, { claims, request, entryCount, isOwnUrl: () => false })
  if (!decision.ok) throw new TypeError(decision.detail)
  return decision.token
}

async function minted(
  document: IssuerDocument,
  { subject, audience, claims }: DecidedToken,
  keyManagers: KeyManagers,
): Promise<MintedToken> {
  const request = {
    subject: { type: 'plain', subject },
    audience,
    ttlSeconds: TTL_SECONDS,
  } as const
  const outcome = await mintToken(document, { ...request, claims }, keyManagers, systemClock.now())
  if (!outcome.ok) throw new TypeError(outcome.refusal.message)
  return outcome.value
}

/** Two fingerprints, a record, and its line, which is written nowhere. */
function auditor(
  entry: string,
  { token, kid, alg, claims }: MintedToken,
): (request: TokenRequestParameters, subject: SubjectToken) => void {
  const log = jsonLog(() => {})
  const requestId = crypto.randomUUID()
  return ({ audience, subjectToken, subjectTokenType }, subject) => {
    const facts: ExchangeFacts = {
      audience,
      subjectTokenType,
      subjectTokenSha256: fingerprintOf(subjectToken),
      entry,
      subjectIssuer: subject.issuer,
      subject: subject.subject,
      subjectJti: subject.jti,
      subjectKid: subject.kid,
      subjectVerified: true,
      issuedSubject: claims.sub,
      jti: claims.jti,
      kid,
      alg,
      expiresAt: claims.exp,
      tokenSha256: fingerprintOf(token),
    }
    const head = { requestId, issuer: signetIssuerId(alg), durationMs: 0.12 }
    log('info', 'token_issued', exchangeRecord(head, facts))
  }
}

function fingerprintOf(token: string): string {
  return encodeBase64Url(nodeSha256(utf8(token)))
}

function at<T>(values: readonly T[], turn: number): T {
  const value = values[turn % values.length]
  if (value === undefined) throw new TypeError('an empty list')
  return value
}
