/**
 * Rotation at the moment of the rings, over documents that every run finds as the one before it did.
 */

import { memoryStore } from '../../src/adapters/storage/memory.ts'
import type { Clock } from '../../src/clock.ts'
import { timerDeadline } from '../../src/deadline.ts'
import { ownRotation } from '../../src/host/own-rotation.ts'
import { formatStoredIssuer } from '../../src/issuers/issuer-codec.ts'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import type { Rotation, RotationOptions } from '../../src/keyring/rotation.ts'
import type { KeyManager } from '../../src/signers/key-manager.ts'
import { keyManagers } from '../../src/signers/key-managers.ts'
import type { DocumentStore } from '../../src/storage/document-store.ts'
import { assertIs } from './assert-is.ts'
import { NOW } from './rings.ts'

export const clock: Clock = { now: () => NOW }
export const log = (): void => {}

export function rotationOver(documents: DocumentStore, manager: KeyManager): Rotation {
  return ownRotation({
    documents,
    publicIssuers: documents,
    keyManagers: keyManagers(manager),
    fetch: async () => {
      throw new TypeError('nobody is to look at the public documents')
    },
    clock,
    deadline: timerDeadline,
    log,
  }).rotation
}

/** Always the same document: what is written is taken and forgotten. */
export function unchangingStore(document: IssuerDocument): DocumentStore {
  const found = { body: formatStoredIssuer(document), etag: '"1"' }
  return {
    ...memoryStore(),
    get: async (key) => (key === issuerKey(document.id) ? found : undefined),
    put: async () => 'written',
  }
}

/** Does these actions and waits for nothing, each time. */
export function checkedRun(
  rotation: Rotation,
  id: string,
  actions: string,
  options: RotationOptions = {},
): () => Promise<void> {
  return async () => {
    const report = await rotation.run(id, options)
    assertIs('what a rotation did', report?.actions.map(({ type }) => type).join(), actions)
    assertIs('what it waits for', report?.waits.length, 0)
  }
}
