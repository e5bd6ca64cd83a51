/**
 * The port to whoever makes, disables and destroys keys: the same process, or a function with permissions of its own.
 *
 * It is told which issuer, and nothing else: what is due is decided from the stored document by the planner.
 */

import type { Clock } from '../clock.ts'
import { Fault } from '../errors.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { nextRevision } from '../issuers/issuer-changes.ts'
import type { IssuerRepository } from '../issuers/issuer-repository.ts'
import { ROTATION_ATTEMPTS_MAX } from '../limits.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import { planRotation } from './plan-rotation.ts'
import { runRotation } from './run-rotation.ts'

export interface Rotation {
  /**
   * A document that is about to be written, with the keys that can be made before it is: those that leave nothing behind
   * if it never is. Whatever else it needs is for `run`. Rejects with the faults of keys.
   */
  prepare(document: IssuerDocument, now: number): Promise<IssuerDocument>
  /**
   * Does what the stored ring of this issuer needs now, and writes it. Running it twice, or beside another run, is running it
   * once. Rejects with the faults of keys and of storage; the ring is then as it was, or as it should be.
   */
  run(issuerId: string): Promise<void>
}

export interface RotationDeps {
  readonly issuers: IssuerRepository
  readonly keyManagers: KeyManagers
  readonly clock: Clock
}

/** Rotation by this process, which may make keys. */
export function rotationHere({ issuers, keyManagers, clock }: RotationDeps): Rotation {
  function leavesNothingBehind(document: IssuerDocument, now: number): boolean {
    return planRotation(document, now).every(
      ({ custody }) => keyManagers.of(custody).keeps === 'reference',
    )
  }

  /** `false`: somebody else wrote in between. */
  async function attempt(issuerId: string): Promise<boolean> {
    const loaded = await issuers.load(issuerId)
    if (loaded?.stored.kind !== 'issuer') return true
    const { stored, etag } = loaded
    const now = clock.now()
    const rotated = await runRotation(stored, keyManagers, now)
    if (rotated === stored) return true
    return (await issuers.replace({ stored, etag }, nextRevision(rotated, now))) === 'written'
  }

  return {
    prepare: async (document, now) =>
      leavesNothingBehind(document, now) ? runRotation(document, keyManagers, now) : document,
    run: async (issuerId) => {
      for (let count = 1; count <= ROTATION_ATTEMPTS_MAX; count += 1) {
        if (await attempt(issuerId)) return
      }
      throw new Fault(
        'storage_unavailable',
        `the ring of issuer ${issuerId} was changed by others at the same moment ${ROTATION_ATTEMPTS_MAX} times`,
      )
    },
  }
}
