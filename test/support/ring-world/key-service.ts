/**
 * Where keys are kept in the simulated world: a service that keeps its keys, and references that are their keys.
 *
 * Remembers every key that was ever made, and objects at once to whatever must never be done to one.
 */

import type { SigningAlgorithm } from '../../../src/crypto/algorithms.ts'
import { Fault } from '../../../src/errors.ts'
import type {
  FoundKey,
  KeyBinding,
  KeyCustody,
  KeyManager,
  KeyRef,
} from '../../../src/signers/key-manager.ts'
import { type KeyManagers, keyManagers } from '../../../src/signers/key-managers.ts'
import { type PoolKey, pooledKey } from './key-pool.ts'
import type { Actor } from './simulation.ts'

export interface ServiceKey {
  readonly keyRef: KeyRef
  readonly binding: KeyBinding
  readonly custody: KeyCustody
  readonly kid: string
  readonly secret: string
  readonly createdAt: number
  /** Whether what it signs does not verify with the public key that it claims. */
  readonly isMismatched: boolean
  readonly isForeign: boolean
  /** Until then its deletion can be taken back. */
  deletedAt: number | undefined
}

export interface KeyServiceOptions {
  readonly now: () => number
  /** Called before a key is told to be deleted. */
  readonly onDeletion: (key: ServiceKey) => void
  /** Called when a key was made that somebody has to pay for. */
  readonly onCreation: (key: ServiceKey) => void
  /** By number: of the keys whose public part is another key's. */
  readonly mismatched: ReadonlySet<number>
}

export interface KeyService {
  readonly keys: readonly ServiceKey[]
  managersFor(actor: Actor): KeyManagers
  /** A key of another installation, in the same account. */
  addForeign(binding: KeyBinding): Promise<void>
}

const WINDOW_DAYS_DEFAULT = 30
const DAY_SECONDS = 86_400
/** Number of the key that signs in the place of those that it does not belong to. */
const OTHER_KEY = 63

export function keyService(options: KeyServiceOptions): KeyService {
  const { now, onDeletion, onCreation, mismatched } = options
  const keys: ServiceKey[] = []
  const signing = new Map<KeyRef, PoolKey>()
  const made: Record<SigningAlgorithm, number> = { RS256: 0, ES256: 0 }

  async function make(
    binding: KeyBinding,
    custody: KeyCustody,
    isForeign = false,
  ): Promise<{ readonly key: ServiceKey; readonly pooled: PoolKey }> {
    const number = made[binding.alg]
    made[binding.alg] += 1
    const pooled = await pooledKey(binding.alg, number)
    const isMismatched = mismatched.has(number)
    const keyRef = `${custody}:${binding.alg}:${number}` as KeyRef
    const key: ServiceKey = {
      keyRef,
      binding,
      custody,
      kid: pooled.kid,
      secret: pooled.secret,
      createdAt: now(),
      isMismatched,
      isForeign,
      deletedAt: undefined,
    }
    const other = isMismatched ? await pooledKey('ES256', OTHER_KEY) : pooled
    signing.set(keyRef, other)
    keys.push(key)
    if (custody === 'kms') onCreation(key)
    return { key, pooled }
  }

  function existing(keyRef: KeyRef, binding: KeyBinding): ServiceKey {
    const key = keys.find((each) => each.keyRef === keyRef)
    if (key === undefined || (key.deletedAt !== undefined && key.deletedAt <= now())) {
      throw new Fault('key_unavailable', 'there is no such key')
    }
    const isBound = key.binding.slot === binding.slot && key.binding.issuerId === binding.issuerId
    if (!isBound) throw new Fault('key_unavailable', 'the key is bound to another place')
    return key
  }

  function managerFor(custody: 'sealed' | 'kms', actor: Actor): KeyManager {
    const isService = custody === 'kms'
    return {
      custody,
      create: (binding) =>
        actor.effect(
          async () => {
            const { key, pooled } = await make(binding, custody)
            return { keyRef: key.keyRef, kid: key.kid, publicJwk: pooled.publicJwk }
          },
          {
            fails: () => {
              throw new Fault('key_service_busy', 'too many requests')
            },
            loses: unavailable,
            conflicts: unavailable,
          },
        ),
      open: async (keyRef, binding) => {
        existing(keyRef, binding)
        return {
          sign: (data) =>
            actor.effect(
              async () => {
                const { deletedAt } = existing(keyRef, binding)
                const pooled = signing.get(keyRef)
                if (deletedAt !== undefined || pooled === undefined) {
                  throw new Fault('key_disabled', 'the key signs no more')
                }
                return pooled.sign(data)
              },
              { fails: unavailable },
            ),
        }
      },
      renew: async () => undefined,
      disable: async () => {},
      scheduleDeletion: (keyRef, binding, windowDays = WINDOW_DAYS_DEFAULT) =>
        actor.effect(
          () => {
            const key = existing(keyRef, binding)
            onDeletion(key)
            key.deletedAt ??= now() + windowDays * DAY_SECONDS
          },
          { fails: unavailable },
        ),
      cancelDeletion: (keyRef, binding) =>
        actor.effect(
          () => {
            existing(keyRef, binding).deletedAt = undefined
          },
          { fails: unavailable },
        ),
      find: (slots) =>
        actor.effect(() => (isService ? foundKeys(keys, slots, now()) : []), {
          fails: unavailable,
        }),
    }
  }

  return {
    keys,
    managersFor: (actor) => keyManagers(managerFor('sealed', actor), managerFor('kms', actor)),
    addForeign: async (binding) => {
      await make(binding, 'kms', true)
    },
  }
}

function unavailable(): never {
  throw new Fault('key_service_unavailable', 'the service does not answer')
}

/** Of this installation alone, as the tags say. */
function foundKeys(
  keys: readonly ServiceKey[],
  slots: ReadonlySet<string>,
  now: number,
): FoundKey[] {
  return keys
    .filter(({ custody, isForeign, binding }) => {
      return custody === 'kms' && !isForeign && slots.has(binding.slot)
    })
    .filter(({ deletedAt = Infinity }) => deletedAt > now)
    .map(({ binding, keyRef, createdAt, deletedAt }) => ({
      binding,
      keyRef,
      createdAt: Math.floor(createdAt),
      state: deletedAt === undefined ? 'enabled' : 'pending_deletion',
    }))
}
