/**
 * What operators do to an issuer, each by one conditional write as the control API does it.
 */

import { adoptKeys } from '../../../src/adoption/adopt-keys.ts'
import {
  newIssuerDocument,
  nextRevision,
  tombstoneOf,
} from '../../../src/issuers/issuer-changes.ts'
import type { IssuerDocument, StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import type { KeyRecord } from '../../../src/issuers/key-record.ts'
import {
  type IssuerPolicy,
  leastPropagationDelaySeconds,
  policyProblems,
  type PublicationBounds,
} from '../../../src/issuers/policy.ts'
import { policyInForce, withPolicy } from '../../../src/issuers/policy-in-force.ts'
import { activeKey, keyStatus } from '../../../src/keyring/key-status.ts'
import { CLOCK_SKEW_SECONDS, HAND_OVER_NOTICE_SECONDS } from '../../../src/limits.ts'
import type { Happening, PolicyChoice, Start } from './history.ts'
import { CALM_LOOK } from './calm.ts'
import type { Actor } from './simulation.ts'
import { ISSUER_ID, type World } from './world.ts'

type Change = (document: IssuerDocument, now: number) => Promise<StoredIssuer | undefined>

/** Of kinds that no key of our own has, and never the same as one. */
const CLUSTER_KEYS = [0, 1, 2].map((number) => ({
  kid: `cluster-${number}`,
  fingerprint: `fingerprint-${number}`,
  alg: 'RS256' as const,
  publicJwk: { kty: 'RSA' as const, n: `modulus-${number}`, e: 'AQAB' },
}))

/** The policy that comes of a choice: what is not chosen stays. */
function chosenPolicy(
  before: IssuerPolicy,
  choice: PolicyChoice,
  bounds: PublicationBounds,
): IssuerPolicy {
  const {
    jwksMaxAgeSeconds = before.jwksMaxAgeSeconds,
    tokenTtlMaxSeconds = before.tokenTtlMaxSeconds,
    algorithm = before.algorithm,
    custody = before.custody,
  } = choice
  const least = leastPropagationDelaySeconds({ jwksMaxAgeSeconds }, bounds)
  const propagationDelaySeconds =
    choice.extraDelaySeconds === undefined
      ? Math.max(before.propagationDelaySeconds, least)
      : least + choice.extraDelaySeconds
  const { extraPeriodSeconds } = choice
  const rotationPeriodSeconds =
    extraPeriodSeconds === undefined
      ? Math.max(before.rotationPeriodSeconds, propagationDelaySeconds + 1)
      : Math.max(3600, propagationDelaySeconds + extraPeriodSeconds)
  return {
    algorithm,
    custody,
    rotationPeriodSeconds,
    propagationDelaySeconds,
    tokenTtlMaxSeconds,
    jwksMaxAgeSeconds,
  }
}

/** Creates the issuer, by somebody whom nothing disturbs. */
export async function createIssuer(world: World, start: Start): Promise<void> {
  const { bounds, simulation } = world
  const unset = {
    algorithm: start.algorithm,
    custody: start.custody,
    rotationPeriodSeconds: 0,
    propagationDelaySeconds: 0,
    tokenTtlMaxSeconds: 0,
    jwksMaxAgeSeconds: 0,
  }
  const policy = chosenPolicy(unset, start.choice, bounds)
  const issuer = `https://oidc.example.com/${ISSUER_ID}`
  world.spawn('create', { skew: 0, weather: [] }, async (actor) => {
    const now = actor.clock.now()
    const empty = newIssuerDocument({ id: ISSUER_ID, issuer, policy }, now)
    const adopted = start.adopted.flatMap((number) => CLUSTER_KEYS[number] ?? [])
    const document = { ...empty, ring: adoptKeys(empty.ring, adopted, undefined, now) }
    const prepared = await world.rotationFor(actor, CALM_LOOK).prepare(document, now)
    await issuerRepository(world.storeFor(actor)).insert(prepared)
  })
  await simulation.advanceTo(simulation.now())
  // Of another installation that uses the same names in the same account.
  await world.keys.addForeign({ issuerId: ISSUER_ID, slot: 'slot-of-others', alg: 'ES256' })
}

async function changeIssuer(world: World, actor: Actor, change: Change): Promise<void> {
  const issuers = issuerRepository(world.storeFor(actor))
  const loaded = await issuers.load(ISSUER_ID)
  if (loaded?.stored.kind !== 'issuer') return
  const changed = await change(loaded.stored, actor.clock.now())
  if (changed !== undefined) await issuers.replace(loaded, changed)
}

type Operation = Extract<Happening, { type: 'set policy' | 'revoke' | 'adopt' | 'delete' }>

export async function operate(world: World, actor: Actor, operation: Operation): Promise<void> {
  const { bounds } = world
  await changeIssuer(world, actor, async (document, now) => {
    switch (operation.type) {
      case 'set policy': {
        const policy = chosenPolicy(document.policy, operation.choice, bounds)
        if (policyProblems(policy, bounds, document.ring.adopted).length > 0) return undefined
        const changed = withPolicy(nextRevision(document, now), policy, bounds, now)
        return world.rotationFor(actor, CALM_LOOK).prepare(changed, now)
      }
      case 'revoke':
        return withRevocation(document, operation, bounds, now)
      case 'adopt': {
        const keys = operation.set.flatMap((number) => CLUSTER_KEYS[number] ?? [])
        if (keys.length === 0 && document.policy.custody === 'none') return undefined
        const ring = adoptKeys(document.ring, keys, operation.retentionSeconds, now)
        return ring === document.ring ? undefined : { ...nextRevision(document, now), ring }
      }
      case 'delete':
        return tombstoneOf(document, undefined, now)
    }
  })
}

/** As one write: the revocation, and the successor's moment, as early as relying parties allow. */
function withRevocation(
  document: IssuerDocument,
  { which, isGraceful }: Extract<Operation, { type: 'revoke' }>,
  bounds: PublicationBounds,
  now: number,
): IssuerDocument | undefined {
  const { keys } = document.ring
  // By the clocks of others, a key this near to its first signature may have given it.
  const isNear = ({ activatesAt = Infinity }: KeyRecord): boolean =>
    activatesAt > now && activatesAt <= now + CLOCK_SKEW_SECONDS
  const key = keys.find(
    (each) =>
      each.revokedAt === undefined &&
      !isNear(each) &&
      keyStatus(keys, each, Infinity, now) === which,
  )
  if (key === undefined) return undefined
  const isActive = activeKey(keys, now) === key
  const successor = isActive ? soonerSuccessor(document, bounds, now) : undefined
  // A key that has signed, if only by the clocks of others, is not one that never did.
  const atOnce = Math.max(now, isActive ? (key.activatesAt ?? now) + 1 : now)
  const revokedAt = (isGraceful ? successor?.activatesAt : undefined) ?? atOnce
  return {
    ...nextRevision(document, now),
    ring: {
      ...document.ring,
      keys: keys.map((each) => {
        if (each === key) return { ...each, revokedAt }
        return each.kid === successor?.kid ? successor : each
      }),
    },
  }
}

function soonerSuccessor(
  document: IssuerDocument,
  bounds: PublicationBounds,
  now: number,
): KeyRecord | undefined {
  const next = document.ring.keys
    .filter(({ activatesAt = 0, revokedAt }) => revokedAt === undefined && activatesAt > now)
    .toSorted((a, b) => (a.activatesAt ?? 0) - (b.activatesAt ?? 0))[0]
  if (next?.activatesAt === undefined) return undefined
  const least = leastPropagationDelaySeconds(policyInForce(document, bounds, now), bounds)
  const soonest = Math.max(now + HAND_OVER_NOTICE_SECONDS, (next.firstSeenAt ?? now) + least)
  return { ...next, activatesAt: Math.min(next.activatesAt, soonest) }
}
