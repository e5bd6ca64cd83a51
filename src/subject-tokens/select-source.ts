/**
 * Whose token it is: the source whose key verifies it (docs/adr/0023).
 *
 * `iss` only narrows where to look, since whoever signs can write any. More than one answer is none.
 */

import type { SubjectToken } from './compact-token.ts'
import type { RemoteKeySets } from './key-sets.ts'
import type { SubjectProblem } from './subject-refusal.ts'
import type { SubjectExpectations } from './subject-verification.ts'
import type { VerificationKey } from './verification-key.ts'
import type { VerificationSource } from './verification-source.ts'
import type { SignatureVerifier } from './verify-signature.ts'

export type Selection<S extends VerificationSource> =
  | { readonly ok: true; readonly source: S }
  | { readonly ok: false; readonly problem: SubjectProblem }

type Trust<S extends VerificationSource> = Pick<
  SubjectExpectations<S>,
  'sources' | 'adopted' | 'own' | 'keepAlive'
>

export interface SelectionMeans {
  readonly remote: RemoteKeySets
  readonly verifies: SignatureVerifier
}

/** Never rejects for what a token or its issuer is like. */
export async function selectSource<S extends VerificationSource>(
  token: SubjectToken,
  trust: Trust<S>,
  { remote, verifies }: SelectionMeans,
): Promise<Selection<S>> {
  const ofIssuer = trust.sources.filter(({ issuer }) => issuer === token.issuer)
  const trusted = trust.adopted.length === 0 ? ofIssuer : ofIssuer.filter(isAdopted)
  if (trusted.length === 0) return no('issuer_unknown', unknownSentence(ofIssuer.length > 0))
  const verifying: Verifying<S>[] = []
  let unavailable: string | undefined
  let candidates = 0
  for (const source of trusted.filter(({ algorithms }) => algorithms.includes(token.alg))) {
    const set = await keySetOf(source, token.kid, trust, remote)
    if (!set.ok) unavailable = set.message
    for (const key of set.ok ? set.keys : []) {
      if (key.kid !== token.kid || !key.algorithms.includes(token.alg)) continue
      candidates += 1
      if (await verifies(key, token)) verifying.push({ source, key })
    }
  }
  if (verifying.length > 0) return decided(verifying, trust)
  if (unavailable !== undefined) return no('key_set_unavailable', unavailable)
  return candidates > 0 ? no('signature_wrong', SIGNATURE_WRONG) : no('key_unknown', KEY_UNKNOWN)
}

interface Verifying<S extends VerificationSource> {
  readonly source: S
  readonly key: VerificationKey
}

/** `verifying`: at least one. */
function decided<S extends VerificationSource>(
  verifying: readonly Verifying<S>[],
  { sources, own }: Trust<S>,
): Selection<S> {
  const fingerprints = new Set(verifying.map(({ key }) => key.fingerprint))
  if ([...fingerprints].some((fingerprint) => own.has(fingerprint))) return no('own_key', OWN_KEY)
  const holders = new Set(verifying.map(({ source }) => source))
  // What stands in the policy itself counts whatever its `iss` is; the sets of other issuers are not fetched for it.
  for (const source of sources) {
    const { keys } = source
    if (keys.type !== 'jwks') continue
    if (keys.keys.some(({ fingerprint }) => fingerprints.has(fingerprint))) holders.add(source)
  }
  const [source, another] = holders
  if (source === undefined || another !== undefined) return no('key_ambiguous', KEY_AMBIGUOUS)
  return { ok: true, source }
}

async function keySetOf(
  { issuer, keys }: VerificationSource,
  kid: string,
  { adopted, keepAlive }: Pick<Trust<VerificationSource>, 'adopted' | 'keepAlive'>,
  remote: RemoteKeySets,
): ReturnType<RemoteKeySets['keysOf']> {
  switch (keys.type) {
    case 'discovery':
      return remote.keysOf({ issuer, jwksHost: keys.jwksHost }, kid, keepAlive)
    case 'jwks':
      return { ok: true, keys: keys.keys }
    case 'adopted':
      return { ok: true, keys: adopted }
  }
}

function isAdopted({ keys }: VerificationSource): boolean {
  return keys.type === 'adopted'
}

const KEY_UNKNOWN =
  'no entry of the subject token\'s iss has a key of its kid that may verify its alg: compare both with the keys and "algorithms" of the entry'
const SIGNATURE_WRONG =
  'the key that the subject token names does not verify its signature: it was changed, or signed with another key of the same kid'
const KEY_AMBIGUOUS =
  'the key that verifies the subject token stands under more than one entry: give each entry keys of its own'
const OWN_KEY =
  "the key that verifies the subject token is or was this issuer's own, which verifies no subject token: have the workload send the token of its own issuer"

function unknownSentence(isOfAnotherKeySet: boolean): string {
  return isOfAnotherKeySet
    ? 'this issuer has adopted keys and therefore trusts no other key set, and the entry of the subject token\'s iss has another one: give the entry the keys "adopted"'
    : "no entry has the subject token's iss: add one to the policy if it is to be trusted"
}

function no(reason: SubjectProblem['reason'], detail: string): Selection<never> {
  return { ok: false, problem: { reason, detail } }
}
