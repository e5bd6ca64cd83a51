/**
 * The Worker inside its runtime: documents in the real Durable Objects, copies in the real KV, which places see late, and
 * the controlled clock.
 */

import { env } from 'cloudflare:workers'
import {
  durableObjectStore,
  type DurableObjectStoreOptions,
} from '../../src/adapters/storage/durable-object/durable-object-store.ts'
import { kvStore } from '../../src/adapters/storage/kv.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { Fault } from '../../src/errors.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import { publicationBounds } from '../../src/reading/publication-bounds.ts'
import { publicIssuersFromCopies } from '../../src/reading/public-issuers.ts'
import { keyManagers } from '../../src/signers/key-managers.ts'
import { rememberingSigners } from '../../src/signers/remembered-signers.ts'
import type { DocumentStore } from '../../src/storage/document-store.ts'
import { seededRandom, START } from '../ring-life/controlled-time.ts'
import { jobOver, wholeHost } from '../ring-life/hosts-over-ports.ts'
import { lateCopies } from '../ring-life/late-copies.ts'
import { mortal } from '../ring-life/mortal-calls.ts'
import { readSwitch } from '../ring-life/switched-reads.ts'
import { type RingWorld, ringWorld } from '../ring-life/ring-world.ts'

const DEPLOYMENT = 'test'
const PUBLIC_URL = 'https://oidc.acme.dev'
const CONTROL_SECRET = 'control-secret-of-the-tests'

export async function workerWorld(): Promise<RingWorld> {
  const clock = { seconds: START }
  const copies = kvStore(env.PUBLIC_COPIES)
  const late = lateCopies({ copies, clock, random: seededRandom(1) })
  const failing = failingWrites(durableObjectStore(newObjects()))
  const documents = late.noting(failing.store)
  const { outage, switched } = readSwitch()
  const secret = new Uint8Array(32).fill(1)
  const sealed = sealedKeyManager({ secret, deployment: DEPLOYMENT })
  const common = { clock, publicUrl: PUBLIC_URL, deployment: DEPLOYMENT }
  const world: RingWorld = ringWorld({
    name: 'the Worker',
    custodies: ['sealed'],
    publicUrl: PUBLIC_URL,
    controlSecret: CONTROL_SECRET,
    stalenessSeconds: publicationBounds(copies).documentStalenessSeconds,
    clock,
    hostAt: async (place) =>
      wholeHost(
        {
          ...common,
          documents,
          keyManagers: keyManagers(rememberingSigners(sealed)),
          publicIssuers: publicIssuersFromCopies(switched(late.readerAt(place))),
        },
        place,
        {
          controlSecret: CONTROL_SECRET,
          fetch: (input, init) => world.request(place, new Request(input, init)),
        },
      ),
    jobOf: (place, fetch, life) =>
      jobOver(
        {
          clock,
          documents: mortal(documents, life),
          keyManagers: keyManagers(mortal(sealed, life)),
          publicIssuers: copies,
        },
        place,
        fetch,
      ),
    storedBody: async (id) => (await documents.get(issuerKey(id)))?.body ?? '',
    keptKeys: async () => [],
    outage,
    disturb: failing.failNext,
    calm: failing.heal,
  })
  return world
}

/** The real objects under names of their own. */
function newObjects(): DurableObjectStoreOptions {
  const installation = crypto.randomUUID()
  return {
    documents: { getByName: (name) => env.DOCUMENTS.getByName(`${installation}/${name}`) },
    directory: { getByName: (name) => env.DIRECTORY.getByName(`${installation}/${name}`) },
  }
}

/** Objects whose answers are lost now and then: before anything is done, or after everything. */
function failingWrites(store: DocumentStore) {
  let failing: 'before' | 'after' | undefined
  return {
    failNext: (random: () => number) => {
      failing = random() < 0.5 ? 'before' : 'after'
    },
    heal: () => {
      failing = undefined
    },
    store: {
      ...store,
      put: async (...request: Parameters<DocumentStore['put']>) => {
        const way = failing
        failing = undefined
        if (way === 'before') throw gone()
        const outcome = await store.put(...request)
        if (way === 'after') throw gone()
        return outcome
      },
    },
  }
}

function gone(): Fault {
  return new Fault('storage_unavailable', 'the Durable Object did not answer')
}
