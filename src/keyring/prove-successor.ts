/**
 * The last proof of a successor: it signs, and what it signs verifies. Before its moment is written with the key that was
 * fetched, and on the last day before that moment with its own: a key that is gone must not take over.
 */

import { randomBase64Url, utf8 } from '../crypto/base64url.ts'
import { errorName, Fault } from '../errors.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { KeyRecord } from '../issuers/key-record.ts'
import { LAST_PROOFS_SECONDS } from '../limits.ts'
import type { Log } from '../log.ts'
import { fetchedKeyVerifies } from '../publication/fetched-key-verifies.ts'
import type { ObservedKey } from '../publication/observation.ts'
import { type KeyManagers, openKey } from '../signers/key-managers.ts'
import { isMovable, wantedSuccessor } from './hand-over.ts'
import type { RotationAction, RotationPlan } from './rotation-plan.ts'

const NONCE_BYTES = 16

/** What is to be proved: that `key` signs for what `shown` verifies. */
interface Claim {
  readonly key: KeyRecord
  readonly shown: ObservedKey
}

interface Doubt {
  readonly problem: string
  /** The key itself is gone, rather than the way to it. */
  readonly isGone: boolean
}

/** The plan as it is where the successor proves itself; else without what needs that, and without the key if it is gone. */
export async function withProof(
  plan: RotationPlan,
  document: IssuerDocument,
  { managers, log }: { readonly managers: KeyManagers; readonly log: Log },
  now: number,
): Promise<RotationPlan> {
  const claim = claimOf(plan, document, now)
  const doubt = claim && (await doubtOf(claim, document, managers))
  if (claim === undefined || doubt === undefined) return plan
  const { key } = claim
  const { problem, isGone } = doubt
  log('error', 'successor_not_verified', { issuer: document.id, kid: key.kid, problem })
  const removal: RotationAction[] =
    isGone && isMovable(key, now) ? [{ type: 'prune', kid: key.kid, why: 'unusable' }] : []
  return {
    actions: [...plan.actions.filter((action) => !needsProof(action)), ...removal],
    waits: [...plan.waits, { reason: 'successor_not_verified', kid: key.kid }],
  }
}

function claimOf(
  { actions }: RotationPlan,
  document: IssuerDocument,
  now: number,
): Claim | undefined {
  const confirmation = actions.find((action) => action.type === 'confirm')
  if (confirmation !== undefined) {
    const key = document.ring.keys.find(({ kid }) => kid === confirmation.kid)
    return key && { key, shown: confirmation.fetched }
  }
  const key = wantedSuccessor(document, now)
  if (key?.activatesAt === undefined || !isMovable(key, now)) return undefined
  const isNear = key.activatesAt - now <= LAST_PROOFS_SECONDS
  return isNear ? { key, shown: key } : undefined
}

function needsProof(action: RotationAction): boolean {
  switch (action.type) {
    case 'confirm':
    case 'reschedule':
      return true
    case 'prune':
      return action.why === 'replaced'
    case 'create':
    case 'see':
    case 'settle':
    case 'abandon':
      return false
  }
}

/** Of a successor that does not prove itself: why. */
async function doubtOf(
  { key, shown }: Claim,
  document: IssuerDocument,
  managers: KeyManagers,
): Promise<Doubt | undefined> {
  const { custody, keyRef, slot, alg, kid } = key
  try {
    const signer = await openKey(managers, { custody, keyRef, issuerId: document.id, slot, alg })
    const data = proofOf(document.issuer, kid)
    const verifies = await fetchedKeyVerifies(shown, alg, data, await signer.sign(data))
    return verifies ? undefined : { problem: 'the signature does not verify', isGone: false }
  } catch (error) {
    if (!(error instanceof Fault)) return { problem: errorName(error), isGone: false }
    const isOfKey = error.code === 'key_unavailable' || error.code === 'key_disabled'
    // A host that is not set up for the custody can tell nothing of the key.
    return { problem: error.message, isGone: isOfKey && managers.custodies.includes(custody) }
  }
}

/** With spaces in it, so that it can never be taken for what is signed of a token. */
function proofOf(issuer: string, kid: string): ReturnType<typeof utf8> {
  return utf8(`Signet proves a key\n${issuer}\n${kid}\n${randomBase64Url(NONCE_BYTES)}`)
}
