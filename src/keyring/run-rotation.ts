/**
 * The shell of the planner: performs what was planned and returns the changed document.
 *
 * Makes keys; writes nothing. Whoever loaded the document writes it, under its condition.
 */

import { randomBase64Url } from '../crypto/base64url.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import type { KeyManager } from '../signers/key-manager.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import type { KeyRecord } from '../issuers/key-record.ts'
import { planRotation } from './plan-rotation.ts'

/** 128 bits: unique without asking anyone. */
const SLOT_BYTES = 16

/** Resolves to the document itself where nothing is due. Rejects with the faults of keys. */
export async function runRotation(
  document: IssuerDocument,
  managers: KeyManagers,
  now: number,
): Promise<IssuerDocument> {
  const actions = planRotation(document, now)
  if (actions.length === 0) return document
  const keys = [...document.ring.keys]
  for (const { custody, activatesAt } of actions) {
    keys.push(await createKey(document, managers.of(custody), activatesAt, now))
  }
  return { ...document, ring: { ...document.ring, keys } }
}

async function createKey(
  document: IssuerDocument,
  keyManager: KeyManager,
  activatesAt: number,
  now: number,
): Promise<KeyRecord> {
  const alg = document.policy.algorithm
  const slot = randomBase64Url(SLOT_BYTES)
  const created = await keyManager.create({ issuerId: document.id, slot, alg })
  return {
    ...created,
    alg,
    slot,
    custody: keyManager.custody,
    publishedAt: now,
    activatesAt,
  }
}
