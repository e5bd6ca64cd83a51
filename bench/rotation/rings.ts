/**
 * The rings that are rotated: documents in the middle of their life, all at one fixed moment.
 */

import { randomBytes } from 'node:crypto'
import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import { encodeBase64Url } from '../../src/crypto/base64url.ts'
import { newIssuerDocument } from '../../src/issuers/issuer-changes.ts'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import type { AdoptedKeyRecord, KeyRecord } from '../../src/issuers/key-record.ts'
import { DEFAULT_POLICY, type IssuerPolicy } from '../../src/issuers/policy.ts'
import { newSlot } from '../../src/keyring/new-slot.ts'
import type { Observation } from '../../src/publication/observation.ts'
import type { KeyManager } from '../../src/signers/key-manager.ts'
import { HOST_NAME } from '../host-name.ts'

/** 2027-01-15T08:00:00Z. */
export const NOW = 1_800_000_000
export const MANY_KEYS = 90

const HOUR = 3600
const DAY = 24 * HOUR

/** As often as a policy may have it on S3: the delay is the least, and the period just above it. */
const OFTEN: IssuerPolicy = {
  ...DEFAULT_POLICY,
  rotationPeriodSeconds: 5000,
  propagationDelaySeconds: 4950,
}
/** Those that such a ring retains, besides the key that signs and its successor. */
const RETAINED_KEYS = 18

type Moments = Pick<KeyRecord, 'publishedAt' | 'firstSeenAt' | 'activatesAt'>

const MODEL_ACTIVE: Moments = { publishedAt: NOW - 32 * DAY, activatesAt: NOW - 30 * DAY }

export interface RingPlace {
  readonly id: string
  readonly alg: SigningAlgorithm
  /** Makes its keys. */
  readonly manager: KeyManager
}

/** A key signs, and the next one has its moment. */
export async function usualRing(place: RingPlace): Promise<IssuerDocument> {
  const firstSeenAt = NOW - 29 * DAY
  const activatesAt = NOW + 60 * DAY
  const successor = { publishedAt: NOW - 30 * DAY, firstSeenAt, activatesAt }
  return ringOf(place, [await keyOf(place, MODEL_ACTIVE), await keyOf(place, successor)])
}

/** A key signs, and none follows it. */
export async function ringWithoutSuccessor(place: RingPlace): Promise<IssuerDocument> {
  return ringOf(place, [await keyOf(place, MODEL_ACTIVE)])
}

/** The successor was seen an hour ago, and `observation` shows it again. */
export async function ringToConfirm(
  place: RingPlace,
): Promise<{ readonly document: IssuerDocument; readonly observation: Observation }> {
  const successor = { publishedAt: NOW - 2 * HOUR, firstSeenAt: NOW - HOUR }
  const document = ringOf(place, [await keyOf(place, MODEL_ACTIVE), await keyOf(place, successor)])
  const keys = document.ring.keys.map(({ kid, alg, publicJwk }) => ({ kid, alg, publicJwk }))
  return { document, observation: { at: NOW, ringVersion: document.revision, keys } }
}

/** `MANY_KEYS` in its JWK Set: its own at the fastest pace that a policy may have, the others a cluster's. */
export async function ringOfMany(place: RingPlace): Promise<IssuerDocument> {
  const period = OFTEN.rotationPeriodSeconds
  const activatesAt = NOW - 2000
  const active = await keyOf(place, { publishedAt: activatesAt - period, activatesAt })
  const successor = await keyOf(place, {
    publishedAt: activatesAt + 10,
    firstSeenAt: activatesAt + 40,
    activatesAt: activatesAt + period,
  })
  // Nobody opens a key that never signs again, so these need none of their own.
  const retained = Array.from({ length: RETAINED_KEYS }, (_, index) => {
    const signedFrom = activatesAt - (RETAINED_KEYS - index) * period
    const moments = { publishedAt: signedFrom - period, activatesAt: signedFrom }
    return { ...active, ...moments, kid: randomText(32), slot: newSlot() }
  })
  const own = [...retained, active, successor]
  return ringOf(place, own, OFTEN, Array.from({ length: MANY_KEYS - own.length }, adoptedKey))
}

function ringOf(
  { id, alg, manager }: RingPlace,
  keys: readonly KeyRecord[],
  base: IssuerPolicy = DEFAULT_POLICY,
  adopted: readonly AdoptedKeyRecord[] = [],
): IssuerDocument {
  const issuer = `https://${HOST_NAME}/${id}`
  const policy = { ...base, algorithm: alg, custody: manager.custody }
  const created = newIssuerDocument({ id, issuer, policy }, NOW - 400 * DAY)
  return { ...created, revision: 9, ring: { ...created.ring, keys, adopted } }
}

async function keyOf({ id, alg, manager }: RingPlace, moments: Moments): Promise<KeyRecord> {
  const slot = newSlot()
  const created = await manager.create({ issuerId: id, slot, alg })
  const { custody } = manager
  return { ...created, alg, slot, custody, publishedRevision: 5, ...moments }
}

function adoptedKey(): AdoptedKeyRecord {
  const kid = randomText(32)
  return {
    kid,
    fingerprint: kid,
    alg: 'RS256',
    publicJwk: { kty: 'RSA', n: randomText(256), e: 'AQAB' },
    publishedAt: NOW - DAY,
  }
}

function randomText(bytes: number): string {
  return encodeBase64Url(Uint8Array.from(randomBytes(bytes)))
}
