/**
 * Signers in memory: a key is opened once an instance, and then signs without being opened again.
 *
 * What is remembered is what WebCrypto or a service keeps, never key material that could be read.
 */

import { type Deadline, endsWithin, timerDeadline } from '../deadline.ts'
import { OTHERS_OPENING_MS, SIGNERS_MAX } from '../limits.ts'
import type { KeyBinding, KeyManager, KeyRef, Signer } from './key-manager.ts'

interface Remembered {
  readonly binding: KeyBinding
  readonly opening: Promise<Signer>
  /** Once it is open. */
  signer?: Signer
}

/** `manager`, whose keys are opened once while they are among the last `SIGNERS_MAX` that were. */
export function rememberingSigners(
  manager: KeyManager,
  deadline: Deadline = timerDeadline,
): KeyManager {
  const remembered = new Map<KeyRef, Remembered>()

  function openAnew(keyRef: KeyRef, binding: KeyBinding): Promise<Signer> {
    const opening = manager.open(keyRef, binding)
    const entry: Remembered = { binding, opening }
    remembered.delete(keyRef)
    remembered.set(keyRef, entry)
    const [oldest] = remembered.keys()
    if (remembered.size > SIGNERS_MAX && oldest !== undefined) remembered.delete(oldest)
    void settle(keyRef, entry)
    return opening
  }

  async function settle(keyRef: KeyRef, entry: Remembered): Promise<void> {
    try {
      entry.signer = await entry.opening
    } catch {
      // What failed may succeed the next time.
      if (remembered.get(keyRef) === entry) remembered.delete(keyRef)
    }
  }

  return {
    ...manager,
    open: async (keyRef, binding) => {
      const known = remembered.get(keyRef)
      if (known === undefined) return openAnew(keyRef, binding)
      // Refused by the manager, which must not cost the right one its place.
      if (!isSameBinding(known.binding, binding)) return manager.open(keyRef, binding)
      if (known.signer !== undefined) return known.signer
      // Whoever began may be gone, and a runtime drops what belongs to a request that is over.
      if (await endsWithin(OTHERS_OPENING_MS, known.opening, deadline)) return known.opening
      return openAnew(keyRef, binding)
    },
    disable: async (keyRef, binding) => {
      remembered.delete(keyRef)
      await manager.disable(keyRef, binding)
    },
  }
}

function isSameBinding(a: KeyBinding, b: KeyBinding): boolean {
  return a.issuerId === b.issuerId && a.slot === b.slot && a.alg === b.alg
}
